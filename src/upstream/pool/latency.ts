/** How many of the last answers the percentiles are taken over. */
const SAMPLES = 256;
/** Weight of an answer that follows close on another. */
const MIN_WEIGHT = 0.05;

/** Latency of one endpoint: an average that fades with time, and the last answers for percentiles. */
export class Latency {
  readonly #decayMs: number;
  readonly #ring = new Float64Array(SAMPLES);
  #recorded = 0;
  #average: number | undefined;
  #at = 0;

  constructor(decayMs: number) {
    this.#decayMs = decayMs;
  }

  /** An answer came after `ms`. */
  record(ms: number, now: number): void {
    this.#ring[this.#recorded++ % SAMPLES] = ms;
    this.#observe(ms, now);
  }

  /** A call ended without an answer after `ms`: that may make the endpoint look slower, never faster. */
  recordAtLeast(ms: number, now: number): void {
    this.#observe(Math.max(ms, this.#average ?? 0), now);
  }

  /** Exponentially weighted average in milliseconds; undefined when nothing is known. */
  get average(): number | undefined {
    return this.#average;
  }

  /** The average, fading to 0 while no call is made: a slow endpoint is tried again some day. */
  faded(now: number): number | undefined {
    return this.#average === undefined ? undefined : this.#average * Math.exp((this.#at - now) / this.#decayMs);
  }

  /** Forgets the average, as after a recovery; percentiles stay. */
  forget(): void {
    this.#average = undefined;
  }

  /** Milliseconds within which the share `q` (0..1) of the last answers came; undefined without any. */
  quantile(q: number): number | undefined {
    const count = Math.min(this.#recorded, SAMPLES);
    if (count === 0) return undefined;
    const sorted = this.#ring.slice(0, count).sort();
    return sorted[Math.min(count - 1, Math.max(0, Math.ceil(q * count) - 1))];
  }

  #observe(ms: number, now: number): void {
    if (this.#average === undefined) {
      this.#average = ms;
    } else {
      // By time alone, answers in quick succession would weigh next to nothing.
      const weight = Math.max(MIN_WEIGHT, 1 - Math.exp((this.#at - now) / this.#decayMs));
      this.#average += (ms - this.#average) * weight;
    }
    this.#at = now;
  }
}
