import type { PoolNumbers } from './numbers.ts';

/** Five fifths are one token, whatever floating point makes of them. */
const WHOLE = 1 - 1e-9;

/**
 * How many retries and hedges a source may make: each call earns a part of a token, each retry costs one.
 * Without tokens a few a second are still allowed, so that a quiet source retries too. Nothing is there at first.
 */
export class RetryBudget {
  readonly #numbers: PoolNumbers['retry'];
  #tokens = 0;
  #floor: number;
  #floorAt: number;

  constructor(numbers: PoolNumbers['retry'], now: number) {
    this.#numbers = numbers;
    this.#floor = numbers.floorPerSecond;
    this.#floorAt = now;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** A call begins. */
  deposit(): void {
    this.#tokens = Math.min(this.#numbers.tokensMax, this.#tokens + this.#numbers.tokensPerCall);
  }

  /** Takes what one retry costs; false when there is nothing left. */
  withdraw(now: number): boolean {
    if (this.#tokens >= WHOLE) {
      this.#tokens = Math.max(0, this.#tokens - 1);
      return true;
    }
    const { floorPerSecond } = this.#numbers;
    this.#floor = Math.min(floorPerSecond, this.#floor + ((now - this.#floorAt) / 1_000) * floorPerSecond);
    this.#floorAt = now;
    if (this.#floor < 1) return false;
    this.#floor -= 1;
    return true;
  }
}
