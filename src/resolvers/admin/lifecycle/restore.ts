import type { SourceRecord } from '../../../registry/index.ts';
import type { GraphMember, GraphVersion } from '../../../schema/index.ts';
import { type LifecycleCore, requireRevision } from './core.ts';
import { linkOfRecord } from './links.ts';
import { byName, candidateOf } from './members.ts';

/**
 * Brings back at start what was published: describes and connects every live source, composes, swaps.
 * A source that cannot be described, connected or composed is left out, told of, and stops no other.
 */
export function restore(core: LifecycleCore): Promise<void> {
  return core.graphChanges.run(async () => {
    for (const link of await core.registry.links()) core.links.set(link.id, linkOfRecord(link));
    const records = [...(await core.registry.liveSources())].sort(byName);
    const members: GraphMember[] = [];
    for (const record of records) {
      const member = await revive(core, record);
      if (member !== undefined) members.push(member);
    }
    core.graph.swap(await composeAsManyAsFit(core, members));
    core.events.emit({ type: 'restored', sources: records.length - core.leftOut.size, leftOut: core.leftOut.size });
  });
}

async function revive(core: LifecycleCore, record: SourceRecord): Promise<GraphMember | undefined> {
  const number = record.liveRevision ?? record.latestRevision;
  try {
    return (await candidateOf(core, record, await requireRevision(core, record, number))).member;
  } catch (error: unknown) {
    leaveOut(core, record.name, number, error);
    return undefined;
  }
}

/** All at once as a rule; one after another only when that fails, to find who does not fit. */
async function composeAsManyAsFit(core: LifecycleCore, members: readonly GraphMember[]): Promise<GraphVersion> {
  const links = [...core.links.values()];
  try {
    return await core.graph.compose(members, links);
  } catch {
    let version = await core.graph.compose([], links);
    for (const member of members) {
      try {
        version = await core.graph.compose([...version.members.values(), member], links);
      } catch (error: unknown) {
        leaveOut(core, member.name, member.revision, error);
        await member.connection.close();
      }
    }
    return version;
  }
}

function leaveOut(core: LifecycleCore, source: string, revision: number, cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : String(cause);
  core.leftOut.set(source, `Revision ${revision} is published but not in the graph: ${reason}`);
  core.events.emit({ type: 'leftOut', source, revision, reason, cause });
}
