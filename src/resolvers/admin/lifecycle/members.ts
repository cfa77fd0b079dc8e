import type { RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import type { GraphMember, GraphVersion } from '../../../schema/index.ts';
import { layPolicy, type Policy, type SourceDescription, type SourceSettings } from '../../../sources/index.ts';
import type { LifecycleCore } from './core.ts';

/** What a connection is told: the row's settings, laid over those that the definition has for its operations. */
export function settingsOf(record: SourceRecord, description: SourceDescription): SourceSettings {
  const operationPolicies: Record<string, Policy> = { ...record.operationPolicies };
  for (const { name, policy } of description.operations.values()) {
    if (policy !== undefined) operationPolicies[name] = layPolicy(policy, record.operationPolicies[name]);
  }
  return { policy: record.policy, operationPolicies, paused: record.paused };
}

/** A revision made callable, and whether its connection was made for it (and must be closed if it is not used). */
export interface Candidate {
  readonly member: GraphMember;
  readonly fresh: boolean;
}

/** Makes a revision callable; one that is in the graph already keeps its connection, with its health and breakers. */
export async function candidateOf(
  core: LifecycleCore,
  record: SourceRecord,
  revision: RevisionRecord,
): Promise<Candidate> {
  const running = core.graph.current.members.get(record.name);
  const seenAs = { visibility: record.visibility, deprecation: record.deprecation };
  if (running?.revision === revision.number) return { member: { ...running, ...seenAs }, fresh: false };

  const description = await core.descriptions.of(record, revision);
  const connection = core.descriptions.kind(record.kind).connect(revision.definition, description, {
    name: record.name,
    revision: revision.number,
    settings: settingsOf(record, description),
    http: core.http,
    cache: core.cache,
    clock: core.clock,
    random: core.random,
    onSchemaDrift: (drift) => core.drifts.emit({ name: record.name, revision: revision.number, drift }),
    ...(core.cursorKey === undefined ? {} : { cursorKey: core.cursorKey }),
    ...(core.models === undefined ? {} : { models: core.models }),
  });
  const { links, number } = revision;
  return { member: { name: record.name, revision: number, ...seenAs, description, connection, links }, fresh: true };
}

/** Runs `use`; closes a fresh connection unless `use` says that the graph has it now. */
export async function withCandidate<T>(
  candidate: Candidate,
  use: (member: GraphMember, handedOver: () => void) => Promise<T>,
): Promise<T> {
  let ours = candidate.fresh;
  try {
    return await use(candidate.member, () => {
      ours = false;
    });
  } finally {
    if (ours) await candidate.member.connection.close();
  }
}

/** Composes the running graph with one member put in, replaced or (undefined) left out. Nothing is swapped. */
export function composeWith(core: LifecycleCore, name: string, member: GraphMember | undefined): Promise<GraphVersion> {
  const members = new Map(core.graph.current.members);
  if (member === undefined) members.delete(name);
  else members.set(name, member);
  return core.graph.compose([...members.values()].sort(byName), [...core.links.values()]);
}

/**
 * Composes, commits, swaps; other sources' changes wait. When composing or committing fails nothing was swapped.
 * Resolves after the swap: a request that begins then is served by the new version.
 * `inspect` is shown what was composed, and may refuse it by throwing.
 */
export function changeGraph(
  core: LifecycleCore,
  name: string,
  member: GraphMember | undefined,
  commit: () => Promise<SourceRecord>,
  inspect?: (version: GraphVersion) => void,
): Promise<SourceRecord> {
  return core.graphChanges.run(async () => {
    const version = await composeWith(core, name, member);
    inspect?.(version);
    const record = await commit();
    core.graph.swap(version);
    return record;
  });
}

/** Composition answers the same whatever the order; sorted members keep its work the same too. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
