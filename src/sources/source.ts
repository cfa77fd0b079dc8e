import type { GraphQLField, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { CallCache } from '../cache/index.ts';
import type { Problem, UpstreamFailure } from '../errors/index.ts';
import type { Models } from '../models/index.ts';
import type { Clock, Events, Random } from '../runtime/index.ts';
import type { HttpClient, UpstreamEvent, UpstreamHealth } from '../upstream/index.ts';
import type { BatchDescription } from './batch/batch.ts';
import type { EntityRelations, EntitySpec } from './entity/entity.ts';
import type { LinkSpec } from './link/link.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';

/** The kinds that are built in. A folder under src/sources/ implements each. */
export type SourceKindName = 'REST' | 'GRAPHQL' | 'PROMPT';

/**
 * A kind of upstream. Adding a kind is adding a folder that implements this
 * and passes test/contracts/source-contract.ts.
 */
export interface SourceKind<Input = unknown, Definition = unknown> {
  readonly name: SourceKindName;

  /**
   * Checks registration input and makes it complete (documents fetched, references resolved).
   * Throws InvalidDefinition listing every problem with its place. May use the network, under the egress rules.
   * The definition is plain JSON, except for Secret values.
   */
  read(input: Input, sourceName: string, services: ReadServices): Promise<Definition>;

  /**
   * Types, operations and warnings of a definition. Deterministic, no network.
   * Asynchronous only so that a large definition can yield to traffic.
   */
  describe(definition: Definition, sourceName: string): Promise<SourceDescription>;

  /**
   * The registration input that a definition was made of, for kinds whose upstreams tell what they are: to `read` it again is
   * to learn what they tell now.
   */
  inputOf?(definition: Definition): Input;

  /** Makes it callable. Does not wait for the upstream: a dead upstream connects like a live one. */
  connect(definition: Definition, description: SourceDescription, services: SourceServices): SourceConnection;
}

/** What `read` may use. */
export interface ReadServices {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly models?: Models;
}

/** Something that could not be represented, and what was done instead. */
export interface Warning extends Problem {
  /** Stable, upper snake case, for counting: `RENAMED`, `UNTYPED`, `OPERATION_SKIPPED` ... */
  readonly kind: string;
}

export interface SourceDescription {
  /**
   * The types of the source, already named as in the graph (prefixed unless flat).
   * Its query and mutation types hold one field per operation that is not hidden, and become, namespaced, `Query.<namespace>`
   * and `Mutation.<namespace>`; a field `changed` of its subscription type becomes `Subscription.<namespace>Changed`,
   * since a subscription has one root field. Its fields have no resolvers, except those which only rename or decode.
   */
  readonly schema: GraphQLSchema;
  /** The field of Query and Mutation under which the operations stand; '' puts them flat into the root. */
  readonly namespace: string;
  /** By operation name, in the document's order. */
  readonly operations: ReadonlyMap<string, OperationDescription>;
  readonly warnings: readonly Warning[];
  /** Where what the owner declared of operations does not match them: registration is refused with these. */
  readonly problems?: readonly Problem[];
  /** Links that the definition itself speaks of. One that the owner gave for the same field goes before it. */
  readonly links?: readonly LinkSpec[];
  /** What stands before the names of its types; a link may name a type without it. Default: nothing. */
  readonly typePrefix?: string;
  /** Types that it shares with other sources: their names are not prefixed. */
  readonly entities?: readonly EntitySpec[];
  /** What it says of them beyond its own part. */
  readonly relations?: EntityRelations;
  /** Of a prompt: what the ways in beside GraphQL call. */
  readonly prompt?: PromptOperations;
}

/** The operations of a prompt, by name. */
export interface PromptOperations {
  /**
   * The query whose arguments are the prompt's variables. Its value is the text, or the object of the declared type;
   * `figures` of its outcome are those of ModelFigures, with nothing in them when no model was asked.
   */
  readonly ask: string;
  /**
   * The subscription with the same arguments. Its answers are `{ delta, done, usage }`: `delta` is the next piece of the
   * text, or of the JSON text of the object. The outcome of each says who answers; that of the last has the figures.
   */
  readonly stream?: string;
}

export interface OperationDescription {
  /** The operation id, unique in its source. */
  readonly name: string;
  /** The root it stands in. A `subscription` is not called: it is subscribed to. */
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The field's name in the source's type of that root. */
  readonly field: string;
  /** May be called twice with the effect of once (RFC 9110 section 9.2.2). */
  readonly idempotent: boolean;
  /** Its answers may be kept (a safe method). */
  readonly cacheable: boolean;
  /** Its answer depends on what is selected of it: calls come with a selection. Default: false. */
  readonly selects?: boolean;
  /**
   * Its field, when the schema has none for it: it is no part of the graph, and called for entities alone. Types that
   * only this field leads to are not in the schema either.
   */
  readonly hidden?: GraphQLField<unknown, unknown>;
  readonly deprecated?: string;
  /** The definition's own settings of it: under those that the source's row has for it, over those of the source. */
  readonly policy?: Policy;
  /** One call can answer for many keys. */
  readonly batch?: BatchDescription;
}

/** What `connect` is given. */
export interface SourceServices {
  /** The source's name, for errors and events. */
  readonly name: string;
  /** The number of the revision that is connected: part of every cache key. */
  readonly revision: number;
  readonly settings: SourceSettings;
  readonly http: HttpClient;
  readonly cache: CallCache;
  readonly clock: Clock;
  readonly random: Random;
  /** 32 bytes that seal what clients carry from call to call. Default: made for this connection alone. */
  readonly cursorKey?: Uint8Array;
  /** Language models; there wherever a source of kind PROMPT is connected. */
  readonly models?: Models;
  /**
   * Called at each look at an upstream's schema that is not the definition's any more, with the same object as long as it
   * is the same, where the owner wants safe changes to be published.
   */
  onSchemaDrift?(drift: SchemaDrift): void;
}

/** What may change without a new connection; calls that start afterwards obey it. */
export interface SourceSettings {
  readonly policy: Policy;
  /** By operation name; laid over `policy`. */
  readonly operationPolicies: Readonly<Record<string, Policy>>;
  /** No calls go out; the ladder goes on from rung 4. */
  readonly paused: boolean;
}

export interface SourceConnection {
  /**
   * One entry in, one outcome out, same order. A rejected promise is a bug, not an upstream failure.
   * Calls given together may be sent as one (a bulk form), or side by side.
   */
  call(operation: string, calls: readonly Call[], context: CallContext): Promise<readonly Outcome[]>;
  /**
   * Opens a stream of answers, for operations of kind `subscription`. It begins when it is iterated and never throws;
   * ending the iteration, or `context.signal`, ends what nobody else listens to. `context.deadline` bounds the opening.
   */
  subscribe?(operation: string, call: Call, context: CallContext): AsyncIterable<SubscriptionEvent>;
  /** Tries the upstream once, outside of health and cache. For `checkSource`. */
  probe(signal: AbortSignal): Promise<ProbeResult>;
  reconfigure(settings: SourceSettings): void;
  health(): UpstreamHealth;
  readonly events: Events<UpstreamEvent>;
  /** Takes an endpoint out by hand (`true`) or back in. `endpoint` is one of those that `health` names. */
  isolateEndpoint?(endpoint: number, isolated: boolean): void;
  /** Forgets what speaks against an endpoint: its breaker closes. */
  resetBreaker?(endpoint: number): void;
  /** Where answers were not what the definition says since the connection was made, most frequent first. Bounded. */
  drift?(): readonly DriftRecord[];
  /** How the schema that the upstream tells now differs from the definition's, for kinds that look at it. */
  schemaDrift?(): SchemaDrift | undefined;
  /** Waits for nothing: calls in flight end with a failure, sockets and timers are gone when it resolves. */
  close(): Promise<void>;
}

/** What a subscription brings. */
export type SubscriptionEvent =
  /** One answer; a FAILED outcome is an answer that could not be read, and the stream goes on. */
  | { readonly kind: 'ANSWER'; readonly outcome: Outcome }
  /** The upstream was lost, and is tried again: answers may be missing between the one before and the next. */
  | { readonly kind: 'INTERRUPTED'; readonly failure: UpstreamFailure }
  /** Lost for good. Nothing comes after it. */
  | { readonly kind: 'ENDED'; readonly failure: UpstreamFailure };

/** An upstream's schema is not the definition's any more. Both as SDL, in the upstream's names. */
export interface SchemaDrift {
  readonly before: string;
  readonly after: string;
  /** Clock.now() when it was first seen. */
  readonly changedAt: number;
  /** The definition may be a part of the schema: what the upstream has besides is no difference. */
  readonly isPart: boolean;
}

/** How often one part of the answers of one operation was not as described. */
export interface DriftRecord {
  readonly operation: string;
  /** JSON path with `*` for every index and key. */
  readonly place: string;
  readonly expected: string;
  readonly received: string;
  readonly count: number;
  /** Clock.now() of the last time. */
  readonly lastSeenAt: number;
}

export interface Call {
  /** By the operation's argument names, as GraphQL coerced them. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /**
   * A key of the operation's bulk form, whose argument is not among `arguments`: the outcome's value is what the answer
   * has for this key, null when it has nothing. Calls with keys that are given together become as few as `batch.max`
   * allows; a call that fails fails its own keys alone.
   */
  readonly key?: unknown;
  /** What is wanted of the answer, for operations that select; without it they give every leaf of their own type. */
  readonly selection?: Selection;
}

/**
 * The selection below the field that a call answers, in names of the graph: a part of GraphQL's resolve info.
 * Arguments of the field itself are not read from it.
 */
export type Selection = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'operation' | 'variableValues'>;

/** The request on whose behalf a call is made. */
export interface CallContext {
  readonly requestId: string;
  /** Stable name of who calls: the scope of private cache entries. `anonymous` for nobody. */
  readonly callerId: string;
  /** The client's request headers, lower case, of which a source forwards those it is told to. */
  readonly headers: Readonly<Record<string, string>>;
  /** When the request must be over (Clock.now() milliseconds), unless it asks models. */
  readonly deadline: number;
  /** The time of a request that may ask models, which take longer than others. Default: they have until `deadline`. */
  readonly modelTime?: ModelTime;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The oldest stale answer the client accepts, in milliseconds; undefined: what the policy allows. */
  readonly maxStaleMs: number | undefined;
  /**
   * By source name: when this client last wrote to it (Clock.now() milliseconds). Answers kept from before that
   * are not given to it, fresh or stale.
   */
  readonly notOlderThan?: Readonly<Record<string, number>>;
  /** A mutation of this request may have changed a source: from now on `notOlderThan` says so. */
  noteWrite?(source: string, at: number): void;
  /** Takes one from the request's allowance of upstream calls; false when there is none left. */
  takeUpstreamCall(): boolean;
}

/** How long a request has once it asks models. One object for all that is done on its behalf. */
export interface ModelTime {
  /** When the whole request must be over then (Clock.now() milliseconds). */
  readonly deadline: number;
  /** Milliseconds for each call of another source then, from its own start: it may have waited for a model's answer. */
  readonly otherCallMs: number;
  /** A model was asked. */
  asked: boolean;
}

export type ProbeResult =
  | { readonly ok: true; readonly latencyMs: number; readonly status?: number }
  | { readonly ok: false; readonly latencyMs: number; readonly reason: string };
