import type { UpstreamFailure } from '../../errors/index.ts';
import type { Random } from '../../runtime/index.ts';
import type { Endpoint } from '../types.ts';
import { pickByTwoChoices } from './balancer.ts';
import { askedToWait, circuitOpen, endpointsUnavailable } from './failures.ts';
import type { PoolNumbers } from './numbers.ts';
import type { PoolEndpoint } from './pool-endpoint.ts';
import { capacity, drawLevel, type LevelHealth, levelShares } from './priority-levels.ts';

export interface Wishes {
  /** Endpoint numbers this call has been at: others come first. */
  readonly tried: readonly number[];
  readonly preferEndpoint: number | undefined;
  /** The call may be the one that finds out whether an endpoint is back, although others are healthy. */
  readonly mayTry: boolean;
}

/** Chooses the endpoint for an attempt. */
export class EndpointChooser {
  readonly #endpoints: readonly PoolEndpoint[];
  /** Best priority first. */
  readonly #levels: readonly (readonly PoolEndpoint[])[];
  readonly #numbers: PoolNumbers;
  readonly #random: Random;

  constructor(endpoints: readonly PoolEndpoint[], numbers: PoolNumbers, random: Random) {
    this.#endpoints = endpoints;
    this.#numbers = numbers;
    this.#random = random;
    const priorities = [...new Set(endpoints.map((e) => e.endpoint.priority))].sort((a, b) => a - b);
    this.#levels = priorities.map((priority) => endpoints.filter((e) => e.endpoint.priority === priority));
  }

  /** Whether `choose` would find an endpoint for a call that has tried none. */
  available(now: number): boolean {
    for (const endpoint of this.#endpoints) {
      if (endpoint.ready(now) || endpoint.wantsTrial(now)) return true;
    }
    return this.#levels.some((level) => this.#panicSet(level, 0, now) !== undefined);
  }

  /** Whether an endpoint that this call has not been at is ready for it. */
  hasUntried(now: number, tried: readonly number[]): boolean {
    return this.#endpoints.some((e) => e.ready(now) && !tried.includes(e.endpoint.number));
  }

  /** The numbers of the endpoints of which `is` is true. */
  numbersWhere(is: (endpoint: Endpoint) => boolean): readonly number[] {
    return this.#endpoints.filter((e) => is(e.endpoint)).map((e) => e.endpoint.number);
  }

  /** The endpoint for the next attempt; undefined when no endpoint may be called. */
  choose(now: number, wishes: Wishes): PoolEndpoint | undefined {
    const preferred = this.#preferred(now, wishes);
    if (preferred !== undefined) return preferred;
    const usable = this.#usableLevels(now);
    const level = this.#drawLevel(usable);
    if (level === undefined) return this.#lastResort(now, wishes);
    return (
      (wishes.mayTry ? this.#trialUpTo(level, now, wishes.tried) : undefined) ??
      this.#fresh(usable, level, now, wishes.tried) ??
      this.#pick(usable[level] ?? [], now)
    );
  }

  /** Why no endpoint may be called, with the time after which one may be. */
  refusal(now: number): UpstreamFailure {
    let opened = 0;
    let quiet = 0;
    let inUse = 0;
    for (const endpoint of this.#endpoints) {
      if (endpoint.isolated) continue;
      inUse++;
      if (!endpoint.breaker.closed) opened++;
      else if (endpoint.quietMs(now) > 0 && !endpoint.probedDown) quiet++;
    }
    const waitMs = this.#waitMs(now);
    const detail = `of ${this.#endpoints.length} endpoints ${this.#endpoints.length - inUse} are isolated, ${opened} have an open breaker, ${quiet} asked to wait`;
    if (inUse > 0 && quiet === inUse && waitMs !== undefined) return askedToWait(detail, waitMs);
    return opened > 0 ? circuitOpen(detail, waitMs) : endpointsUnavailable(detail, waitMs);
  }

  /** Why the best level does not serve everything, for a call that a lower one served. */
  whyNotBest(now: number): UpstreamFailure {
    const best = this.#levels[0] ?? [];
    const waits = best.map((endpoint) => this.#endpointWaitMs(endpoint, now)).filter((ms) => ms !== undefined);
    const waitMs = waits.length === 0 ? undefined : Math.ceil(Math.min(...waits));
    const detail = `${best.filter((e) => e.ready(now)).length} of ${best.length} primary endpoints may be called`;
    return best.some((e) => !e.breaker.closed) ? circuitOpen(detail, waitMs) : endpointsUnavailable(detail, waitMs);
  }

  #preferred(now: number, wishes: Wishes): PoolEndpoint | undefined {
    const number = wishes.preferEndpoint;
    if (number === undefined || wishes.tried.includes(number)) return undefined;
    return this.#endpoints.find((e) => e.endpoint.number === number && e.ready(now));
  }

  #usableOf(level: readonly PoolEndpoint[], now: number): readonly PoolEndpoint[] {
    for (const endpoint of level) {
      // Most of the time all are well, and nothing is copied.
      if (!endpoint.ready(now)) return level.filter((e) => e.ready(now));
    }
    return level;
  }

