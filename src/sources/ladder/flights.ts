import type { CallCache } from '../../cache/index.ts';
import { type Clock, LinkedSet, TransientMap } from '../../runtime/index.ts';
import { type Boarding, Flight } from './flight.ts';

/** The calls under way, at most one that can be joined for each key. */
export class Flights<T> {
  readonly #clock: Clock;
  readonly #cache: CallCache;
  readonly #joinable = new TransientMap<Flight<T>>();
  readonly #all = new LinkedSet<Flight<T>>();

  constructor(clock: Clock, cache: CallCache) {
    this.#clock = clock;
    this.#cache = cache;
  }

  /** A flight whose answer nothing has made old: no purge since it began, and begun no earlier than `notBefore`. */
  find(text: string, notBefore: number): Flight<T> | undefined {
    const flight = this.#joinable.get(text);
    if (flight === undefined || flight.startedAt < notBefore) return undefined;
    const { ticket } = flight.boarding;
    return ticket === undefined || this.#cache.isCurrent(ticket) ? flight : undefined;
  }

  has(text: string): boolean {
    return this.#joinable.get(text) !== undefined;
  }

  start(boarding: Boarding<T>): Flight<T> {
    const { text } = boarding;
    const flight = new Flight<T>(boarding, this.#clock, () => {
      this.#all.delete(link);
      if (text !== undefined && this.#joinable.get(text) === flight) this.#joinable.delete(text);
    });
    const link = this.#all.add(flight);
    if (text !== undefined) this.#joinable.set(text, flight);
    flight.start();
    return flight;
  }

  /** Ends every flight with this result. */
  endAll(result: T): void {
    for (const flight of this.#all.values()) flight.end(result);
  }
}
