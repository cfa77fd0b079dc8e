import type { Clock } from '../../runtime/index.ts';
import { ConcurrencyGate } from './concurrency-gate.ts';
import { fixedLimit, GradientLimit, type Limit } from './gradient-limit.ts';
import type { PoolNumbers } from './numbers.ts';

/**
 * The concurrency gates of a source: one for each priority level with a gradient limit of its own, so that calls stuck
 * at a silent primary leave room for the backups, whose speed is another anyway;
 * or one for all levels when the policy gives a fixed cap.
 */
export class LevelGates {
  readonly #clock: Clock;
  readonly #numbers: PoolNumbers['concurrency'];
  readonly #first: ConcurrencyGate;
  readonly #byPriority = new Map<number, ConcurrencyGate>();
  #fixed: number | undefined;

  /** Throws RangeError when `maxConcurrency` is not a whole number from 1. */
  constructor(
    priorities: readonly number[],
    maxConcurrency: number | undefined,
    clock: Clock,
    numbers: PoolNumbers['concurrency'],
  ) {
    this.#clock = clock;
    this.#numbers = numbers;
    this.#fixed = maxConcurrency;
    this.#first = new ConcurrencyGate(this.#limit(maxConcurrency), clock, numbers);
    const best = Math.min(...priorities);
    for (const priority of priorities) {
      const gate = priority === best ? this.#first : new ConcurrencyGate(this.#limit(undefined), clock, numbers);
      if (!this.#byPriority.has(priority)) this.#byPriority.set(priority, gate);
    }
  }

  of(priority: number): ConcurrencyGate {
    return this.#fixed === undefined ? (this.#byPriority.get(priority) ?? this.#first) : this.#first;
  }

  /** Calls that may be in flight at the best level, as its limit is now. */
  get best(): number {
    return Math.floor(this.#first.limit.current);
  }

  /** What a gradient limit has learnt is kept when nothing changes. Throws as the constructor does. */
  setMaxConcurrency(maxConcurrency: number | undefined): void {
    if (maxConcurrency === this.#fixed) return;
    const limit = this.#limit(maxConcurrency);
    this.#fixed = maxConcurrency;
    this.#first.setLimit(limit);
  }

  /** The source has come back from an outage. */
  restart(now: number): void {
    for (const gate of this.#byPriority.values()) gate.limit.restart(now);
  }

  #limit(maxConcurrency: number | undefined): Limit {
    if (maxConcurrency === undefined) return new GradientLimit(this.#numbers, this.#clock.now());
    if (Number.isInteger(maxConcurrency) && maxConcurrency >= 1) return fixedLimit(maxConcurrency);
    throw new RangeError(`maxConcurrency must be a whole number from 1, but is ${maxConcurrency}.`);
  }
}
