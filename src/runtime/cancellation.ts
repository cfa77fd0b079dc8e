import { appended } from './appended.ts';

/** Tells work that nobody wants it any more. Every AbortSignal is one. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

const NOBODY: readonly (() => void)[] = [];

/**
 * A cancellation and the one who calls it. For work inside the process that happens with every call: an AbortController
 * takes many times the memory, and is for what hands a signal to the platform or to others' code.
 */
export class Canceller implements Cancellation {
  aborted = false;
  #listeners: readonly (() => void)[] = NOBODY;

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = appended(this.#listeners, listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((one) => one !== listener);
  }

  /** Tells every listener, once. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    const listeners = this.#listeners;
    this.#listeners = NOBODY;
    for (const listener of listeners) listener();
  }
}
