import type { Budgets, Keyring } from '../../access/index.ts';
import type { CallCache } from '../../cache/index.ts';
import type { Models } from '../../models/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Graph } from '../../schema/index.ts';
import type { EgressGuard } from '../../upstream/index.ts';
import type { SourceLifecycle } from './lifecycle/index.ts';

/**
 * What the admin API works with. Read when a request comes, never while the schema is built: the graph holds
 * the admin API's schema, so it is made after it, and a getter may hand it over later.
 */
export interface AdminServices {
  readonly registry: Registry;
  readonly graph: Graph;
  readonly lifecycle: SourceLifecycle;
  readonly cache: CallCache;
  readonly keyring: Keyring;
  readonly egress: EgressGuard;
  readonly models: Pick<Models, 'list' | 'knows'>;
  readonly budgets: Budgets;
}
