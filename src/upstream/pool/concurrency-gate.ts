import type { Clock, Timer } from '../../runtime/index.ts';
import type { Limit } from './gradient-limit.ts';
import type { PoolNumbers } from './numbers.ts';

/** Somebody who waits for a place. */
export interface GateWait {
  /** True: a place was taken, and must be left again. False: none came in time, or the wait was called off. */
  readonly entered: Promise<boolean>;
  cancel(): void;
}

interface Waiter {
  readonly settle: (entered: boolean) => void;
  readonly timer: Timer;
}

/**
 * Places for calls in flight to one source, and a short queue for them: at most as many wait as may be in flight,
 * first come, first served. Once somebody has waited in vain, waits are cut to `queueWaitOverloadedMs`, until for
 * `queueWaitMs` nobody has: under lasting overload a long queue makes everybody slow and nobody served.
 * https://queue.acm.org/detail.cfm?id=2839461 (controlled delay)
 */
export class ConcurrencyGate {
  readonly #clock: Clock;
  readonly #numbers: PoolNumbers['concurrency'];
  readonly #queue = new Set<Waiter>();
  #limit: Limit;
  #inFlight = 0;
  /** When somebody last waited in vain. */
  #inVainAt = -Infinity;

  constructor(limit: Limit, clock: Clock, numbers: PoolNumbers['concurrency']) {
    this.#limit = limit;
    this.#clock = clock;
    this.#numbers = numbers;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get limit(): Limit {
    return this.#limit;
  }

  setLimit(limit: Limit): void {
    this.#limit = limit;
    this.#admit();
  }

  /** Takes a place if one is free and nobody waits for it. */
  tryEnter(): boolean {
    if (this.#queue.size > 0 || !this.#hasRoom()) return false;
    this.#inFlight++;
    return true;
  }

  /** Waits for a place, `maxWaitMs` at most; undefined when the queue is full. */
  wait(maxWaitMs: number): GateWait | undefined {
    if (this.#queue.size >= this.#limit.current) return undefined;
    const { queueWaitMs, queueWaitOverloadedMs } = this.#numbers;
    const isBehind = this.#clock.now() - this.#inVainAt <= queueWaitMs;
    const waitMs = Math.min(maxWaitMs, isBehind ? queueWaitOverloadedMs : queueWaitMs);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const giveUp = (): void => {
      if (this.#queue.delete(waiter)) waiter.settle(false);
    };
    const timer = this.#clock.setTimer(() => {
      this.#inVainAt = this.#clock.now();
      giveUp();
    }, waitMs);
    const waiter: Waiter = {
      timer,
      settle: (entered) => {
        timer.cancel();
        resolve(entered);
      },
    };
    this.#queue.add(waiter);
    return { entered: promise, cancel: giveUp };
  }

  leave(): void {
    this.#inFlight--;
    if (this.#queue.size > 0) this.#admit();
  }

  #admit(): void {
    for (const waiter of this.#queue) {
      if (!this.#hasRoom()) return;
      this.#queue.delete(waiter);
      this.#inFlight++;
      waiter.settle(true);
    }
  }

  /** A limit of 4.9 is four. */
  #hasRoom(): boolean {
    return this.#inFlight + 1 <= this.#limit.current;
  }
}
