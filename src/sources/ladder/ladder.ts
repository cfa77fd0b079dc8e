import type { CacheKey, CacheLookup, CallCache } from '../../cache/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { EndpointPool } from '../../upstream/index.ts';
import type { Outcome } from '../outcome.ts';
import type { OperationDescription, SourceSettings } from '../source.ts';
import { Backoff } from './backoff.ts';
import { Climb, type ClimbServices } from './climb.ts';
import { failures } from './failures.ts';
import type { Fetched } from './fetch.ts';
import { Flights } from './flights.ts';
import { cacheKeyOf, scopeOf, VaryNames } from './keys.ts';
import { mutate } from './mutate.ts';
import { cachedOutcome, failedOutcome, isBeforeWrite, NO_ATTEMPTS } from './outcomes.ts';
import { type OperationRules, rulesOf } from './rules.ts';
import { ServedBy } from './served-by.ts';
import type { Ladder, LadderCall } from './types.ts';

export interface LadderOptions {
  readonly source: string;
  readonly revision: number;
  /** Whose owner closes it. */
  readonly pool: EndpointPool;
  readonly cache: CallCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SourceSettings;
}

/** The ladder of one connected source. */
export function createLadder(options: LadderOptions): Ladder {
  return new SourceLadder(options);
}

const NOTHING_FOUND: CacheLookup = { state: 'none' };

class SourceLadder implements Ladder {
  readonly #services: ClimbServices;
  readonly #rules = new Map<string, OperationRules>();
  #settings: SourceSettings;
  #closed = false;

  constructor(options: LadderOptions) {
    const { source, revision, pool, cache, clock, random, settings } = options;
    this.#settings = settings;
    this.#services = {
      source,
      revision,
      pool,
      cache,
      clock,
      random,
      vary: new VaryNames(),
      flights: new Flights<Fetched>(clock, cache),
      backoff: new Backoff(clock),
      servedBy: new ServedBy(pool.size),
      isPaused: () => this.#settings.paused,
      broken: (call, startedAt, error) => this.#broken(call, startedAt, error),
    };
  }

  run(call: LadderCall): Promise<Outcome> {
    const startedAt = this.#services.clock.now();
    try {
      return this.#climb(call, startedAt);
    } catch (error: unknown) {
      return Promise.resolve(this.#broken(call, startedAt, error));
    }
  }

  reconfigure(settings: SourceSettings): void {
    this.#settings = settings;
    this.#rules.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#services.flights.endAll({
      ok: false,
      failure: failures.closed(),
      attempts: NO_ATTEMPTS,
      retryAfterMs: undefined,
      mayHaveArrived: true,
    });
  }

  /** Rung 1 without a detour: a hit in memory waits for nothing. */
  #climb(call: LadderCall, startedAt: number): Promise<Outcome> {
    const { operation } = call;
    const { source, revision, cache, vary } = this.#services;
    if (this.#closed) {
      const base = { durationMs: 0, attempts: NO_ATTEMPTS, cache: 'BYPASS' } as const;
      return Promise.resolve(failedOutcome(failures.closed(), base));
    }
    const rules = this.#rulesOf(operation);
    if (operation.kind === 'mutation') {
      return this.#unbroken(call, startedAt, mutate(this.#services, call, rules, startedAt));
    }
    if (!operation.cacheable) {
      return new Climb(this.#services, call, rules, undefined, NOTHING_FOUND, startedAt).run();
    }
    const key = cacheKeyOf({ source, revision, call, scope: scopeOf(call, rules), vary });
    const found = cache.lookup(key);
    if (!(found instanceof Promise)) return this.#withFound(call, rules, key, found, startedAt);
    const later = found.then((one) => this.#withFound(call, rules, key, one, startedAt));
    return this.#unbroken(call, startedAt, later);
  }

  #withFound(
    call: LadderCall,
    rules: OperationRules,
    key: CacheKey,
    found: CacheLookup,
    startedAt: number,
  ): Promise<Outcome> {
    return this.#hit(call, found, startedAt) ?? new Climb(this.#services, call, rules, key, found, startedAt).run();
  }

  #unbroken(call: LadderCall, startedAt: number, outcome: Promise<Outcome>): Promise<Outcome> {
    return outcome.catch((error: unknown) => this.#broken(call, startedAt, error));
  }

  #hit(call: LadderCall, found: CacheLookup, startedAt: number): Promise<Outcome> | undefined {
    if (found.state !== 'fresh') return undefined;
    const { source, clock } = this.#services;
    if (isBeforeWrite(found.entry, call.context, source)) return undefined;
    const now = clock.now();
    return Promise.resolve(cachedOutcome(found.entry, now, now - startedAt));
  }

  #rulesOf(operation: OperationDescription): OperationRules {
    let rules = this.#rules.get(operation.name);
    if (rules === undefined) {
      rules = rulesOf(this.#services.source, operation, this.#settings);
      this.#rules.set(operation.name, rules);
    }
    return rules;
  }

  /** A bug of ours or of a source kind is one failed call, not a rejected request. */
  #broken(call: LadderCall, startedAt: number, error: unknown): Outcome {
    process.emitWarning(error instanceof Error ? error : String(error), { code: 'WEIR_LADDER_FAILED' });
    const cache = call.operation.cacheable ? 'MISS' : 'BYPASS';
    const durationMs = this.#services.clock.now() - startedAt;
    return failedOutcome(failures.broken(error), { durationMs, attempts: NO_ATTEMPTS, cache });
  }
}
