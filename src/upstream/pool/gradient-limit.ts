import type { PoolNumbers } from './numbers.ts';

/** How many calls may be in flight to a source at once. */
export interface Limit {
  readonly current: number;
  /** An answer came after `ms`, while `inFlight` calls were out. */
  sample(ms: number, inFlight: number, now: number): void;
  /** The upstream said that it is overloaded. */
  overloaded(now: number): void;
  /** A connection could not be opened in time: those in flight may all be waiting for one. */
  unreachable(now: number): void;
  /** The source has come back from an outage: begin carefully. */
  restart(now: number): void;
}

/** What the policy says. */
export function fixedLimit(current: number): Limit {
  const nothing = (): void => {};
  return { current, sample: nothing, overloaded: nothing, unreachable: nothing, restart: nothing };
}

/** Answers in the first windows, over which the long-term latency is a plain average. */
const WARM_UP_WINDOWS = 10;
/** Weight of a window in the long-term latency: slow to believe that slow is normal, quick to believe in better. */
const RISE = 1 / 600;
const FALL = 1 / 10;
/** Step back when the upstream itself asks for less. */
const OVERLOAD_FACTOR = 0.9;
/** So far back that the places of the first few calls that fail go to nobody else before the breaker has its say. */
const UNREACHABLE_FACTOR = 0.7;

/**
 * A limit found by latency, after Netflix's Gradient2: while answers come as fast as they do in the long run the limit
 * grows by its square root each window; when they take more than `tolerance` times as long it shrinks in proportion.
 * Unlike there only steps down are smoothed, so that a source with slow answers is soon let have what it needs,
 * and the long-term latency falls faster than it rises, so that a long overload does not become the norm.
 * https://github.com/Netflix/concurrency-limits
 */
export class GradientLimit implements Limit {
  readonly #numbers: PoolNumbers['concurrency'];
  #limit: number;
  #longMs: number | undefined;
  #windows = 0;
  #windowStart: number;
  #samples = 0;
  #sumMs = 0;
  #maxInFlight = 0;
  #steppedBackAt = 0;

  constructor(numbers: PoolNumbers['concurrency'], now: number) {
    this.#numbers = numbers;
    this.#limit = numbers.start;
    this.#windowStart = now;
  }

  get current(): number {
    return this.#limit;
  }

  sample(ms: number, inFlight: number, now: number): void {
    this.#samples++;
    this.#sumMs += Math.max(ms, this.#numbers.latencyFloorMs);
    if (inFlight > this.#maxInFlight) this.#maxInFlight = inFlight;
    if (this.#samples < this.#numbers.windowSamples || now - this.#windowStart < this.#numbers.windowMs) return;
    this.#step(this.#sumMs / this.#samples);
    this.#startWindow(now);
  }

  /** Once a window at most: refusals come in bursts, and a burst is one message. */
  overloaded(now: number): void {
    this.#stepBack(OVERLOAD_FACTOR, now);
  }

  unreachable(now: number): void {
    this.#stepBack(UNREACHABLE_FACTOR, now);
  }

  restart(now: number): void {
    this.#limit = Math.min(this.#limit, this.#numbers.start);
    this.#startWindow(now);
  }

  #stepBack(factor: number, now: number): void {
    if (now - this.#steppedBackAt < this.#numbers.windowMs) return;
    this.#steppedBackAt = now;
    this.#set(this.#limit * factor);
  }

  #step(shortMs: number): void {
    const longMs = this.#updateLong(shortMs);
    // A limit that is not in use teaches nothing.
    if (this.#maxInFlight < this.#limit / 2) return;
    const gradient = Math.max(0.5, Math.min(1, (this.#numbers.tolerance * longMs) / shortMs));
    const target = this.#limit * gradient + Math.sqrt(this.#limit);
    this.#set(target >= this.#limit ? target : this.#limit + (target - this.#limit) * this.#numbers.smoothing);
  }

  #updateLong(shortMs: number): number {
    this.#windows++;
    if (this.#longMs === undefined) this.#longMs = shortMs;
    else if (this.#windows <= WARM_UP_WINDOWS) this.#longMs += (shortMs - this.#longMs) / this.#windows;
    else this.#longMs += (shortMs - this.#longMs) * (shortMs > this.#longMs ? RISE : FALL);
    return this.#longMs;
  }

  #set(limit: number): void {
    this.#limit = Math.min(this.#numbers.max, Math.max(this.#numbers.min, limit));
  }

  #startWindow(now: number): void {
    this.#windowStart = now;
    this.#samples = 0;
    this.#sumMs = 0;
    this.#maxInFlight = 0;
  }
}
