/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, injected everywhere so that tests own it.
 * `now` is milliseconds since the Unix epoch and never runs backwards.
 */
export interface Clock {
  now(): number;
  /** Calls `callback` once, `ms` milliseconds from now. The timer does not keep the process alive. */
  setTimer(callback: () => void, ms: number): Timer;
}

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(handle: NodeJS.Timeout) {
    this.#handle = handle;
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

/** Never changes, and is slow to ask for. */
const { timeOrigin } = performance;

/** The machine's clock, on the monotonic counter. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  setTimer(callback, ms) {
    return new SystemTimer(setTimeout(callback, ms).unref());
  },
};

/** Resolves after `ms`, or at once with `false` when the signal aborts first. */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted === true) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      timer.cancel();
      resolve(false);
    };
    const timer = clock.setTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
