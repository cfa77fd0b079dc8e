import { randomBytes } from 'node:crypto';

/** Randomness, injected so that tests own it. */
export interface Random {
  /** A number in [0, 1). For jitter and balancing; never for secrets. */
  next(): number;
  /** `size` bytes fit for secrets. */
  bytes(size: number): Buffer;
}

/** As many bytes as ids have; keys have more, and are asked for by themselves. */
const MAX_FROM_STORE = 16;
const STORE_BYTES = 4_096;

/** Random bytes fetched ahead: asking the system for a few costs as much as for many. Each is given out once. */
class ByteStore {
  #bytes: Buffer = Buffer.alloc(0);
  #used = 0;

  take(size: number): Buffer {
    if (size > MAX_FROM_STORE) return randomBytes(size);
    if (this.#used + size > this.#bytes.length) {
      this.#bytes = randomBytes(STORE_BYTES);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += size;
    const taken = Buffer.from(this.#bytes.subarray(from, this.#used));
    this.#bytes.fill(0, from, this.#used);
    return taken;
  }
}

const store = new ByteStore();

export const systemRandom: Random = {
  next: Math.random,
  bytes: (size) => store.take(size),
};
