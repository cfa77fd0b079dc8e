import { canonicalJson } from '../../../cache/index.ts';
import type { UpstreamFailure } from '../../../errors/index.ts';
import type { Events } from '../../../runtime/index.ts';
import {
  type ConfigurableEndpointPool,
  createEndpointPool,
  type Endpoint,
  type UpstreamEvent,
  type UpstreamHealth,
} from '../../../upstream/index.ts';
import { createLadder, type Ladder } from '../../ladder/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { Policy } from '../../policy.ts';
import { probeResult } from '../../rest/call/probe.ts';
import { Authenticator } from '../../shared/auth/auth.ts';
import { ClientCredentials } from '../../shared/auth/client-credentials.ts';
import { asFailure, intervalOf, notCallable, policyOf, reconfigurePool } from '../../shared/connection-parts.ts';
import { deepFrozen } from '../../shared/deep-frozen.ts';
import { compileForward, type Forward } from '../../shared/forwarded.ts';
import type {
  Call,
  CallContext,
  OperationDescription,
  ProbeResult,
  SchemaDrift,
  SourceConnection,
  SourceDescription,
  SourceServices,
  SourceSettings,
  SubscriptionEvent,
} from '../../source.ts';
import type { GraphQLDefinition } from '../definition.ts';
import { type GraphQLDescription, type GraphQLOperation, isGraphQLDescription } from '../describe/plan.ts';
import type { CompiledSelection } from '../document/compile-selection.ts';
import { Selections } from '../document/selections.ts';
import { bodyText, subRequest } from '../document/sub-request.ts';
import { SchemaPoller } from '../poll/schema-poller.ts';
import { Subscriptions } from '../subscribe/subscriptions.ts';
import { BulkCalls } from './bulk-calls.ts';
import { ConstantFallback } from './constant-fallback.ts';
import { mergingPool } from './merging-pool.ts';
import { probeGraphQL } from './probe.ts';
import { requestTurn } from './request-turn.ts';
import { type SendableCall, Sender } from './sender.ts';

const NO_VARIABLES = Object.freeze({});

/** A GraphQL source that can be called. */
export class GraphQLSourceConnection implements SourceConnection {
  readonly #services: SourceServices;
  readonly #description: GraphQLDescription;
  readonly #endpoints: readonly Endpoint[];
  readonly #selections: Selections;
  readonly #authenticator: Authenticator;
  readonly #forward: Forward;
  readonly #sender: Sender;
  readonly #pool: ConfigurableEndpointPool;
  readonly #ladder: Ladder;
  readonly #bulk = new BulkCalls();
  readonly #subscriptions: Subscriptions;
  readonly #poller: SchemaPoller | undefined;
  /** What the queries of one request have in common, by its context. */
  readonly #turns = new WeakMap<CallContext, CallContext>();
  #settings: SourceSettings;
  #closed = false;

