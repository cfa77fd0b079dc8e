/** Marks of deleted entries that are put up with before the map is made anew. */
const MOST_MARKS = 1_024;

/**
 * A map of entries that come and go thousands of times a second. A Map that shrinks and grows moves to ever new tables,
 * and a dead table keeps the next one alive (see LinkedSet). Here a deleted entry leaves a mark instead, and once there
 * are many the living ones move to a map of their own.
 */
export class TransientMap<V extends object> {
  #map = new Map<string, V | undefined>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    if (this.#map.get(key) === undefined) this.#size++;
    this.#map.set(key, value);
  }

  delete(key: string): void {
    if (this.#map.get(key) === undefined) return;
    this.#map.set(key, undefined);
    this.#size--;
    if (this.#map.size - this.#size > Math.max(MOST_MARKS, this.#size)) this.#sweep();
  }

  #sweep(): void {
    const living = new Map<string, V | undefined>();
    for (const [key, value] of this.#map) if (value !== undefined) living.set(key, value);
    this.#map = living;
  }
}
