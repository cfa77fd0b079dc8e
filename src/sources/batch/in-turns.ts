/**
 * Runs tasks side by side, at most `width()` of them at a time, in order; results stand in the order of the tasks.
 * `width` is asked whenever one may begin, so it may follow a limit that moves. Rejects with the first rejection.
 */
export function inTurns<T>(tasks: readonly (() => Promise<T>)[], width: () => number): Promise<T[]> {
  const { promise, resolve, reject } = Promise.withResolvers<T[]>();
  const results: T[] = new Array(tasks.length);
  let next = 0;
  let running = 0;
  const begin = (): void => {
    // One is always under way, whatever the limit says: the tasks must end.
    while (next < tasks.length && (running === 0 || running < width())) {
      const index = next++;
      const task = tasks[index];
      if (task === undefined) continue;
      running++;
      task().then((result) => {
        results[index] = result;
        running--;
        begin();
      }, reject);
    }
    if (running === 0 && next >= tasks.length) resolve(results);
  };
  begin();
  return promise;
}
