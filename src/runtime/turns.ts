/** Milliseconds of work after which others get their turn: far below what a request would notice. */
const TURN_MS = 10;

/**
 * Splits long work into turns: `await turns.pause()` between its steps lets other work of the process run
 * whenever a turn is over. Time decides only when to pause, never what comes out.
 */
export class Turns {
  #began = performance.now();

  /** Whether it is time to pause. */
  get over(): boolean {
    return performance.now() - this.#began >= TURN_MS;
  }

  async pause(): Promise<void> {
    if (!this.over) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}

/** Work whose steps end with a `yield`: places where others may come between. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work step by step, letting others come between whenever a turn is over. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  const turns = new Turns();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (turns.over) await turns.pause();
  }
}

/** Does the same work in one go, for what is small or must not wait. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