  constructor(definition: GraphQLDefinition, description: GraphQLDescription, services: SourceServices) {
    const { name, http, clock, random, settings } = services;
    const { auth } = definition;
    this.#services = services;
    this.#description = description;
    this.#settings = settings;
    this.#endpoints = definition.endpoints.map((endpoint, number) => ({ ...endpoint, number }));
    this.#selections = new Selections(description);
    const tokens = auth !== undefined && 'oauth2' in auth ? new ClientCredentials(auth.oauth2, http, clock) : undefined;
    this.#authenticator = new Authenticator(auth, tokens);
    this.#forward = compileForward(definition.forwardHeaders, auth);
    this.#sender = new Sender({
      source: name,
      authenticator: this.#authenticator,
      ownerHeaders: definition.headers,
      http,
      clock,
      persistedQueries: definition.persistedQueries === true,
    });
    const { healthCheck, maxConcurrency } = settings.policy;
    this.#pool = createEndpointPool({
      source: name,
      endpoints: this.#endpoints,
      clock,
      random,
      healthCheck: {
        probe: async (endpoint, signal) => {
          await probeGraphQL(http, endpoint, this.#settings.policy.healthCheck, signal);
        },
        ...intervalOf(healthCheck),
      },
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
    this.#pool.setPaused(settings.paused);
    this.#ladder = createLadder({ ...services, source: name, pool: mergingPool(this.#pool) });
    const { pollSeconds } = definition;
    this.#poller = pollSeconds === undefined ? undefined : new SchemaPoller(definition, services, pollSeconds);
    this.#subscriptions = new Subscriptions({
      services,
      endpoints: this.#endpoints,
      subscriptions: definition.subscriptions,
      pool: this.#pool,
      authenticator: this.#authenticator,
      ownerHeaders: definition.headers,
      http,
      clock,
    });
  }

  get events(): Events<UpstreamEvent> {
    return this.#pool.events;
  }

  call(operation: string, calls: readonly Call[], context: CallContext): Promise<readonly Outcome[]> {
    const { batch } = this.#description.operations.get(operation) ?? {};
    const once = (call: Call): Promise<Outcome> => this.#one(operation, call, context);
    return batch === undefined ? Promise.all(calls.map(once)) : this.#bulk.call(batch, calls, once);
  }

  subscribe(name: string, call: Call, context: CallContext): AsyncIterable<SubscriptionEvent> {
    const operation = this.#description.operations.get(name);
    if (operation?.kind !== 'subscription')
      return ended(notCallable('proxy_internal_error', `${this.#services.name} has no subscription "${name}"`));
    const selection = this.#selections.of(operation, call.selection);
    const variables = call.selection?.variableValues ?? NO_VARIABLES;
    return this.#subscriptions.subscribe(
      {
        key: `${name}\n${argumentsKey(call.arguments, selection, variables)}`,
        body: bodyText(subRequest('subscription', [{ operation, arguments: call.arguments, selection, variables }])),
        forwarded: this.#forward(context.headers),
        field: selection,
        policy: () => policyOf(this.#settings, name),
      },
      context,
    );
  }

  async #one(name: string, call: Call, context: CallContext): Promise<Outcome> {
    try {
      if (this.#closed) throw notCallable('cancelled', `the connection of ${this.#services.name} is closed`);
      const operation = this.#description.operations.get(name);
      if (operation === undefined) {
        throw notCallable('proxy_internal_error', `${this.#services.name} has no operation "${name}"`);
      }
      const outcome = await this.#climb(operation, call, context);
      if (outcome.kind !== 'FALLBACK' || !(outcome.value instanceof ConstantFallback)) return outcome;
      const value = outcome.value.select(operation.answerType, call.selection, this.#description);
      return { ...outcome, value };
    } catch (error: unknown) {
      return { kind: 'FAILED', failure: asFailure(error), durationMs: 0, attempts: [], cache: 'BYPASS' };
    }
  }

  #climb(operation: GraphQLOperation, call: Call, context: CallContext): Promise<Outcome> {
    const selection = this.#selections.of(operation, call.selection);
    const variables = call.selection?.variableValues ?? NO_VARIABLES;
    const forwarded = this.#forward(context.headers);
    const policy = policyOf(this.#settings, operation.name);
    const isQuery = operation.kind === 'query';
    const sendable: SendableCall = {
      operation,
      arguments: call.arguments,
      selection,
      variables,
      forwarded,
      policy,
      idempotencyKey: this.#idempotencyKey(operation.kind, policy),
    };
    const turn = isQuery ? this.#turnOf(context) : context;
    return this.#ladder.run({
      operation,
      argumentsKey: argumentsKey(call.arguments, selection, variables),
      varyKey: forwarded.varyKey,
      publicVaryKey: forwarded.publicVaryKey,
      varyHeaders: forwarded.varyHeaders,
      carriesIdempotencyKey: sendable.idempotencyKey !== undefined,
      forwardsCredentials: forwarded.credentials,
      context: turn,
      together: isQuery ? turn : undefined,
      attempt: (attempt) => this.#sender.send(sendable, attempt),
      decodeFallback: (value) => new ConstantFallback(deepFrozen(structuredClone(value))),
      runFallback: (other, args) => this.#one(other, { ...call, arguments: args }, context),
    });
  }

  #turnOf(context: CallContext): CallContext {
    let turn = this.#turns.get(context);
    if (turn === undefined) {
      turn = requestTurn(context);
      this.#turns.set(context, turn);
    }
    return turn;
  }

  /** One key for all attempts of a call is what makes them one to the upstream. */
  #idempotencyKey(kind: OperationDescription['kind'], policy: Policy): string | undefined {
    if (kind !== 'mutation' || policy.idempotencyHeader === undefined) return undefined;
    return this.#services.random.bytes(16).toString('hex');
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    const { http, clock } = this.#services;
    const [first] = this.#endpoints;
    return probeResult(clock, async () => {
      if (first === undefined) throw notCallable('destination_not_found', 'the source has no endpoint');
      return probeGraphQL(http, first, this.#settings.policy.healthCheck, signal);
    });
  }

  health(): UpstreamHealth {
    return this.#pool.health();
  }

  schemaDrift(): SchemaDrift | undefined {
    return this.#poller?.drift;
  }

  reconfigure(settings: SourceSettings): void {
    this.#settings = settings;
    reconfigurePool(this.#pool, settings);
    this.#subscriptions.setPaused(settings.paused);
    this.#poller?.setPaused(settings.paused);
    this.#ladder.reconfigure(settings);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#authenticator.close();
    this.#poller?.close();
    await Promise.all([this.#subscriptions.close(), this.#ladder.close(), this.#pool.close()]);
  }
}

/** Makes a GraphQL source callable. Nothing is sent: a dead upstream connects like a live one. */
export function connectGraphQL(
  definition: GraphQLDefinition,
  description: SourceDescription,
  services: SourceServices,
): SourceConnection {
  if (!isGraphQLDescription(description)) throw new TypeError('Expected the description of a GraphQL source.');
  return new GraphQLSourceConnection(definition, description, services);
}

async function* ended(failure: UpstreamFailure): AsyncGenerator<SubscriptionEvent> {
  yield { kind: 'ENDED', failure };
}

/** What shapes an answer besides headers: what is selected, and every value that goes along. */
function argumentsKey(
  args: Call['arguments'],
  selection: CompiledSelection,
  variables: Readonly<Record<string, unknown>>,
): string {
  if (selection.variables.size === 0) return `${canonicalJson(args)}${selection.key}`;
  const used = Object.fromEntries([...selection.variables.keys()].map((name) => [name, variables[name]]));
  return `${canonicalJson([args, used])}${selection.key}`;
}
