import { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { HttpStreamRequest } from '../types.ts';
import { failures } from './failures.ts';

/** Ends a streamed answer that stands still for too long, or whose caller leaves. */
export interface IdleLimit {
  /** Something has come, or is waited for only now. */
  touch(): void;
  release(): void;
}

/** One timer for the whole answer, which looks when the last chunk came, so that a chunk costs next to nothing. */
export function startIdleLimit(
  clock: Clock,
  { signal, idleTimeoutMs }: HttpStreamRequest,
  isPaused: () => boolean,
  stop: (failure: UpstreamFailure) => void,
): IdleLimit {
  let last = clock.now();
  const startTimer = (limitMs: number, ms: number) => clock.setTimer(() => look(limitMs), ms);
  const look = (limitMs: number): void => {
    const now = clock.now();
    if (isPaused()) last = now;
    const left = last + limitMs - now;
    if (left > 0) timer = startTimer(limitMs, left);
    else stop(failures.idle(limitMs));
  };
  let timer = idleTimeoutMs === undefined ? undefined : startTimer(idleTimeoutMs, idleTimeoutMs);
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    stop(reason instanceof UpstreamFailure ? reason : failures.cancelled('answering', reason));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    touch: idleTimeoutMs === undefined ? () => {} : () => (last = clock.now()),
    release() {
      timer?.cancel();
      signal.removeEventListener('abort', onAbort);
    },
  };
}
