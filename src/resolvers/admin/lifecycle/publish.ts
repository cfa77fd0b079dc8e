import type { Actor } from '../../../access/index.ts';
import { WeirError } from '../../../errors/index.ts';
import type { SchemaChange, SourceChange, SourceRecord } from '../../../registry/index.ts';
import { entityChanges } from '../../../schema/index.ts';
import { changesAgainstLive } from './compare.ts';
import { change, type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { refuseGaps } from './entity-gaps.ts';
import { linkChangesOf } from './link-effects.ts';
import { candidateOf, changeGraph, withCandidate } from './members.ts';
import { requireModels } from './providers.ts';
import { requireState } from './transitions.ts';

export interface PublishRequest {
  readonly name: string;
  /** Default: the latest. */
  readonly revision: number | undefined;
  readonly acceptBreaking: boolean;
  readonly actor: Actor;
}

/**
 * Puts a revision into the graph; a deprecated source is no longer deprecated then.
 * BREAKING_CHANGE with every problem unless accepted; COMPOSITION_FAILED when it does not fit.
 * The upstream need not be up: an owner may publish while it is down. checkSource tells how it does.
 */
export function publish(core: LifecycleCore, request: PublishRequest): Promise<SourceRecord> {
  const { name, actor } = request;
  return core.locks.hold(name, 'publishSource', async () => {
    const record = await requireSource(core, name);
    requireState(record, 'publishSource');
    const number = request.revision ?? record.latestRevision;
    const serves = core.graph.current.members.get(name)?.revision === number;
    if (record.state === 'PUBLISHED' && record.liveRevision === number && serves) {
      throw new WeirError('CONFLICT', `Revision ${number} of ${name} is PUBLISHED already.`, {
        source: name,
        state: record.state,
        liveRevision: number,
      });
    }
    const refuse = request.acceptBreaking ? undefined : refuseBreaking;
    const to: SourceChange = { state: 'PUBLISHED', liveRevision: number, deprecation: undefined };
    return putLive(core, record, { number, to, actor, action: 'publishSource', refuse });
  });
}

/**
 * Goes back to an older revision than the live one; a deprecated source stays deprecated.
 * Breaking changes do not stop it, since going back is what somebody does who knows: they are in the audit log.
 */
export function rollback(core: LifecycleCore, name: string, toRevision: number, actor: Actor): Promise<SourceRecord> {
  return core.locks.hold(name, 'rollbackSource', async () => {
    const record = await requireSource(core, name);
    requireState(record, 'rollbackSource');
    await requireRevision(core, record, toRevision);
    if (record.liveRevision !== undefined && toRevision >= record.liveRevision) {
      throw new WeirError(
        'CONFLICT',
        `rollbackSource goes to an older revision than the live one; ${name} is at ${record.liveRevision}, asked was ${toRevision}. publishSource goes forward.`,
        { source: name, state: record.state, liveRevision: record.liveRevision },
      );
    }
    const to: SourceChange = { liveRevision: toRevision };
    return putLive(core, record, { number: toRevision, to, actor, action: 'rollbackSource', refuse: undefined });
  });
}

export interface PutLive {
  readonly number: number;
  readonly to: SourceChange;
  readonly actor: Actor;
  readonly action: string;
  readonly refuse: ((name: string, breaking: readonly SchemaChange[]) => void) | undefined;
}

export async function putLive(core: LifecycleCore, record: SourceRecord, request: PutLive): Promise<SourceRecord> {
  const { name } = record;
  const revision = await requireRevision(core, record, request.number);
  const candidate = await candidateOf(core, { ...record, ...request.to }, revision);
  return withCandidate(candidate, async (member, handedOver) => {
    let breaking = breakingOf(await changesAgainstLive(core, record, member.description));
    const commit = async (): Promise<SourceRecord> => {
      await requireModels(core, record, revision);
      const detail = {
        revision: request.number,
        from: { state: record.state, revision: record.liveRevision ?? null },
        ...(breaking.length > 0 ? { breaking: breaking.map(({ message }) => message) } : {}),
      };
      return core.registry.changeSource(
        name,
        record.version,
        request.to,
        change(request.actor, request.action, detail),
      );
    };
    const published = await changeGraph(core, name, member, commit, (version) => {
      refuseGaps(core, version);
      const links = linkChangesOf(core, version, name, record.liveRevision !== undefined);
      const entities = entityChanges(core.graph.current.schema, version.schema);
      breaking = [...breaking, ...breakingOf(links), ...breakingOf(entities)];
      if (breaking.length > 0) request.refuse?.(name, breaking);
    });
    handedOver();
    core.leftOut.delete(name);
    return published;
  });
}

function breakingOf(changes: readonly SchemaChange[]): readonly SchemaChange[] {
  return changes.filter(({ criticality }) => criticality === 'BREAKING');
}

function refuseBreaking(name: string, breaking: readonly SchemaChange[]): void {
  throw new WeirError(
    'BREAKING_CHANGE',
    `Publishing would break clients of ${name} in ${breaking.length} place${breaking.length === 1 ? '' : 's'}; pass acceptBreaking: true to do it all the same.`,
    { source: name, problems: breaking.map(({ path, message }) => ({ path: path ?? name, message })) },
  );
}
