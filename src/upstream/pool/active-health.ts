import type { Clock, Random, Timer } from '../../runtime/index.ts';
import type { Endpoint } from '../types.ts';
import { probeTimedOut } from './failures.ts';
import type { PoolNumbers } from './numbers.ts';

/** Asks one endpoint whether it is there: resolves when it is, rejects when it is not. */
export type Probe = (endpoint: Endpoint, signal: AbortSignal) => Promise<void>;

export interface ProberOptions {
  readonly endpoint: Endpoint;
  readonly probe: Probe;
  readonly numbers: PoolNumbers['activeHealth'];
  readonly clock: Clock;
  readonly random: Random;
  /** The endpoint is not well: probe at the shorter interval. */
  readonly isDown: () => boolean;
  /** `error` is undefined when the probe succeeded. */
  readonly onResult: (error: unknown) => void;
}

type ProberState =
  | { readonly name: 'STOPPED' }
  | { readonly name: 'WAITING'; readonly timer: Timer; readonly due: number }
  | { readonly name: 'PROBING'; readonly controller: AbortController; readonly timer: Timer };

const STOPPED: ProberState = { name: 'STOPPED' };

/** Probes one endpoint over and over, one probe at a time, until stopped. */
export class Prober {
  readonly #options: ProberOptions;
  #intervalMs: number;
  #state: ProberState = STOPPED;

  constructor(options: ProberOptions) {
    this.#options = options;
    this.#intervalMs = options.numbers.intervalMs;
  }

  /** The first probe comes at a random moment of the first interval, so that many sources do not probe together. */
  start(): void {
    if (this.#state.name === 'STOPPED') this.#wait(this.#intervalMs * this.#options.random.next());
  }

  /** Calls off the wait and the probe in flight, whose result is not reported. */
  stop(): void {
    const state = this.#state;
    this.#state = STOPPED;
    if (state.name === 'STOPPED') return;
    state.timer.cancel();
    if (state.name === 'PROBING') state.controller.abort();
  }

  /** The endpoint has just gone down: do not wait for the long interval. */
  hurry(): void {
    const state = this.#state;
    if (state.name !== 'WAITING') return;
    const ms = this.#jitter(this.#options.numbers.downIntervalMs);
    if (state.due <= this.#options.clock.now() + ms) return;
    state.timer.cancel();
    this.#wait(ms);
  }

  /** From the next wait on. */
  setInterval(ms: number): void {
    this.#intervalMs = ms;
  }

  #wait(ms: number): void {
    const { clock } = this.#options;
    this.#state = { name: 'WAITING', due: clock.now() + ms, timer: clock.setTimer(() => this.#probe(), ms) };
  }

  #probe(): void {
    const { clock, endpoint, numbers, probe } = this.#options;
    const controller = new AbortController();
    const end = (error: unknown): void => {
      if (this.#state !== state) return;
      timer.cancel();
      this.#options.onResult(error);
      // Whoever heard the result may have stopped us.
      if (this.#state !== state) return;
      const intervalMs = this.#options.isDown() ? Math.min(numbers.downIntervalMs, this.#intervalMs) : this.#intervalMs;
      this.#wait(this.#jitter(intervalMs));
    };
    const timer = clock.setTimer(() => {
      const failure = probeTimedOut(endpoint, numbers.timeoutMs);
      controller.abort(failure);
      end(failure);
    }, numbers.timeoutMs);
    const state: ProberState = { name: 'PROBING', controller, timer };
    this.#state = state;
    new Promise<void>((resolve) => resolve(probe(endpoint, controller.signal))).then(
      () => end(undefined),
      (error: unknown) => end(error ?? new Error('The probe rejected without a reason.')),
    );
  }

  #jitter(ms: number): number {
    return ms * (1 + this.#options.numbers.jitter * (2 * this.#options.random.next() - 1));
  }
}
