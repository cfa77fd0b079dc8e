import type { UpstreamFailure } from '../../errors/index.ts';
import { type Clock, Emitter, type Events, LinkedSet, type Random } from '../../runtime/index.ts';
import type { BreakerStateName, Endpoint, HealthState, UpstreamEvent, UpstreamHealth } from '../types.ts';
import { type Probe, Prober } from './active-health.ts';
import { CallRun, type CallServices, type RunningCall } from './call-run.ts';
import { EndpointChooser } from './endpoint-chooser.ts';
import { asProbeFailure, poolClosed, sourcePaused } from './failures.ts';
import { LevelGates } from './level-gates.ts';
import { layPoolNumbers, type PoolNumberOverrides, type PoolNumbers } from './numbers.ts';
import { type EndpointWatcher, PoolEndpoint } from './pool-endpoint.ts';
import { RetryBudget } from './retry-budget.ts';
import { sourceState } from './source-state.ts';
import type { Availability, EndpointPool, PoolAttempt, PoolCall, PoolResult } from './types.ts';

export interface EndpointPoolOptions {
  /** The source's name, for events and failures. */
  readonly source: string;
  /** At least one; numbers are unique. */
  readonly endpoints: readonly Endpoint[];
  /** Without it health is known from calls alone. Probing begins at once and ends with `close`; it rests while paused. */
  readonly healthCheck?: HealthCheck;
  /** Fixed cap on attempts in flight; default: a gradient limit for each level. */
  readonly maxConcurrency?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly numbers?: PoolNumberOverrides;
}

export interface HealthCheck {
  readonly probe: Probe;
  /** Milliseconds between probes of a healthy endpoint; default 5 000. */
  readonly intervalMs?: number;
}

/** What may change while calls go on. An absent field means its default. */
export interface PoolSettings {
  readonly maxConcurrency?: number | undefined;
  readonly probeIntervalMs?: number | undefined;
}

/** An endpoint pool whose settings can be changed. */
export interface ConfigurableEndpointPool extends EndpointPool {
  reconfigure(settings: PoolSettings): void;
  /** Calls that may be in flight at the best level now: who has many to make should not begin more at once. */
  concurrency(): number;
  /** Takes what one retry costs from the budget, for whoever asks an upstream again by himself; false: it is used up. */
  takeRetry(): boolean;
  /** A stream that a call had opened at this endpoint was lost: it counts like a call that failed. */
  lost(endpoint: number, failure: UpstreamFailure): void;
}

/**
 * Makes the pool of a source's endpoints.
 *
 *     const pool = createEndpointPool({ source: 'petstore', endpoints, clock: systemClock, random: systemRandom });
 *     const result = await pool.call({ attempt, idempotent: true, deadline, attemptTimeoutMs: 3_000, retries: 2, signal });
 */
export function createEndpointPool(options: EndpointPoolOptions): ConfigurableEndpointPool {
  return new Pool(options);
}

class Pool implements ConfigurableEndpointPool, EndpointWatcher {
  readonly events: Events<UpstreamEvent>;
  readonly #emitter = new Emitter<UpstreamEvent>();
  readonly #source: string;
  readonly #clock: Clock;
  readonly #numbers: PoolNumbers;
  readonly #endpoints: readonly PoolEndpoint[];
  readonly #probers = new Map<PoolEndpoint, Prober>();
  readonly #chooser: EndpointChooser;
  readonly #gates: LevelGates;
  readonly #services: CallServices;
  readonly #running = new LinkedSet<RunningCall>();
  #paused = false;
  #closed = false;
  #state: HealthState = 'UNKNOWN';
  #since: number;

