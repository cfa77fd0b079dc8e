import type { CallCache, StoreTicket } from '../../cache/index.ts';
import { type Cancellation, type Clock, LinkedSet, TransientMap } from '../../runtime/index.ts';
import { Flight } from './flight.ts';

interface Entry<T> {
  readonly flight: Flight<T>;
  readonly ticket: StoreTicket | undefined;
}

export interface Boarding<T> {
  /** What callers must have in common to share a flight; undefined: nobody shares it. */
  readonly text: string | undefined;
  readonly ticket: StoreTicket | undefined;
  readonly deadline: number;
  readonly call: (signal: Cancellation) => Promise<T>;
}

/** The calls under way, at most one that can be joined for each key. */
export class Flights<T> {
  readonly #clock: Clock;
  readonly #cache: CallCache;
  readonly #joinable = new TransientMap<Entry<T>>();
  readonly #all = new LinkedSet<Flight<T>>();

  constructor(clock: Clock, cache: CallCache) {
    this.#clock = clock;
    this.#cache = cache;
  }

  /** A flight whose answer nothing has made old: no purge since it began, and begun no earlier than `notBefore`. */
  find(text: string, notBefore: number): Flight<T> | undefined {
    const entry = this.#joinable.get(text);
    if (entry === undefined || entry.flight.startedAt < notBefore) return undefined;
    return entry.ticket === undefined || this.#cache.isCurrent(entry.ticket) ? entry.flight : undefined;
  }

  has(text: string): boolean {
    return this.#joinable.get(text) !== undefined;
  }

  start(boarding: Boarding<T>): Flight<T> {
    const { text, ticket, deadline, call } = boarding;
    const onOver = (): void => {
      this.#all.delete(link);
      if (text !== undefined) this.#forget(text, entry);
    };
    const flight = new Flight<T>({ clock: this.#clock, deadline, call, onOver });
    const link = this.#all.add(flight);
    const entry: Entry<T> = { flight, ticket };
    if (text !== undefined) this.#joinable.set(text, entry);
    flight.start();
    return flight;
  }

  /** Ends every flight with this result. */
  endAll(result: T): void {
    for (const flight of this.#all.values()) flight.end(result);
  }

  #forget(text: string, entry: Entry<T>): void {
    if (this.#joinable.get(text) === entry) this.#joinable.delete(text);
  }
}
