import type { CallCache } from '../../cache/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { EndpointPool } from '../../upstream/index.ts';
import type { VaryNames } from './keys.ts';

/** What every rung of one source's ladder works with. */
export interface LadderServices {
  readonly source: string;
  readonly revision: number;
  readonly pool: EndpointPool;
  readonly cache: CallCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly vary: VaryNames;
}
