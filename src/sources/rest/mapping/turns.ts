/** Milliseconds of work after which others get their turn: far below what a request would notice. */
const TURN_MS = 10;

/**
 * Splits long work into turns: `await turns.pause()` between its steps lets other work of the process run
 * whenever a turn is over. Time decides only when to pause, never what comes out.
 */
export class Turns {
  #began = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
