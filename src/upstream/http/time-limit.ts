import { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { failures, type Progress } from './failures.ts';

/** Something that can be ended early, and says how far it has come. */
export interface Stoppable {
  readonly progress: Progress;
  stop(failure: UpstreamFailure): void;
}

/** Ends what is watched when the time is over or the caller leaves, whichever comes first. */
export interface TimeLimit {
  /** From now on this is what gets stopped; at once, when the limit has been reached already. */
  watch(target: Stoppable): void;
  /** Must be called when all is done, or the timer and the listener stay. */
  release(): void;
}

export function startTimeLimit(clock: Clock, signal: AbortSignal, timeoutMs: number): TimeLimit {
  const end = clock.now() + timeoutMs;
  let target: Stoppable | undefined;
  let reached: ((progress: Progress) => UpstreamFailure) | undefined;

  const reach = (failure: (progress: Progress) => UpstreamFailure): void => {
    reached ??= failure;
    target?.stop(reached(target.progress));
  };
  const onTime = (): void => reach((progress) => failures.timeout(progress, timeoutMs));
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    if (reason instanceof UpstreamFailure) reach(() => reason);
    // A caller's own timer for the same time may come first; that is still the upstream's slowness.
    else if (clock.now() >= end - 1) onTime();
    else reach((progress) => failures.cancelled(progress, reason));
  };

  const timer = clock.setTimer(onTime, timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (timeoutMs <= 0) onTime();
  else if (signal.aborted) onAbort();

  return {
    watch(next) {
      target = next;
      if (reached !== undefined) next.stop(reached(next.progress));
    },
    release() {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
    },
  };
}
