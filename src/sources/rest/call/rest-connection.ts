import { canonicalJson } from '../../../cache/index.ts';
import type { Events } from '../../../runtime/index.ts';
import {
  type ConfigurableEndpointPool,
  createEndpointPool,
  type Endpoint,
  type UpstreamEvent,
  type UpstreamHealth,
} from '../../../upstream/index.ts';
import { callTogether } from '../../batch/index.ts';
import { createLadder, type Ladder } from '../../ladder/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { Policy } from '../../policy.ts';
import { Authenticator } from '../../shared/auth/auth.ts';
import { ClientCredentials } from '../../shared/auth/client-credentials.ts';
import { asFailure, intervalOf, notCallable, policyOf, reconfigurePool } from '../../shared/connection-parts.ts';
import { compileForward, type Forward } from '../../shared/forwarded.ts';
import type {
  Call,
  CallContext,
  DriftRecord,
  OperationDescription,
  ProbeResult,
  SourceConnection,
  SourceDescription,
  SourceServices,
  SourceSettings,
} from '../../source.ts';
import type { RestDefinition } from '../definition.ts';
import { isLinkedPage, linkedPage } from '../pagination/linked-page.ts';
import { targetOf } from '../pagination/next-link.ts';
import { PagedCalls } from '../pagination/paged-calls.ts';
import { DriftLog } from './answer/drift.ts';
import { decodeFallback } from './answer/fallback.ts';
import { CompiledOperations } from './compiled-operation.ts';
import { attemptExchange, type CallExchange, callHeaders } from './exchange.ts';
import { probeEndpoint, probeResult } from './probe.ts';

/** A REST source that can be called. */
export interface RestConnection extends SourceConnection {
  /** Where answers were not what the document says since the connection was made, most frequent first. */
  drift(): readonly DriftRecord[];
}

export class RestSourceConnection implements RestConnection {
  readonly #services: SourceServices;
  readonly #endpoints: readonly Endpoint[];
  readonly #operations: CompiledOperations;
  readonly #authenticator: Authenticator;
  readonly #forward: Forward;
  readonly #drift: DriftLog;
  readonly #paged: PagedCalls;
  readonly #pool: ConfigurableEndpointPool;
  readonly #ladder: Ladder;
  #settings: SourceSettings;
  #closed = false;

