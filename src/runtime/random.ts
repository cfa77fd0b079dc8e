import { randomBytes } from 'node:crypto';

/** Randomness, injected so that tests own it. */
export interface Random {
  /** A number in [0, 1). For jitter and balancing; never for secrets. */
  next(): number;
  /** `size` bytes fit for secrets. */
  bytes(size: number): Buffer;
}

export const systemRandom: Random = {
  next: Math.random,
  bytes: randomBytes,
};
