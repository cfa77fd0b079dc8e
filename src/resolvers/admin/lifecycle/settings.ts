import type { Actor } from '../../../access/index.ts';
import { InvalidDefinition, type Problem } from '../../../errors/index.ts';
import type { SourceChange, SourceRecord } from '../../../registry/index.ts';
import type { Policy } from '../../../sources/index.ts';
import { change, type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { changeGraph, settingsOf } from './members.ts';
import { requireState } from './transitions.ts';

/** Holds back calls to the upstream, or lets them go again. What is so already stays so. No new graph version. */
export function setPaused(core: LifecycleCore, name: string, paused: boolean, actor: Actor): Promise<SourceRecord> {
  const action = paused ? 'pauseSource' : 'resumeSource';
  return core.locks.hold(name, action, async () => {
    const record = await requireSource(core, name);
    requireState(record, action);
    if (record.paused === paused) return record;
    const changed = await core.registry.changeSource(name, record.version, { paused }, change(actor, action));
    reconfigure(core, changed);
    return changed;
  });
}

export interface SetPolicyRequest {
  readonly source: string;
  /** Undefined: the policy of the whole source. */
  readonly operation: string | undefined;
  readonly policy: Policy;
  /** What was found wrong with the policy on the way here. */
  readonly problems: readonly Problem[];
  readonly actor: Actor;
}

/**
 * Replaces the policy of a source or of one operation; an empty one brings the defaults back.
 * Calls that start afterwards obey it. No new graph version.
 */
export function setPolicy(core: LifecycleCore, request: SetPolicyRequest): Promise<SourceRecord> {
  const { source: name, operation, policy, actor } = request;
  return core.locks.hold(name, 'setPolicy', async () => {
    const record = await requireSource(core, name);
    const problems = [...request.problems, ...(await unknownOperations(core, record, request))];
    if (problems.length > 0) throw new InvalidDefinition(problems);

    const detail = { operation: operation ?? null, policy };
    const to = operation === undefined ? { policy } : { operationPolicies: withPolicy(record, operation, policy) };
    const changed = await core.registry.changeSource(name, record.version, to, change(actor, 'setPolicy', detail));
    reconfigure(core, changed);
    return changed;
  });
}

export interface UpdateRequest {
  readonly name: string;
  readonly to: Pick<SourceChange, 'title' | 'description' | 'tags' | 'team' | 'visibility'>;
  readonly actor: Actor;
}

/** Changes how a source is shown and shared. Only another visibility of a live source makes a new graph version. */
export function update(core: LifecycleCore, { name, to, actor }: UpdateRequest): Promise<SourceRecord> {
  return core.locks.hold(name, 'updateSource', async () => {
    const record = await requireSource(core, name);
    const commit = (): Promise<SourceRecord> =>
      core.registry.changeSource(name, record.version, to, change(actor, 'updateSource', to));
    const running = core.graph.current.members.get(name);
    if (running === undefined || to.visibility === undefined || to.visibility === record.visibility) return commit();
    return changeGraph(core, name, { ...running, visibility: to.visibility }, commit);
  });
}

function reconfigure(core: LifecycleCore, record: SourceRecord): void {
  const running = core.graph.current.members.get(record.name);
  running?.connection.reconfigure(settingsOf(record, running.description));
}

function withPolicy(record: SourceRecord, operation: string, policy: Policy): Readonly<Record<string, Policy>> {
  const { [operation]: _replaced, ...others } = record.operationPolicies;
  return Object.keys(policy).length === 0 ? others : { ...others, [operation]: policy };
}

/** An operation may be one of the live revision or of the latest, so that a policy can be set ahead of publishing. */
async function unknownOperations(
  core: LifecycleCore,
  record: SourceRecord,
  request: SetPolicyRequest,
): Promise<readonly Problem[]> {
  const named: { readonly path: string; readonly operation: string }[] = [];
  if (request.operation !== undefined) named.push({ path: 'input.operation', operation: request.operation });
  const { fallback } = request.policy;
  if (fallback !== undefined && 'operation' in fallback) {
    named.push({ path: 'input.policy.fallback.operation', operation: fallback.operation });
  }
  if (named.length === 0) return [];
  const known = new Set<string>();
  for (const number of new Set([record.liveRevision ?? record.latestRevision, record.latestRevision])) {
    const description = await core.descriptions.of(record, await requireRevision(core, record, number));
    for (const operation of description.operations.keys()) known.add(operation);
  }
  return named
    .filter(({ operation }) => !known.has(operation))
    .map(({ path, operation }) => ({
      path,
      message: `Expected an operation of ${record.name}; got ${JSON.stringify(operation)}.`,
    }));
}