  constructor(definition: RestDefinition, description: SourceDescription, services: SourceServices) {
    const { name, http, clock, random, settings } = services;
    const { auth } = definition;
    this.#services = services;
    this.#settings = settings;
    this.#endpoints = definition.endpoints.map((endpoint, number) => ({ ...endpoint, number }));
    this.#drift = new DriftLog(clock);
    this.#paged = new PagedCalls({ source: name, key: services.cursorKey ?? random.bytes(32), clock });
    const tokens = auth !== undefined && 'oauth2' in auth ? new ClientCredentials(auth.oauth2, http, clock) : undefined;
    this.#authenticator = new Authenticator(auth, tokens);
    this.#forward = compileForward(definition.forwardHeaders, auth);
    this.#operations = new CompiledOperations(description.operations, {
      source: name,
      definition,
      authenticator: this.#authenticator,
      http,
      clock,
      random,
      onFinding: (operation, finding) => this.#drift.note(operation, finding),
    });
    const { healthCheck, maxConcurrency } = settings.policy;
    this.#pool = createEndpointPool({
      source: name,
      endpoints: this.#endpoints,
      clock,
      random,
      healthCheck: {
        probe: async (endpoint, signal) => {
          await probeEndpoint(http, endpoint, this.#settings.policy.healthCheck, signal);
        },
        ...intervalOf(healthCheck),
      },
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
    this.#pool.setPaused(settings.paused);
    this.#ladder = createLadder({ ...services, source: name, pool: this.#pool });
  }

  get events(): Events<UpstreamEvent> {
    return this.#pool.events;
  }

  call(operation: string, calls: readonly Call[], context: CallContext): Promise<readonly Outcome[]> {
    const batch = this.#operations.get(operation)?.operation.batch;
    return callTogether(batch, calls, this.#width, (args) => this.#answer(operation, args, context));
  }

  /** A whole list of calls at once would only fill the queue before the upstream, and be refused there. */
  readonly #width = (): number => this.#pool.concurrency();

  /** One call, or as many as there are pages in its answer. */
  async #answer(name: string, args: Arguments, context: CallContext): Promise<Outcome> {
    const operation = this.#closed ? undefined : this.#operations.get(name)?.operation;
    if (operation?.pages === undefined) return this.#one(name, args, context);
    try {
      return await this.#paged.call(operation, operation.pages, args, (pageArgs, address) =>
        this.#one(name, pageArgs, context, address),
      );
    } catch (error: unknown) {
      return refused(error);
    }
  }

  /** `address`: where to, below the endpoint, instead of where the arguments lead. */
  async #one(name: string, args: Arguments, context: CallContext, address?: string): Promise<Outcome> {
    try {
      if (this.#closed) throw notCallable('cancelled', `the connection of ${this.#services.name} is closed`);
      const compiled = this.#operations.get(name);
      if (compiled === undefined) {
        throw notCallable('proxy_internal_error', `${this.#services.name} has no operation "${name}"`);
      }
      const { operation, build, exchange } = compiled;
      const forwarded = this.#forward(context.headers);
      const policy = policyOf(this.#settings, name);
      const call: CallExchange = {
        parts: address === undefined ? build(args) : { ...build(args), target: targetOf(address) },
        forwarded,
        policy,
        idempotencyKey: this.#idempotencyKey(operation.kind, policy),
      };
      const headers = callHeaders(exchange, call);
      return await this.#ladder.run({
        operation,
        argumentsKey: canonicalJson(address === undefined ? args : [args, address]),
        varyKey: forwarded.varyKey,
        publicVaryKey: forwarded.publicVaryKey,
        varyHeaders: forwarded.varyHeaders,
        carriesIdempotencyKey: policy.idempotencyHeader !== undefined && headers.has(policy.idempotencyHeader),
        forwardsCredentials: forwarded.credentials,
        context,
        attempt: (attempt, revalidate) => attemptExchange(exchange, call, headers, attempt, revalidate),
        decodeFallback: (value) => {
          const decoded = decodeFallback(operation.answer, value);
          return exchange.linked === undefined ? decoded : linkedPage(decoded);
        },
        runFallback: (other, otherArgs) => this.#inPlace(exchange.linked !== undefined, other, otherArgs, context),
      });
    } catch (error: unknown) {
      return refused(error);
    }
  }

  /** The answer of another operation, in the form that answers with a `Link` header have, or without it. */
  async #inPlace(linked: boolean, name: string, args: Arguments, context: CallContext): Promise<Outcome> {
    const outcome = await this.#one(name, args, context);
    if (outcome.kind === 'FAILED') return outcome;
    const isLinked = this.#operations.get(name)?.exchange.linked !== undefined;
    const value = isLinked && isLinkedPage(outcome.value) ? outcome.value.page : outcome.value;
    return { ...outcome, value: linked ? linkedPage(value) : value };
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
      return probeEndpoint(http, first, this.#settings.policy.healthCheck, signal);
    });
  }

  drift(): readonly DriftRecord[] {
    return this.#drift.records();
  }

  isolateEndpoint(endpoint: number, isolated: boolean): void {
    this.#pool.isolate(endpoint, isolated);
  }

  resetBreaker(endpoint: number): void {
    this.#pool.resetBreaker(endpoint);
  }

  health(): UpstreamHealth {
    return this.#pool.health();
  }

  reconfigure(settings: SourceSettings): void {
    this.#settings = settings;
    reconfigurePool(this.#pool, settings);
    this.#ladder.reconfigure(settings);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#authenticator.close();
    await Promise.all([this.#ladder.close(), this.#pool.close()]);
  }
}

type Arguments = Readonly<Record<string, unknown>>;

function refused(error: unknown): Outcome {
  return { kind: 'FAILED', failure: asFailure(error), durationMs: 0, attempts: [], cache: 'BYPASS' };
}
