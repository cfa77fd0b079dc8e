import { type SchemaDrift as Shown } from '../../schema/admin/index.ts';
import { diffSchemas } from '../../schema/index.ts';
import type { ShownDrift } from './lifecycle/index.ts';

/** What a service's new schema changes, classified; undefined when nothing of it matters. */
export async function classifiedDrift(drift: ShownDrift | undefined): Promise<Shown | undefined> {
  if (drift === undefined) return undefined;
  const all = await diffSchemas(drift.before, drift.after);
  const changes = drift.isPart ? all.filter(({ criticality }) => criticality !== 'SAFE') : all;
  return changes.length === 0 ? undefined : { changedAt: new Date(drift.changedAt), changes, heldBack: drift.heldBack };
}
