import type { Clock } from '../../runtime/index.ts';

/** Calls `beat` again and again until it is stopped. */
export function heartbeat(clock: Clock, intervalMs: number, beat: () => void): () => void {
  let timer = clock.setTimer(tick, intervalMs);
  function tick(): void {
    timer = clock.setTimer(tick, intervalMs);
    beat();
  }
  return () => timer.cancel();
}
