/** Calls and failures of the last while, in a ring of buckets: constant space, no allocation per call. */
export class RollingCounts {
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #ids: Float64Array;
  readonly #calls: Uint32Array;
  readonly #failures: Uint32Array;

  /** Remembers `spanMs`, counted in buckets of `bucketMs`. */
  constructor(spanMs: number, bucketMs: number) {
    this.#bucketMs = bucketMs;
    this.#buckets = Math.ceil(spanMs / bucketMs);
    this.#ids = new Float64Array(this.#buckets).fill(-1);
    this.#calls = new Uint32Array(this.#buckets);
    this.#failures = new Uint32Array(this.#buckets);
  }

  add(now: number, failed: boolean): void {
    const id = Math.floor(now / this.#bucketMs);
    const slot = id % this.#buckets;
    if (this.#ids[slot] !== id) {
      this.#ids[slot] = id;
      this.#calls[slot] = 0;
      this.#failures[slot] = 0;
    }
    this.#calls[slot] = (this.#calls[slot] ?? 0) + 1;
    if (failed) this.#failures[slot] = (this.#failures[slot] ?? 0) + 1;
  }

  /** What happened in the last `windowMs`: the bucket of `now` and those before it. */
  sum(now: number, windowMs: number): { readonly calls: number; readonly failures: number } {
    const newest = Math.floor(now / this.#bucketMs);
    const oldest = newest - Math.min(this.#buckets, Math.ceil(windowMs / this.#bucketMs)) + 1;
    let calls = 0;
    let failures = 0;
    for (let slot = 0; slot < this.#buckets; slot++) {
      const id = this.#ids[slot] ?? -1;
      if (id < oldest || id > newest) continue;
      calls += this.#calls[slot] ?? 0;
      failures += this.#failures[slot] ?? 0;
    }
    return { calls, failures };
  }

  clear(): void {
    this.#ids.fill(-1);
  }
}