  constructor(options: EndpointPoolOptions) {
    const { source, clock, random } = options;
    checkEndpoints(options.endpoints, source);
    const numbers = layPoolNumbers(options.numbers);
    this.events = this.#emitter;
    this.#source = source;
    this.#clock = clock;
    this.#numbers = numbers;
    this.#since = clock.now();
    this.#endpoints = options.endpoints.map((e) => new PoolEndpoint(e, numbers, clock, random, this));
    this.#chooser = new EndpointChooser(this.#endpoints, numbers, random);
    const priorities = options.endpoints.map((e) => e.priority);
    this.#gates = new LevelGates(priorities, options.maxConcurrency, clock, numbers.concurrency);
    this.#services = {
      source,
      clock,
      random,
      numbers,
      chooser: this.#chooser,
      gates: this.#gates,
      budget: new RetryBudget(numbers.retry, clock.now()),
      barred: () => this.#barred(),
      onAttempt: (attempt) => this.#attempted(attempt),
      running: this.#running,
    };
    if (options.healthCheck !== undefined) this.#addProbers(options.healthCheck, random);
  }

  concurrency(): number {
    return this.#gates.best;
  }

  takeRetry(): boolean {
    return this.#services.budget.withdraw(this.#clock.now());
  }

  call<T>(call: PoolCall<T>): Promise<PoolResult<T>> {
    return new CallRun(call, this.#services).result;
  }

  get size(): number {
    return this.#endpoints.length;
  }

  availability(): Availability {
    if (this.#paused) return 'paused';
    return !this.#closed && this.#chooser.available(this.#clock.now()) ? 'available' : 'down';
  }

  lost(endpoint: number, failure: UpstreamFailure): void {
    this.#endpoint(endpoint).lost(failure);
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#closed) return;
    this.#paused = paused;
    for (const prober of this.#probers.values()) {
      if (paused) prober.stop();
      else prober.start();
    }
    this.#refresh();
  }

  isolate(endpoint: number, isolated: boolean): void {
    this.#endpoint(endpoint).isolate(isolated);
  }

  resetBreaker(endpoint: number): void {
    this.#endpoint(endpoint).reset();
  }

  reconfigure(settings: PoolSettings): void {
    this.#gates.setMaxConcurrency(settings.maxConcurrency);
    const intervalMs = settings.probeIntervalMs ?? this.#numbers.activeHealth.intervalMs;
    for (const prober of this.#probers.values()) prober.setInterval(intervalMs);
  }

  health(): UpstreamHealth {
    for (const endpoint of this.#endpoints) endpoint.refresh();
    return { state: this.#state, since: this.#since, endpoints: this.#endpoints.map((e) => e.health()) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const prober of this.#probers.values()) prober.stop();
    const running = this.#running.values();
    const failure = poolClosed(this.#source);
    for (const call of running) call.stop(failure);
    await Promise.allSettled(running.map(({ result }) => result));
  }

  breakerChanged(endpoint: PoolEndpoint, from: BreakerStateName, to: BreakerStateName): void {
    this.#emitter.emit({ type: 'breaker', source: this.#source, endpoint: endpoint.endpoint.number, from, to });
    if (to === 'OPEN') this.#probers.get(endpoint)?.hurry();
    // A breaker also changes when a call asks it for a permit; the endpoint's state follows.
    endpoint.refresh();
  }

  stateChanged(endpoint: PoolEndpoint, from: HealthState, to: HealthState): void {
    this.#emitter.emit({ type: 'endpoint', source: this.#source, endpoint: endpoint.endpoint.number, from, to });
    this.#refresh();
  }

  #attempted(attempt: PoolAttempt): void {
    const { endpoint, durationMs, failure } = attempt;
    this.#emitter.emit({ type: 'attempt', source: this.#source, endpoint, durationMs, failure });
  }

  #refresh(): void {
    const from = this.#state;
    const to = sourceState(
      this.#paused,
      this.#endpoints.map((e) => e.state),
    );
    if (from === to) return;
    this.#state = to;
    this.#since = this.#clock.now();
    if (from === 'DOWN') this.#gates.restart(this.#since);
    this.#emitter.emit({ type: 'health', source: this.#source, from, to });
  }

  #barred(): UpstreamFailure | undefined {
    if (this.#closed) return poolClosed(this.#source);
    return this.#paused ? sourcePaused(this.#source) : undefined;
  }

  #addProbers(healthCheck: HealthCheck, random: Random): void {
    const { intervalMs, probe } = healthCheck;
    for (const endpoint of this.#endpoints) {
      const prober = new Prober({
        endpoint: endpoint.endpoint,
        probe,
        numbers: this.#numbers.activeHealth,
        clock: this.#clock,
        random,
        isDown: () => endpoint.probedDown || !endpoint.breaker.closed,
        onResult: (error) => endpoint.probed(error === undefined ? undefined : asProbeFailure(error)),
      });
      if (intervalMs !== undefined) prober.setInterval(intervalMs);
      this.#probers.set(endpoint, prober);
      prober.start();
    }
  }

  #endpoint(number: number): PoolEndpoint {
    const found = this.#endpoints.find((e) => e.endpoint.number === number);
    if (found !== undefined) return found;
    const known = this.#endpoints.map((e) => e.endpoint.number).join(', ');
    throw new RangeError(`${this.#source} has the endpoints ${known}; there is no endpoint ${number}.`);
  }
}

function checkEndpoints(endpoints: readonly Endpoint[], source: string): void {
  if (endpoints.length === 0) throw new RangeError(`${source} needs at least one endpoint; none was given.`);
  const numbers = endpoints.map((e) => e.number);
  if (new Set(numbers).size < numbers.length) {
    throw new RangeError(`The endpoints of ${source} must have numbers of their own, but have ${numbers.join(', ')}.`);
  }
}
