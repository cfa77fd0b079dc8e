import { type CallCache, canonicalJson, createMemoryCallCache } from '../../../src/cache/index.ts';
import { UpstreamFailure, type UpstreamFailureInit } from '../../../src/errors/index.ts';
import { Emitter } from '../../../src/runtime/index.ts';
import type { CallContext, Outcome, Policy, SourceSettings } from '../../../src/sources/index.ts';
import { type Answer, createLadder, type Ladder, type LadderCall } from '../../../src/sources/ladder/index.ts';
import type {
  AttemptContext,
  Availability,
  Endpoint,
  EndpointPool,
  PoolCall,
  PoolResult,
  UpstreamEvent,
} from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/seeded-random.ts';

export function failure(over: Partial<UpstreamFailureInit> = {}): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'connection_refused',
    detail: 'scripted',
    retryable: true,
    countsAgainstHealth: true,
    ...over,
  });
}

export const rejected = (status: number): UpstreamFailure =>
  failure({ code: 'UPSTREAM_REJECTED', reason: 'http_request_denied', retryable: false, status });

export function answer(value: unknown, over: Partial<Answer> = {}): Answer {
  return { value: Object.freeze(value), status: 200, headers: {}, size: 50, ...over };
}

/** Endpoints in the order of their priority, each tried once; `down` ones refuse. Does what the script says. */
export class FakePool implements EndpointPool {
  readonly endpoints: readonly Endpoint[] = [
    { number: 0, url: 'http://primary', priority: 0, weight: 1 },
    { number: 1, url: 'http://backup', priority: 1, weight: 1 },
  ];
  readonly down = new Set<number>();
  readonly calls: PoolCall<unknown>[] = [];
  readonly events = new Emitter<UpstreamEvent>();
  state: Availability = 'available';
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.down.add(1);
  }

  async call<T>(call: PoolCall<T>): Promise<PoolResult<T>> {
    this.calls.push(call);
    const startedAt = this.#clock.now();
    const attempts = [];
    let last: UpstreamFailure | undefined;
    for (const endpoint of this.endpoints) {
      try {
        if (this.state === 'down' || this.down.has(endpoint.number)) throw failure({ neverLeft: true });
        const value = await this.#attempt(call, endpoint);
        attempts.push({ endpoint: endpoint.number, startedAt, durationMs: 1, failure: undefined });
        return { ok: true, value, endpoint, attempts, ...(last === undefined ? {} : { failure: last }) };
      } catch (error: unknown) {
        if (!(error instanceof UpstreamFailure)) throw error;
        attempts.push({ endpoint: endpoint.number, startedAt, durationMs: 1, failure: error });
        if (last === undefined || !this.down.has(endpoint.number)) last = error;
        if (!error.retryable) break;
      }
    }
    return { ok: false, failure: last ?? failure(), attempts };
  }

  #attempt<T>(call: PoolCall<T>, endpoint: Endpoint): Promise<T> {
    const remainingMs = call.deadline - this.#clock.now();
    const { signal } = new AbortController();
    const context: AttemptContext = { endpoint, signal, timeoutMs: remainingMs, remainingMs, attempt: 1 };
    return new Promise<T>((resolve, reject) => {
      const end = (
        code: 'NO_HEALTHY_UPSTREAM' | 'DEADLINE_EXCEEDED',
        reason: 'cancelled' | 'http_response_timeout',
      ) => {
        timer.cancel();
        reject(failure({ code, reason, retryable: false, countsAgainstHealth: false }));
      };
      const timer = this.#clock.setTimer(() => end('DEADLINE_EXCEEDED', 'http_response_timeout'), remainingMs);
      call.signal.addEventListener('abort', () => end('NO_HEALTHY_UPSTREAM', 'cancelled'));
      call
        .attempt(context)
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  availability(): Availability {
    return this.state;
  }
  setPaused(paused: boolean): void {
    this.state = paused ? 'paused' : 'available';
  }
  isolate(): void {}
  resetBreaker(): void {}
  health() {
    return { state: 'UNKNOWN', since: 0, endpoints: [] } as const;
  }
  async close(): Promise<void> {}
}

export interface CallOptions extends Partial<Omit<LadderCall, 'context' | 'operation'>> {
  readonly operation?: Partial<LadderCall['operation']>;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly caller?: string;
  readonly context?: Partial<CallContext>;
  readonly allowance?: number;
}

/** A ladder over a scripted upstream on a clock that only tests move. */
export class Rig {
  readonly clock = new FakeClock();
  readonly pool = new FakePool(this.clock);
  readonly cache: CallCache;
  readonly ladder: Ladder;
  /** Attempts that reached the upstream. */
  readonly seen: { readonly context: AttemptContext; readonly revalidate: unknown; readonly call: LadderCall }[] = [];
  /** What the upstream does. */
  upstream: (n: number, call: LadderCall) => Answer | Promise<Answer> = (n) => answer({ n });
  fallbacks: Readonly<Record<string, () => Promise<Outcome>>> = {};
  #settings: SourceSettings;

  constructor(policy: Policy = {}, cache?: CallCache) {
    this.#settings = { policy, operationPolicies: {}, paused: false };
    this.cache = cache ?? createMemoryCallCache({ clock: this.clock });
    this.ladder = createLadder({
      source: 'petstore',
      revision: 1,
      pool: this.pool,
      cache: this.cache,
      clock: this.clock,
      random: { ...seededRandom(), next: () => 0 },
      settings: this.#settings,
    });
  }

  reconfigure(change: Partial<SourceSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.ladder.reconfigure(this.#settings);
  }

  run(options: CallOptions = {}): Promise<Outcome> {
    return this.ladder.run(this.call(options));
  }

  mutate(options: CallOptions = {}): Promise<Outcome> {
    const operation = {
      name: 'addPet',
      kind: 'mutation',
      idempotent: false,
      cacheable: false,
      ...options.operation,
    } as const;
    return this.run({ ...options, operation });
  }

  call(options: CallOptions = {}): LadderCall {
    const { operation, args = { id: 1 }, caller = 'anonymous', context, allowance = 100, ...rest } = options;
    let left = allowance;
    const call: LadderCall = {
      operation: { name: 'getPet', kind: 'query', field: 'pet', idempotent: true, cacheable: true, ...operation },
      argumentsKey: canonicalJson(args),
      varyKey: '',
      forwardsCredentials: false,
      context: {
        requestId: 'r1',
        callerId: caller,
        headers: {},
        deadline: this.clock.now() + 10_000,
        signal: new AbortController().signal,
        maxStaleMs: undefined,
        takeUpstreamCall: () => left-- > 0,
        ...context,
      },
      attempt: async (attempt, revalidate) => {
        this.seen.push({ context: attempt, revalidate, call });
        return this.upstream(this.seen.length, call);
      },
      decodeFallback: (value) => Object.freeze({ decoded: value }),
      runFallback: async (name) => {
        const run = this.fallbacks[name];
        return run === undefined ? this.run({ operation: { ...operation, name }, context: call.context }) : run();
      },
      ...rest,
    };
    return call;
  }

  /** Everything refuses, and the pool knows it. */
  breakDown(): void {
    this.pool.state = 'down';
  }
}

/** A promise with its ends in hand. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  return Promise.withResolvers<T>();
}
