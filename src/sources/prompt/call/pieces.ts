/** Text on its way from a model to one reader. What comes while the reader is away is one piece when he is back. */
export class Pieces {
  #waiting = '';
  #ended = false;
  #wake: (() => void) | undefined;
  #begun = false;

  /** Something has come: the model that it came from is the one that answers. */
  get begun(): boolean {
    return this.#begun;
  }

  push(text: string): void {
    this.#begun = true;
    this.#waiting += text;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The next piece; undefined when there are no more. */
  async next(): Promise<string | undefined> {
    while (this.#waiting === '' && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const piece = this.#waiting;
    this.#waiting = '';
    return piece === '' ? undefined : piece;
  }
}
