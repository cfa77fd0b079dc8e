/** Subscribers of one kind of event. A subscriber that throws never disturbs the one who emits. */
export interface Events<Event> {
  /** Returns the way to stop listening. */
  on(listener: (event: Event) => void): () => void;
}

export class Emitter<Event> implements Events<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error: unknown) {
        process.emitWarning(String(error), { code: 'WEIR_LISTENER_FAILED' });
      }
    }
  }
}
