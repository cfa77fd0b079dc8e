import type { Actor } from '../../../access/index.ts';
import type { ProviderRecord, RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import type { Events } from '../../../runtime/index.ts';
import type { DriftRecord, SchemaDrift, SourceDescription } from '../../../sources/index.ts';
import type { UpstreamHealth } from '../../../upstream/index.ts';
import { type CheckResult, check } from './check.ts';
import { createCore, type LifecycleEvent, type LifecycleServices, requireRevision } from './core.ts';
import { type IsolateRequest, isolateEndpoint, type ResetBreakerRequest, resetBreaker } from './levers.ts';
import { type AddLinkRequest, addLink, linksOfSource, removeLink, type ShownLink } from './links.ts';
import { type DeprecateRequest, deprecate, remove, retire } from './phase-out.ts';
import { removeProvider, type SetProviderRequest, setProvider } from './providers.ts';
import { type PublishRequest, publish, rollback } from './publish.ts';
import { publishDrift } from './publish-drift.ts';
import { type RegisterRequest, type ReviseRequest, register, revise } from './register.ts';
import { restore } from './restore.ts';
import { type SetPolicyRequest, setPaused, setPolicy, type UpdateRequest, update } from './settings.ts';
import { type PromptTested, type TestPromptRequest, testPrompt } from './test-prompt.ts';

/** How a source is doing now, as far as the running graph knows. */
export interface LiveHealth {
  /** Undefined when the source is not in the graph. */
  readonly upstream: UpstreamHealth | undefined;
  /** Why a published source is not in the graph. */
  readonly problem: string | undefined;
}

/** A changed schema, and why it was not published by itself where the owner wants that. */
export interface ShownDrift extends SchemaDrift {
  readonly heldBack: string | undefined;
}

/**
 * The life of sources: DRAFT -> PUBLISHED -> DEPRECATED -> RETIRED, at run time.
 *
 * Each writing method is one registry transaction. If it concerns the graph, the new graph is composed before the
 * commit and swapped in after it, before the promise resolves; if anything fails, neither has changed.
 * Two of them on one source at once: the second gets CONFLICT. On different sources they run side by side,
 * but for the composing, committing and swapping, which goes one after another.
 */
export interface SourceLifecycle {
  register(request: RegisterRequest): Promise<SourceRecord>;
  revise(request: ReviseRequest): Promise<SourceRecord>;
  check(name: string, revision: number | undefined): Promise<CheckResult>;
  /** CONFLICT when the source is no prompt. */
  testPrompt(request: TestPromptRequest): Promise<PromptTested>;
  publish(request: PublishRequest): Promise<SourceRecord>;
  rollback(name: string, toRevision: number, actor: Actor): Promise<SourceRecord>;
  deprecate(request: DeprecateRequest): Promise<SourceRecord>;
  retire(name: string, actor: Actor): Promise<SourceRecord>;
  remove(name: string, actor: Actor): Promise<string>;
  setPaused(name: string, paused: boolean, actor: Actor): Promise<SourceRecord>;
  /** CONFLICT when the source is not in the graph, NOT_FOUND when it has no such endpoint. */
  isolateEndpoint(request: IsolateRequest): Promise<SourceRecord>;
  resetBreaker(request: ResetBreakerRequest): Promise<SourceRecord>;
  setPolicy(request: SetPolicyRequest): Promise<SourceRecord>;
  update(request: UpdateRequest): Promise<SourceRecord>;
  /** A field on a type of one source, answered by an operation of another or the same. */
  addLink(request: AddLinkRequest): Promise<ShownLink>;
  removeLink(id: string, actor: Actor): Promise<string>;
  /** All links of a source's types. */
  links(record: SourceRecord): Promise<readonly ShownLink[]>;
  /** CONFLICT when a source in the graph names a model that the account would not know any more. */
  setProvider(request: SetProviderRequest): Promise<ProviderRecord>;
  /** CONFLICT while a source in the graph names one of its models. */
  removeProvider(name: string, actor: Actor): Promise<void>;
  /** At start: brings back what was published. Rejects only when the registry cannot be read. */
  restore(): Promise<void>;
  /** What a source's live revision (or else its latest) can do. */
  describe(record: SourceRecord): Promise<SourceDescription>;
  health(record: SourceRecord): LiveHealth;
  /** Where its answers were not as described; empty when it is not in the graph. */
  drift(record: SourceRecord): readonly DriftRecord[];
  /** How its upstream's schema differs from its live revision's, where that is looked at. */
  schemaDrift(record: SourceRecord): ShownDrift | undefined;
  readonly events: Events<LifecycleEvent>;
}

export function createLifecycle(services: LifecycleServices): SourceLifecycle {
  const core = createCore(services);
  core.drifts.on((found) => {
    publishDrift(core, found).catch((cause: unknown) =>
      core.events.emit({ type: 'driftNotPublished', source: found.name, cause }),
    );
  });
  const shown = (record: SourceRecord): Promise<RevisionRecord> =>
    requireRevision(core, record, record.liveRevision ?? record.latestRevision);
  return {
    register: (request) => register(core, request),
    revise: (request) => revise(core, request),
    check: (name, revision) => check(core, name, revision),
    testPrompt: (request) => testPrompt(core, request),
    publish: (request) => publish(core, request),
    rollback: (name, toRevision, actor) => rollback(core, name, toRevision, actor),
    deprecate: (request) => deprecate(core, request),
    retire: (name, actor) => retire(core, name, actor),
    remove: (name, actor) => remove(core, name, actor),
    setPaused: (name, paused, actor) => setPaused(core, name, paused, actor),
    isolateEndpoint: (request) => isolateEndpoint(core, request),
    resetBreaker: (request) => resetBreaker(core, request),
    setPolicy: (request) => setPolicy(core, request),
    update: (request) => update(core, request),
    addLink: (request) => addLink(core, request),
    removeLink: (id, actor) => removeLink(core, id, actor),
    links: (record) => linksOfSource(core, record),
    setProvider: (request) => setProvider(core, request),
    removeProvider: (name, actor) => removeProvider(core, name, actor),
    restore: () => restore(core),
    describe: async (record) => {
      const running = core.graph.current.members.get(record.name);
      if (running !== undefined && running.revision === record.liveRevision) return running.description;
      return core.descriptions.of(record, await shown(record));
    },
    health: (record) => ({
      upstream: core.graph.current.members.get(record.name)?.connection.health(),
      problem: core.leftOut.get(record.name),
    }),
    drift: (record) => core.graph.current.members.get(record.name)?.connection.drift?.() ?? [],
    schemaDrift: (record) => {
      const drift = core.graph.current.members.get(record.name)?.connection.schemaDrift?.();
      return drift && { ...drift, heldBack: core.heldBack.get(drift)?.why };
    },
    events: core.events,
  };
}
