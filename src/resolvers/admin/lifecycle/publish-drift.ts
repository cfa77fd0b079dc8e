import { pollingActor } from '../../../access/index.ts';
import { WeirError } from '../../../errors/index.ts';
import type { RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import { diffSchemas, printInTurns } from '../../../schema/index.ts';
import { examine } from './check.ts';
import { change, type FoundDrift, type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { candidateOf, withCandidate } from './members.ts';
import { putLive } from './publish.ts';
import { readDefinition } from './read-definition.ts';
import { newRevision } from './register.ts';

const ACTION = 'publishSafeChanges';
const NOTE = "The service's schema had changed, and everything of it was safe.";

/**
 * Makes a revision of what an upstream tells now and puts it live, as long as all that clients would notice is safe, of
 * other sources too. Otherwise nothing is changed, and it is said why. What is not for now (another mutation under way,
 * an upstream that does not answer) is for the next look.
 */
export async function publishDrift(core: LifecycleCore, found: FoundDrift): Promise<void> {
  if (core.heldBack.get(found.drift)?.decided === true) return;
  try {
    await core.locks.hold(found.name, ACTION, () => publishIfSafe(core, found));
  } catch (error: unknown) {
    const isForLater =
      error instanceof WeirError && ['CONFLICT', 'NOT_FOUND', 'INVALID_DEFINITION'].includes(error.code);
    if (!isForLater) throw error;
    if (error.code === 'INVALID_DEFINITION') core.heldBack.set(found.drift, { why: error.message, decided: false });
  }
}

async function publishIfSafe(core: LifecycleCore, { name, revision, drift }: FoundDrift): Promise<void> {
  const record = await requireSource(core, name);
  // What was found is of a revision that is live no more.
  if (record.liveRevision !== revision) return;
  if (record.latestRevision !== revision) {
    const why = `Revision ${record.latestRevision} is newer than the live one: which of them is to go on is for somebody to say.`;
    core.heldBack.set(drift, { why, decided: true });
    return;
  }
  const { made, draft } = await revisionOf(core, record, revision);
  const unsafe = await unsafeParts(core, record, draft);
  const [first] = unsafe;
  if (first !== undefined) {
    const more = unsafe.length === 1 ? '' : ` (and ${unsafe.length - 1} more)`;
    core.heldBack.set(drift, { why: `Not everything of it is safe: ${first.message}${more}`, decided: true });
    return;
  }
  const detail = { revision: draft.number, changes: made.changes.length };
  await core.registry.addRevision(name, record.version, made, change(pollingActor, 'reviseSource', detail));
  await putLive(core, await requireSource(core, name), {
    number: draft.number,
    to: { liveRevision: draft.number },
    actor: pollingActor,
    action: ACTION,
    refuse: (_, breaking) => {
      throw new WeirError('CONFLICT', `The graph has changed meanwhile: ${breaking[0]?.message ?? ''}`, {
        source: name,
      });
    },
  });
}

/** What of a revision clients would notice, or other sources contradict. */
async function unsafeParts(core: LifecycleCore, record: SourceRecord, draft: RevisionRecord) {
  try {
    return await withCandidate(await candidateOf(core, record, draft), async (member) => {
      const { changes, conflicts } = await examine(core, record, member);
      return [...conflicts, ...changes.filter(({ criticality }) => criticality !== 'SAFE')];
    });
  } finally {
    // It may come to nothing: the revision that gets its number is another one then.
    core.descriptions.forget(record.name);
  }
}

/** What the next revision would be: for the registry, and as one that is there already. */
async function revisionOf(core: LifecycleCore, record: SourceRecord, number: number) {
  const { name, kind } = record;
  const live = await requireRevision(core, record, number);
  const input = core.descriptions.kind(kind).inputOf?.(live.definition);
  const given = { kind, input, note: NOTE, links: live.links, problems: [] };
  const { definition, description } = await readDefinition(core, name, given, record.policy);
  const sdl = await printInTurns(description.schema);
  const made = newRevision(definition, description, sdl, await diffSchemas(live.sdl, sdl), given);
  const draft: RevisionRecord = { ...live, ...made, links: live.links, number: number + 1 };
  return { made, draft };
}
