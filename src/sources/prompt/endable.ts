/** Shared, since one without a reason costs an error with its stack each time. */
const LEFT = new Error('nobody reads any more');

/**
 * An iteration whose reader may leave at any time, also while he waits: `signal` aborts then, and when `outer` does.
 * A bare generator would hear of it only once the piece is there that it waits for.
 */
export function endable<T>(
  outer: AbortSignal,
  run: (signal: AbortSignal) => AsyncGenerator<T, void>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const abort = new AbortController();
      const release = (): void => outer.removeEventListener('abort', end);
      const end = (): void => {
        release();
        abort.abort(LEFT);
      };
      if (outer.aborted) end();
      else outer.addEventListener('abort', end);
      const running = run(abort.signal);
      return {
        next: () =>
          running.next().then((result) => {
            if (result.done === true) release();
            return result;
          }),
        async return() {
          end();
          await running.return();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
