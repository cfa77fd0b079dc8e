/** Things on their way from one writer to one reader, in order. Who writes waits for nobody. */
export class Relay<T> {
  #waiting: T[] = [];
  #ended = false;
  #begun = false;
  #wake: (() => void) | undefined;

  /** Something has come. */
  get begun(): boolean {
    return this.#begun;
  }

  push(thing: T): void {
    this.#begun = true;
    this.#waiting.push(thing);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What has come since the last time; empty when there will be no more. */
  async next(): Promise<readonly T[]> {
    while (this.#waiting.length === 0 && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const came = this.#waiting;
    this.#waiting = [];
    return came;
  }
}
