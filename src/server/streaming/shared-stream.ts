import type { Clock, Timer } from '../../runtime/index.ts';
import type { Write } from '../consistency-tokens.ts';
import type { EventStream } from '../way-in/event-stream.ts';

/** Who reserves a stream must open it before long. */
const OPEN_WITHIN_MS = 10_000;

export interface SharedStreamOptions {
  readonly callerId: string;
  readonly clock: Clock;
  /** Nothing can be sent on it any more. */
  readonly onOver: () => void;
}

/** One event stream that carries the answers of many operations, from its reservation to its end. */
export class SharedStream {
  readonly callerId: string;
  /** The sources that mutations over it may have changed, and when: what is read later is not older. */
  readonly writes = new Map<string, Write>();
  readonly #onOver: () => void;
  readonly #operations = new Map<string, AbortController>();
  readonly #opened = Promise.withResolvers<EventStream | undefined>();
  readonly #expiry: Timer;
  #phase: 'reserved' | 'open' | 'over' = 'reserved';
  #events: EventStream | undefined;
  #draining = false;

  constructor({ callerId, clock, onOver }: SharedStreamOptions) {
    this.callerId = callerId;
    this.#onOver = onOver;
    this.#expiry = clock.setTimer(() => this.over(), OPEN_WITHIN_MS);
  }

  get isReserved(): boolean {
    return this.#phase === 'reserved';
  }

  /** What is sent on; undefined when it is over before it was opened. */
  get opened(): Promise<EventStream | undefined> {
    return this.#opened.promise;
  }

  get size(): number {
    return this.#operations.size;
  }

  has(operation: string): boolean {
    return this.#operations.has(operation);
  }

  open(events: EventStream): void {
    this.#expiry.cancel();
    this.#phase = 'open';
    this.#events = events;
    this.#opened.resolve(events);
  }

  /** The signal aborts when the operation is stopped, or the stream is over. */
  begin(operation: string): AbortSignal {
    const controller = new AbortController();
    this.#operations.set(operation, controller);
    if (this.#phase === 'over') controller.abort();
    return controller.signal;
  }

  stop(operation: string): void {
    this.#operations.get(operation)?.abort();
    this.#operations.delete(operation);
  }

  /** The operation of that signal has had its last answer. Its id may be in use for another by now. */
  finish(operation: string, signal: AbortSignal): void {
    if (this.#operations.get(operation)?.signal === signal) this.#operations.delete(operation);
    this.#endIfIdle();
  }

  /** Ends as soon as nothing runs over it. */
  drain(): void {
    this.#draining = true;
    if (this.#phase === 'reserved') this.over();
    this.#endIfIdle();
  }

  over(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#expiry.cancel();
    this.#opened.resolve(undefined);
    for (const controller of this.#operations.values()) controller.abort();
    this.#operations.clear();
    this.#onOver();
  }

  #endIfIdle(): void {
    if (this.#draining && this.#operations.size === 0) this.#events?.end();
  }
}
