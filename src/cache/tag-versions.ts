/**
 * Which tags were purged (or expired: each has an instance of its own), and when, counted in purges. Purging a tag is one map write, however many entries
 * carry it: an entry remembers the count at which its call began, and is unreachable once any of its tags was
 * purged at a higher count.
 *
 * Memory is bounded: when more than `limit` tags were purged, the oldest record is dropped and everything that
 * began before it counts as purged. That costs hits on old entries, never a purge.
 */
export class TagVersions {
  readonly #limit: number;
  readonly #purged = new Map<string, number>();
  #epoch = 0;
  #floor = 0;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** Grows by one with every purge. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many tags have a record. */
  get size(): number {
    return this.#purged.size;
  }

  purge(tags: readonly string[]): void {
    this.#epoch += 1;
    for (const tag of tags) {
      this.#purged.delete(tag); // so that the map's order is the order of purging
      this.#purged.set(tag, this.#epoch);
    }
    for (const [tag, epoch] of this.#purged) {
      if (this.#purged.size <= this.#limit) break;
      this.#purged.delete(tag);
      this.#floor = epoch;
    }
  }

  purgeAll(): void {
    this.#epoch += 1;
    this.#floor = this.#epoch;
    this.#purged.clear();
  }

  /** Whether none of the tags was purged after `epoch`. */
  isCurrent(tags: readonly string[], epoch: number): boolean {
    if (epoch === this.#epoch) return true;
    if (epoch < this.#floor) return false;
    for (const tag of tags) {
      const purged = this.#purged.get(tag);
      if (purged !== undefined && purged > epoch) return false;
    }
    return true;
  }
}
