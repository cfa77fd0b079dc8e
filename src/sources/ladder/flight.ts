import type { StoreTicket } from '../../cache/index.ts';
import { type Cancellation, Canceller, type Clock } from '../../runtime/index.ts';
import { LADDER_DEFAULTS } from './rules.ts';

/** How waiting ended: with the result, because the time was up, or because the one who waits has gone. */
export type Waited<T> =
  | { readonly kind: 'landed'; readonly result: T }
  | { readonly kind: 'late' }
  | { readonly kind: 'left' };

/** What a flight is for. */
export interface Boarding<T> {
  /** What callers must have in common to share the flight; undefined: nobody shares it. */
  readonly text: string | undefined;
  readonly ticket: StoreTicket | undefined;
  /** Clock.now() at which the call must be over. */
  readonly deadline: number;
  /** Makes the call, and tells `land` its result once. Cancelled only when nobody waits any more. Never throws. */
  readonly call: (cancellation: Cancellation, land: (result: T) => void) => void;
}

/**
 * One call that any number of callers wait for, each for as long as it likes. It has a cancellation of its own:
 * the first caller may leave, and the call goes on for the others; when the last one leaves it is cancelled, unless it
 * was told to go on behind.
 */
export class Flight<T> {
  readonly boarding: Boarding<T>;
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #onOver: () => void;
  readonly #canceller = new Canceller();
  /** undefined: nobody. Most flights have one, and an array that grows from nothing takes room for many. */
  #waiters: ((how: Waited<T>) => void)[] | undefined;
  #goesOnBehind = false;
  #over = false;
  #landed: Waited<T> | undefined;

  /** `onOver` is told once, when it has landed or was abandoned. */
  constructor(boarding: Boarding<T>, clock: Clock, onOver: () => void) {
    this.boarding = boarding;
    this.startedAt = clock.now();
    this.#clock = clock;
    this.#onOver = onOver;
  }

  /** To be called once. Apart from the constructor, so that the flight can be found before anything happens. */
  start(): void {
    this.boarding.call(this.#canceller, (result) => this.#land(result));
  }

  /** Goes on to its end even when nobody waits. */
  goOnBehind(): void {
    this.#goesOnBehind = true;
  }

  /**
   * Waits until the flight lands, `until` (Clock.now()) comes, or `signal` aborts. `leave` ends with this caller
   * giving up its seat; with `'stay'` a late caller leaves the flight to go on behind.
   */
  wait(until: number, signal: AbortSignal, whenLate: 'leave' | 'stay'): Promise<Waited<T>> {
    if (this.#landed !== undefined) return Promise.resolve(this.#landed);
    if (signal.aborted) {
      this.#abandonIfEmpty();
      return Promise.resolve({ kind: 'left' });
    }
    return new Promise((resolve) => {
      const end = (how: Waited<T>): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        resolve(how);
        if (how.kind !== 'landed') this.#leave(end);
      };
      const onAbort = (): void => end({ kind: 'left' });
      const onLate = (): void => {
        if (whenLate === 'stay') this.#goesOnBehind = true;
        end({ kind: 'late' });
      };
      const timer = this.#clock.setTimer(onLate, Math.max(0, until - this.#clock.now()));
      signal.addEventListener('abort', onAbort);
      if (this.#waiters === undefined) this.#waiters = [end];
      else this.#waiters.push(end);
    });
  }

  /** Ends it with this result for everybody, and cancels the call. */
  end(result: T): void {
    this.#land(result);
    this.#canceller.abort();
  }

  #land(result: T): void {
    if (this.#landed !== undefined) return;
    const landed: Waited<T> = { kind: 'landed', result };
    this.#landed = landed;
    this.#finish();
    const waiters = this.#waiters;
    this.#waiters = undefined;
    for (const end of waiters ?? []) end(landed);
  }

  #leave(waiter: (how: Waited<T>) => void): void {
    const waiters = this.#waiters ?? [];
    waiters.splice(waiters.indexOf(waiter), 1);
    if (waiters.length === 0) this.#waiters = undefined;
    this.#abandonIfEmpty();
  }

  #abandonIfEmpty(): void {
    if (this.#waiters !== undefined || this.#goesOnBehind || this.#over) return;
    this.#finish();
    this.#canceller.abort();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver();
  }
}

/**
 * Until when a caller with this deadline waits. A flight that must be over by then ends by itself, and tells better
 * why than a timer can: it is given a moment for that.
 */
export function lastMoment<T>({ boarding }: Flight<T>, deadline: number): number {
  return boarding.deadline <= deadline ? deadline + LADDER_DEFAULTS.landingGraceMs : deadline;
}
