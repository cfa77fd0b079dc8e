import { type Cancellation, Canceller, type Clock } from '../../runtime/index.ts';
import { LADDER_DEFAULTS } from './rules.ts';

/** How waiting ended: with the result, because the time was up, or because the one who waits has gone. */
export type Waited<T> =
  | { readonly kind: 'landed'; readonly result: T }
  | { readonly kind: 'late' }
  | { readonly kind: 'left' };

export interface FlightOptions<T> {
  readonly clock: Clock;
  /** Clock.now() at which the call must be over. */
  readonly deadline: number;
  /** Makes the call. Aborted by the signal only when nobody waits any more. Never rejects. */
  readonly call: (signal: Cancellation) => Promise<T>;
  /** Told once, when it has landed or was abandoned. */
  readonly onOver: () => void;
}

/**
 * One call that any number of callers wait for, each for as long as it likes. It has a cancellation of its own:
 * the first caller may leave, and the call goes on for the others; when the last one leaves it is aborted, unless it
 * was told to go on behind.
 */
export class Flight<T> {
  readonly startedAt: number;
  readonly deadline: number;
  readonly #options: FlightOptions<T>;
  readonly #canceller = new Canceller();
  #waiters: ((result: T) => void)[] = [];
  #goesOnBehind = false;
  #over = false;
  #landed: { readonly result: T } | undefined;

  constructor(options: FlightOptions<T>) {
    this.#options = options;
    this.startedAt = options.clock.now();
    this.deadline = options.deadline;
  }

  /** To be called once. Apart from the constructor, so that the flight can be found before anything happens. */
  start(): void {
    void this.#options.call(this.#canceller).then((result) => this.#land(result));
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
    if (this.#landed !== undefined) return Promise.resolve({ kind: 'landed', result: this.#landed.result });
    if (signal.aborted) {
      this.#abandonIfEmpty();
      return Promise.resolve({ kind: 'left' });
    }
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const end = (how: Waited<T>): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        resolve(how);
        if (how.kind !== 'landed') this.#leave(onLanded);
      };
      const onLanded = (result: T): void => end({ kind: 'landed', result });
      const onAbort = (): void => end({ kind: 'left' });
      const onLate = (): void => {
        if (whenLate === 'stay') this.#goesOnBehind = true;
        end({ kind: 'late' });
      };
      const timer = clock.setTimer(onLate, Math.max(0, until - clock.now()));
      signal.addEventListener('abort', onAbort);
      this.#waiters.push(onLanded);
    });
  }

  /** Ends it with this result for everybody, and aborts the call. */
  end(result: T): void {
    this.#land(result);
    this.#canceller.abort();
  }

  #land(result: T): void {
    if (this.#landed !== undefined) return;
    this.#landed = { result };
    this.#finish();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter(result);
  }

  #leave(waiter: (result: T) => void): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    this.#abandonIfEmpty();
  }

  #abandonIfEmpty(): void {
    if (this.#waiters.length > 0 || this.#goesOnBehind || this.#over) return;
    this.#finish();
    this.#canceller.abort();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onOver();
  }
}

/**
 * Until when a caller with this deadline waits. A flight that must be over by then ends by itself, and tells better
 * why than a timer can: it is given a moment for that.
 */
export function lastMoment(flight: Pick<Flight<never>, 'deadline'>, deadline: number): number {
  return flight.deadline <= deadline ? deadline + LADDER_DEFAULTS.landingGraceMs : deadline;
}