  /** What calls may use, level by level. */
  #usableLevels(now: number): readonly (readonly PoolEndpoint[])[] {
    const { overprovisioning } = this.#numbers.balancing;
    const usable = this.#levels.map((level) => this.#usableOf(level, now));
    if (this.#bestCarriesAll(usable)) return usable;
    if (capacity(this.#levelHealth(usable), overprovisioning) >= 1) return usable;
    return this.#levels.map((level, i) => {
      const healthy = usable[i] ?? [];
      return this.#panicSet(level, healthy.length, now) ?? healthy;
    });
  }

  #levelHealth(usable: readonly (readonly PoolEndpoint[])[]): readonly LevelHealth[] {
    return this.#levels.map((level, i) => ({ total: level.length, healthy: usable[i]?.length ?? 0 }));
  }

  #bestCarriesAll(usable: readonly (readonly PoolEndpoint[])[]): boolean {
    const healthy = usable[0]?.length ?? 0;
    return healthy * this.#numbers.balancing.overprovisioning >= (this.#levels[0]?.length ?? 0);
  }

  #drawLevel(usable: readonly (readonly PoolEndpoint[])[]): number | undefined {
    if (this.#bestCarriesAll(usable)) return 0;
    const shares = levelShares(this.#levelHealth(usable), this.#numbers.balancing.overprovisioning);
    return drawLevel(shares, this.#random.next());
  }

  /** An ejected endpoint whose term is over, of this level or a better one: lower ones have no traffic to win back. */
  #trialUpTo(level: number, now: number, tried: readonly number[]): PoolEndpoint | undefined {
    for (let i = 0; i <= level; i++) {
      for (const endpoint of this.#levels[i] ?? []) {
        if (endpoint.wantsTrial(now) && !tried.includes(endpoint.endpoint.number)) return endpoint;
      }
    }
    return undefined;
  }

  /** An endpoint not tried yet: of this level, else of the next ones, else of the better ones. */
  #fresh(
    usable: readonly (readonly PoolEndpoint[])[],
    level: number,
    now: number,
    tried: readonly number[],
  ): PoolEndpoint | undefined {
    if (tried.length === 0) return this.#pick(usable[level] ?? [], now);
    for (let i = 0; i < usable.length; i++) {
      const candidates = usable[(level + i) % usable.length] ?? [];
      const untried = candidates.filter((e) => !tried.includes(e.endpoint.number));
      if (untried.length > 0) return this.#pick(untried, now);
    }
    return undefined;
  }

  /** Nothing is healthy: an ejected endpoint whose term is over, one not tried yet if there is one. */
  #lastResort(now: number, wishes: Wishes): PoolEndpoint | undefined {
    const { tried } = wishes;
    let trial: PoolEndpoint | undefined;
    for (const endpoint of this.#levels.flat()) {
      if (!endpoint.wantsTrial(now)) continue;
      if (!tried.includes(endpoint.endpoint.number)) return endpoint;
      trial ??= endpoint;
    }
    return trial;
  }

  /**
   * A level of three or more of which less than half is healthy, while nobody else can carry the traffic, panics:
   * so many probes at once are likelier wrong than right, and the healthy rest would fall next.
   * It then uses what is down by its probes alone. A breaker is never overruled, since it has seen calls fail.
   */
  #panicSet(level: readonly PoolEndpoint[], healthy: number, now: number): readonly PoolEndpoint[] | undefined {
    const { panicMinEndpoints, panicBelowShare } = this.#numbers.balancing;
    if (level.length < panicMinEndpoints || healthy >= panicBelowShare * level.length) return undefined;
    const candidates = level.filter((e) => e.readyInPanic(now));
    return candidates.length > 0 ? candidates : undefined;
  }

  #pick(candidates: readonly PoolEndpoint[], now: number): PoolEndpoint | undefined {
    return pickByTwoChoices(candidates, now, this.#random, this.#numbers.balancing);
  }

  #waitMs(now: number): number | undefined {
    let least: number | undefined;
    for (const endpoint of this.#endpoints) {
      const ms = this.#endpointWaitMs(endpoint, now);
      if (ms !== undefined && (least === undefined || ms < least)) least = ms;
    }
    return least === undefined ? undefined : Math.ceil(least);
  }

  /** Milliseconds until the endpoint may be called again, as far as is known; undefined when taken out by hand. */
  #endpointWaitMs(endpoint: PoolEndpoint, now: number): number | undefined {
    if (endpoint.isolated) return undefined;
    const { downIntervalMs } = this.#numbers.activeHealth;
    const breaker = endpoint.breaker.waitMs(now) ?? downIntervalMs;
    return Math.max(breaker, endpoint.quietMs(now), endpoint.probedDown ? downIntervalMs : 0);
  }
}
