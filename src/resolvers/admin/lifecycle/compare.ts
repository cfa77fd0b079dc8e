import type { SchemaChange, SourceRecord } from '../../../registry/index.ts';
import { diffSchemas } from '../../../schema/index.ts';
import type { SourceDescription } from '../../../sources/index.ts';
import { type LifecycleCore, requireRevision } from './core.ts';

/** What clients of the live revision would notice. Nothing, when none is live. */
export async function changesAgainstLive(
  core: LifecycleCore,
  record: SourceRecord,
  candidate: SourceDescription,
): Promise<readonly SchemaChange[]> {
  if (record.liveRevision === undefined) return [];
  const running = core.graph.current.members.get(record.name);
  if (running?.description === candidate) return [];
  const live = await requireRevision(core, record, record.liveRevision);
  const before = running?.description.schema ?? live.sdl;
  const changes = await diffSchemas(before, candidate.schema);
  const moved = running === undefined ? [] : movedNamespace(running.description.namespace, candidate.namespace);
  return [...moved, ...changes];
}

/** The types of a source do not tell where its fields stand, so a move shows in no difference of schemas. */
function movedNamespace(from: string, to: string): readonly SchemaChange[] {
  if (from === to) return [];
  const place = (namespace: string): string => (namespace === '' ? 'Query itself' : `Query.${namespace}`);
  return [
    {
      criticality: 'BREAKING',
      path: from === '' ? 'Query' : `Query.${from}`,
      message: `The fields of the source move from ${place(from)} to ${place(to)}`,
    },
  ];
}
