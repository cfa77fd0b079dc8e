import type { Actor } from '../../../access/index.ts';
import { sourceTag } from '../../../cache/index.ts';
import { InvalidDefinition, type Problem } from '../../../errors/index.ts';
import type { SourceRecord } from '../../../registry/index.ts';
import { change, type LifecycleCore, requireSource } from './core.ts';
import { changeGraph } from './members.ts';
import { requireState } from './transitions.ts';

export interface DeprecateRequest {
  readonly name: string;
  readonly reason: string;
  readonly sunsetAt: Date | undefined;
  readonly actor: Actor;
}

/** GraphQL shows the reason on every field of the source: a sentence or two. */
const REASON_MAX_LENGTH = 500;

/** Marks every field of the source as deprecated. */
export function deprecate(core: LifecycleCore, request: DeprecateRequest): Promise<SourceRecord> {
  const { name, actor } = request;
  return core.locks.hold(name, 'deprecateSource', async () => {
    const record = await requireSource(core, name);
    requireState(record, 'deprecateSource');
    const problems = problemsOf(request, core.clock.now());
    if (problems.length > 0) throw new InvalidDefinition(problems);

    const deprecation = { reason: request.reason.trim(), sunsetAt: request.sunsetAt };
    const commit = (): Promise<SourceRecord> =>
      core.registry.changeSource(
        name,
        record.version,
        { state: 'DEPRECATED', deprecation },
        change(actor, 'deprecateSource', {
          reason: deprecation.reason,
          sunsetAt: request.sunsetAt?.toISOString() ?? null,
        }),
      );
    const running = core.graph.current.members.get(name);
    return running === undefined ? commit() : changeGraph(core, name, { ...running, deprecation }, commit);
  });
}

/** Takes the source out of the graph. Requests in flight finish on the version they began with. */
export function retire(core: LifecycleCore, name: string, actor: Actor): Promise<SourceRecord> {
  return core.locks.hold(name, 'retireSource', async () => {
    const record = await requireSource(core, name);
    requireState(record, 'retireSource');
    const commit = (): Promise<SourceRecord> =>
      core.registry.changeSource(
        name,
        record.version,
        { state: 'RETIRED', liveRevision: undefined, deprecation: undefined },
        change(actor, 'retireSource', { revision: record.liveRevision ?? null }),
      );
    const inGraph = core.graph.current.members.has(name);
    const retired = await (inGraph ? changeGraph(core, name, undefined, commit) : commit());
    core.leftOut.delete(name);
    return retired;
  });
}

/** Removes a source that is not in the graph, with its revisions, secrets and cached answers. */
export function remove(core: LifecycleCore, name: string, actor: Actor): Promise<string> {
  return core.locks.hold(name, 'deleteSource', async () => {
    const record = await requireSource(core, name);
    requireState(record, 'deleteSource');
    await core.registry.deleteSource(
      name,
      record.version,
      change(actor, 'deleteSource', { state: record.state, revisions: record.latestRevision }),
    );
    core.descriptions.forget(name);
    for (const [id, link] of core.links) if (link.source === name) core.links.delete(id);
    // A later source of this name must not meet these answers, however its revisions are numbered.
    core.cache.purgeTags([sourceTag(name)]);
    return name;
  });
}

function problemsOf(request: DeprecateRequest, now: number): readonly Problem[] {
  const problems: Problem[] = [];
  const length = request.reason.trim().length;
  if (length === 0 || length > REASON_MAX_LENGTH) {
    problems.push({ path: 'input.reason', message: `Expected 1 to ${REASON_MAX_LENGTH} characters; got ${length}.` });
  }
  if (request.sunsetAt !== undefined && !(request.sunsetAt.getTime() > now)) {
    problems.push({
      path: 'input.sunsetAt',
      message: `Expected a time to come; got ${request.sunsetAt.toISOString()}.`,
    });
  }
  return problems;
}
