import { LRUCache } from 'lru-cache';

/** When a tag was last purged, and by which process. */
export interface PurgeRecord {
  readonly at: number;
  readonly writer: string;
}

/** The tag that every entry carries without saying so: purging it purges everything. */
export const EVERYTHING = '*';

/** What this process knows of the purges (or expiries) kept in the second level, and those it still has to tell it. */
export class SharedTags {
  readonly #maxClockSkewMs: number;
  readonly #known = new LRUCache<string, { readonly record: PurgeRecord | undefined; readonly checkedAt: number }>({
    max: 20_000,
  });
  readonly #untold = new Map<string, PurgeRecord>();
  readonly #untoldLimit = 10_000;

  constructor(maxClockSkewMs: number) {
    this.#maxClockSkewMs = maxClockSkewMs;
  }

  /** Purges of this process that the second level has not heard of yet. */
  get untold(): readonly (readonly [string, PurgeRecord])[] {
    return [...this.#untold];
  }

  purge(tags: readonly string[], record: PurgeRecord): void {
    for (const tag of tags) {
      this.learn(tag, record, record.at);
      this.#untold.set(tag, record);
    }
    if (this.#untold.size > this.#untoldLimit) {
      this.#untold.clear();
      this.purge([EVERYTHING], record);
    }
  }

  told(tag: string, record: PurgeRecord): void {
    if (this.#untold.get(tag) === record) this.#untold.delete(tag);
  }

  /** The later of two records stays: a purge is never taken back. */
  learn(tag: string, record: PurgeRecord | undefined, checkedAt: number): void {
    const before = this.#known.peek(tag)?.record;
    const later = before !== undefined && (record === undefined || before.at > record.at) ? before : record;
    this.#known.set(tag, { record: later, checkedAt });
  }

  /** Those of the tags that were not compared with the second level since `since`. */
  unchecked(tags: readonly string[], since: number): readonly string[] {
    return [EVERYTHING, ...tags].filter((tag) => (this.#known.get(tag)?.checkedAt ?? -Infinity) < since);
  }

  /**
   * Whether a call that began at `began` in process `writer` was overtaken by a purge of one of its tags.
   * Clocks of two processes are not compared closer than they are kept.
   */
  isPurged(tags: readonly string[], began: number, writer: string): boolean {
    const overtaken = (tag: string): boolean => {
      const record = this.#untold.get(tag) ?? this.#known.peek(tag)?.record;
      if (record === undefined) return false;
      return began <= record.at + (record.writer === writer ? 0 : this.#maxClockSkewMs);
    };
    return overtaken(EVERYTHING) || tags.some(overtaken);
  }
}
