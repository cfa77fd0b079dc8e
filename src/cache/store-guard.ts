import type { Clock } from '../runtime/index.ts';

type BreakerState =
  | { readonly name: 'closed'; readonly failures: number }
  | { readonly name: 'open'; readonly until: number; readonly openMs: number }
  | { readonly name: 'trying'; readonly openMs: number };

/** Milliseconds the second level has for an answer; more than that, and the upstream may as well be asked. */
export const STORE_TIMEOUT_MS = 20;
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 1_000;
const LONGEST_OPEN_MS = 30_000;

/**
 * Stands between the cache and a store that may be slow or gone: 20 ms for each operation, and after five failures
 * in a row none at all for 1 s, doubling to 30 s, with one trial between.
 */
export class StoreGuard {
  readonly #clock: Clock;
  #state: BreakerState = { name: 'closed', failures: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether an operation started now would be tried. */
  get usable(): boolean {
    switch (this.#state.name) {
      case 'closed':
        return true;
      case 'open':
        return this.#clock.now() >= this.#state.until;
      case 'trying':
        return false;
      default: {
        const never: never = this.#state;
        return never;
      }
    }
  }

  /** Never rejects: `{ ok: false }` when the operation failed, was late, or was not tried. */
  async run<T>(
    operation: () => Promise<T>,
  ): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false }> {
    if (!this.usable) return { ok: false };
    if (this.#state.name === 'open') this.#state = { name: 'trying', openMs: this.#state.openMs };
    try {
      const value = await this.#inTime(operation);
      this.#state = { name: 'closed', failures: 0 };
      return { ok: true, value };
    } catch {
      this.#failed();
      return { ok: false };
    }
  }

  /** Tried whatever the state, since there is no later: closing. Never rejects, and counts for nothing. */
  async runLast(operation: () => Promise<unknown>): Promise<void> {
    await this.#inTime(operation).catch(() => undefined);
  }

  #inTime<T>(operation: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`The second level did not answer within ${STORE_TIMEOUT_MS} ms.`));
      const timer = this.#clock.setTimer(late, STORE_TIMEOUT_MS);
      // Inside an async function an adapter that throws is one that rejects.
      (async () => operation())()
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  #failed(): void {
    const state = this.#state;
    switch (state.name) {
      case 'closed':
        if (state.failures + 1 < FAILURES_TO_OPEN) this.#state = { name: 'closed', failures: state.failures + 1 };
        else this.#open(FIRST_OPEN_MS);
        return;
      case 'trying':
        this.#open(Math.min(LONGEST_OPEN_MS, state.openMs * 2));
        return;
      case 'open': // an operation that began before it opened
        return;
      default: {
        const never: never = state;
        throw new Error(`Unknown state of the breaker: ${String(never)}`);
      }
    }
  }

  #open(openMs: number): void {
    this.#state = { name: 'open', until: this.#clock.now() + openMs, openMs };
  }
}
