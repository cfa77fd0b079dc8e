import type { UpstreamFailure } from '../../../errors/index.ts';
import type { SubscriptionEvent } from '../../source.ts';
import { failures } from './failures.ts';

/** Answers that may wait for a reader (a burst comes in one piece), and bytes of them, of which one may have more. */
export const MAX_WAITING = 1_000;
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;

interface Waiting {
  readonly event: SubscriptionEvent;
  readonly bytes: number;
}

type Result = IteratorResult<SubscriptionEvent, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * One reader of a subscription, with what it has yet to read. Who reads too slowly gets what waits already, and then
 * the end: memory is bounded, and nothing is left out in between.
 */
export class Subscriber implements AsyncIterator<SubscriptionEvent, undefined> {
  readonly #begin: (subscriber: Subscriber) => void;
  readonly #onLeave: (subscriber: Subscriber) => void;
  readonly #signal: AbortSignal;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #phase: 'new' | 'listening' | 'ended' = 'new';
  #wanted: ((result: Result) => void)[] = [];

  /** `begin` is called when the first event is asked for, `onLeave` when the reader goes away before the end. */
  constructor(signal: AbortSignal, begin: (subscriber: Subscriber) => void, onLeave: (subscriber: Subscriber) => void) {
    this.#signal = signal;
    this.#begin = begin;
    this.#onLeave = onLeave;
  }

  next(): Promise<Result> {
    if (this.#phase === 'new') {
      if (this.#signal.aborted) this.#phase = 'ended';
      else {
        this.#phase = 'listening';
        this.#signal.addEventListener('abort', this.#leave, { once: true });
        this.#begin(this);
      }
    }
    const first = this.#waiting.shift();
    if (first !== undefined) {
      this.#bytes -= first.bytes;
      return Promise.resolve({ done: false, value: first.event });
    }
    if (this.#phase === 'ended') return Promise.resolve(DONE);
    return new Promise((resolve) => this.#wanted.push(resolve));
  }

  return(): Promise<Result> {
    this.#leave();
    return Promise.resolve(DONE);
  }

  /** False when it was too much for the reader, who has left by that. */
  push(event: SubscriptionEvent, bytes: number): boolean {
    if (this.#phase !== 'listening') return true;
    const wanted = this.#wanted.shift();
    if (wanted !== undefined) {
      wanted({ done: false, value: event });
      return true;
    }
    const full = this.#waiting.length >= MAX_WAITING || this.#bytes + bytes > MAX_WAITING_BYTES;
    if (full && this.#waiting.length > 0) {
      this.end(failures.tooSlow(`${this.#waiting.length} answers (${this.#bytes} bytes) wait for the client`));
      return false;
    }
    this.#waiting.push({ event, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Nothing more comes. Without a failure the subscription was completed. */
  end(failure: UpstreamFailure | undefined): void {
    if (this.#phase === 'ended') return;
    if (failure !== undefined) {
      const event: SubscriptionEvent = { kind: 'ENDED', failure };
      const wanted = this.#wanted.shift();
      if (wanted === undefined) this.#waiting.push({ event, bytes: 0 });
      else wanted({ done: false, value: event });
    }
    this.#over();
  }

  readonly #leave = (): void => {
    if (this.#phase === 'ended') return;
    const listened = this.#phase === 'listening';
    this.#waiting.length = 0;
    this.#over();
    if (listened) this.#onLeave(this);
  };

  #over(): void {
    this.#phase = 'ended';
    this.#signal.removeEventListener('abort', this.#leave);
    for (const resolve of this.#wanted.splice(0)) resolve(DONE);
  }
}
