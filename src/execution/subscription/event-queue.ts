import type { Outcome } from '../../sources/index.ts';
import type { SubscriptionLimits } from './types.ts';
import { sizeOfValue } from './value-size.ts';

interface Waiting {
  readonly outcome: Outcome;
  readonly bytes: number;
}

/** Answers that a subscriber has not read yet: bounded in number and, behind the first, in bytes. */
export class EventQueue {
  readonly #limits: SubscriptionLimits;
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits;
  }

  /** False when there is no room for it. */
  push(outcome: Outcome): boolean {
    // A subscriber who reads as fast as answers come never has more than one waiting: nothing is measured for it.
    const bytes = this.#waiting.length === 0 || outcome.kind === 'FAILED' ? 0 : sizeOfValue(outcome.value);
    const { queuedEvents, queuedBytes } = this.#limits;
    if (this.#waiting.length >= queuedEvents || this.#bytes + bytes > queuedBytes) return false;
    this.#waiting.push({ outcome, bytes });
    this.#bytes += bytes;
    return true;
  }

  shift(): Outcome | undefined {
    const first = this.#waiting.shift();
    if (first === undefined) return undefined;
    this.#bytes -= first.bytes;
    return first.outcome;
  }

  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }
}
