/**
 * Which endpoint serves a request: everything it needs of the source comes from there, as long as that is well.
 * Nothing is remembered where there is no choice.
 */
export class ServedBy {
  readonly #endpoints: WeakMap<object, number> | undefined;

  /** `endpoints`: how many there are, if that is known. */
  constructor(endpoints: number | undefined) {
    this.#endpoints = endpoints === 1 ? undefined : new WeakMap();
  }

  get(request: object): number | undefined {
    return this.#endpoints?.get(request);
  }

  /** Before an attempt: siblings that start at the same time go where the first one goes. */
  noteFirst(request: object, endpoint: number): void {
    if (this.#endpoints?.has(request) === false) this.#endpoints.set(request, endpoint);
  }

  /** It has answered. */
  note(request: object, endpoint: number): void {
    if (this.#endpoints !== undefined && this.#endpoints.get(request) !== endpoint) {
      this.#endpoints.set(request, endpoint);
    }
  }
}
