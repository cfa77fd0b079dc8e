import type { UpstreamFailure } from '../../errors/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { BreakerStateName, Endpoint, EndpointHealth, HealthState } from '../types.ts';
import { Breaker, type CallVerdict, type Permit } from './breaker.ts';
import { type HealthVerdict, nextVerdict, UNPROBED } from './health-verdict.ts';
import { Latency } from './latency.ts';
import type { PoolNumbers } from './numbers.ts';

/** What the pool tells about an endpoint's changes. */
export interface EndpointWatcher {
  breakerChanged(endpoint: PoolEndpoint, from: BreakerStateName, to: BreakerStateName): void;
  stateChanged(endpoint: PoolEndpoint, from: HealthState, to: HealthState): void;
}

/** One endpoint and all that is known of it: breaker, probes, latency, calls in flight, and when it wants no calls. */
export class PoolEndpoint {
  readonly endpoint: Endpoint;
  readonly breaker: Breaker;
  readonly latency: Latency;
  inFlight = 0;
  readonly #numbers: PoolNumbers;
  readonly #clock: Clock;
  readonly #watcher: EndpointWatcher;
  #verdict: HealthVerdict = UNPROBED;
  #isolated = false;
  #answered = false;
  /** Clock.now() until which the upstream asked not to be called. */
  #quietUntil = 0;
  #recoveredAt: number | undefined;
  #lastFailure: UpstreamFailure | undefined;
  #state: HealthState = 'UNKNOWN';

  constructor(endpoint: Endpoint, numbers: PoolNumbers, clock: Clock, random: Random, watcher: EndpointWatcher) {
    this.endpoint = endpoint;
    this.#numbers = numbers;
    this.#clock = clock;
    this.#watcher = watcher;
    this.latency = new Latency(numbers.balancing.latencyDecayMs);
    this.breaker = new Breaker(numbers.breaker, clock, random, (from, to) => {
      if (to === 'CLOSED') this.#recovered();
      watcher.breakerChanged(this, from, to);
    });
  }

  get state(): HealthState {
    return this.#state;
  }

  get isolated(): boolean {
    return this.#isolated;
  }

  /** Down by the word of the probes. */
  get probedDown(): boolean {
    return this.#verdict.name === 'DOWN';
  }

  /** Milliseconds for which the upstream asked to be left alone; 0 when it did not. */
  quietMs(now: number): number {
    return Math.max(0, this.#quietUntil - now);
  }

  /** Any call may go here. */
  ready(now: number): boolean {
    return this.breaker.closed && this.#verdict.name !== 'DOWN' && !this.#isolated && this.#quietUntil <= now;
  }

  /** One call is wanted here, to find out whether the endpoint is back. */
  wantsTrial(now: number): boolean {
    return this.breaker.wantsTrial(now) && this.#verdict.name !== 'DOWN' && !this.#isolated && this.#quietUntil <= now;
  }

  /** Nothing but the word of the probes speaks against it: what a panicking level uses. */
  readyInPanic(now: number): boolean {
    return this.breaker.closed && !this.#isolated && this.#quietUntil <= now;
  }

  /** The share of the traffic it should get, against the others of its level; small at first after a recovery. */
  weight(now: number): number {
    const { weight } = this.endpoint;
    if (this.#recoveredAt === undefined) return weight;
    const { slowStartMs, slowStartShare } = this.#numbers.balancing;
    const elapsed = now - this.#recoveredAt;
    if (elapsed >= slowStartMs) {
      this.#recoveredAt = undefined;
      return weight;
    }
    return weight * Math.max(slowStartShare, elapsed / slowStartMs);
  }

  succeeded(permit: Permit, ms: number, now: number): void {
    this.latency.record(ms, now);
    this.#answered = true;
    this.breaker.record(permit, 'success', now);
    if (this.#state !== 'HEALTHY') this.refresh();
  }

  failed(permit: Permit, ms: number, failure: UpstreamFailure): void {
    const now = this.#clock.now();
    const verdict = verdictOf(failure);
    if (verdict === 'success') {
      this.latency.record(ms, now);
      this.#answered = true;
    } else {
      this.latency.recordAtLeast(ms, now);
    }
    if (failure.reason !== 'cancelled') this.#lastFailure = failure;
    if (failure.retryAfterMs !== undefined) {
      this.#quietUntil = Math.max(this.#quietUntil, now + failure.retryAfterMs);
    }
    this.breaker.record(permit, verdict);
    this.refresh();
  }

  /** What a call had opened broke off. Says nothing new of an endpoint whose breaker is open. */
  lost(failure: UpstreamFailure): void {
    if (!this.breaker.closed) return;
    const permit = this.breaker.tryAcquire(this.#clock.now());
    this.#lastFailure = failure;
    this.breaker.record(permit, verdictOf(failure));
    this.refresh();
  }

  probed(failure: UpstreamFailure | undefined): void {
    const wasDown = this.probedDown;
    this.#verdict = nextVerdict(this.#verdict, failure === undefined, this.#numbers.activeHealth);
    if (failure === undefined) {
      this.#answered = true;
      if (wasDown && !this.probedDown) this.#recovered();
      // Down by probes, it takes `successesUp` of them; ejected by its calls alone, one is enough.
      if (!this.probedDown) this.breaker.probeSucceeded();
    } else {
      this.#lastFailure = failure;
      this.breaker.probeFailed();
    }
    this.refresh();
  }

  isolate(isolated: boolean): void {
    if (this.#isolated && !isolated) this.#recovered();
    this.#isolated = isolated;
    this.refresh();
  }

  /** Back to the beginning by hand: breaker closed, no word of probes, no wait. */
  reset(): void {
    this.#verdict = UNPROBED;
    this.#quietUntil = 0;
    this.breaker.reset();
    this.refresh();
  }

  /** Notices a change of state, also one that only time has made. */
  refresh(): void {
    const from = this.#state;
    const to = this.#currentState();
    if (from === to) return;
    this.#state = to;
    this.#watcher.stateChanged(this, from, to);
  }

  health(): EndpointHealth {
    const failure = this.#lastFailure;
    return {
      number: this.endpoint.number,
      priority: this.endpoint.priority,
      state: this.#state,
      breaker: this.breaker.state.name,
      lastError: failure === undefined ? undefined : `${failure.code} (${failure.reason})`,
      latencyP50Ms: this.latency.quantile(0.5),
      latencyP99Ms: this.latency.quantile(0.99),
    };
  }

  #currentState(): HealthState {
    if (this.#isolated) return 'PAUSED';
    const breaker = this.breaker.state.name;
    if (this.probedDown || breaker === 'OPEN') return 'DOWN';
    if (breaker === 'HALF_OPEN' || this.#quietUntil > this.#clock.now()) return 'DEGRADED';
    return this.#answered ? 'HEALTHY' : 'UNKNOWN';
  }

  /** Old latencies say nothing about a server that has come back, perhaps with cold caches. */
  #recovered(): void {
    this.#recoveredAt = this.#clock.now();
    this.latency.forget();
  }
}

/** A refused request (4xx) comes from a server that is well. */
function verdictOf(failure: UpstreamFailure): CallVerdict {
  if (failure.countsAgainstHealth) return 'failure';
  return failure.code === 'UPSTREAM_REJECTED' ? 'success' : 'ignored';
}
