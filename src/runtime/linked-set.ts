/** A value's place in a LinkedSet. */
export interface Link<T> {
  readonly value: T;
}

interface Node<T> extends Link<T> {
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
  member: boolean;
}

/**
 * Values in the order of their adding, for things that come and go thousands of times a second, such as calls in
 * flight. A Map or Set of those costs more than the calls: V8's tables keep a pointer to the table that replaced them
 * (for iterators), so one dead table in the old generation holds all later ones with all that was ever in them, until
 * the next full collection.
 */
export class LinkedSet<T> {
  #first: Node<T> | undefined;
  #last: Node<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds it, even if it is there already. What comes back takes it out again. */
  add(value: T): Link<T> {
    const node: Node<T> = { value, previous: this.#last, next: undefined, member: true };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size++;
    return node;
  }

  /** False when it was taken out before. The link must be of this set. */
  delete(link: Link<T>): boolean {
    const node = link as Node<T>;
    if (!node.member) return false;
    const { previous, next } = node;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // What is out must hold nothing that is in, or the collector would take the whole chain for reachable.
    node.previous = undefined;
    node.next = undefined;
    node.member = false;
    this.#size--;
    return true;
  }

  /** All values that are in it now: adding and deleting afterwards does not change the array. */
  values(): readonly T[] {
    const values: T[] = [];
    for (let node = this.#first; node !== undefined; node = node.next) values.push(node.value);
    return values;
  }
}
