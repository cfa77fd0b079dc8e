import type { CacheEntry } from '../../cache/index.ts';
import type { UpstreamFailure } from '../../errors/index.ts';
import type { PoolAttempt } from '../../upstream/index.ts';
import type { AttemptRecord, FailedOutcome, Outcome, ServedOutcome } from '../outcome.ts';
import type { CallContext } from '../source.ts';
import { failures } from './failures.ts';
import type { Fetched } from './fetch.ts';

export const NO_ATTEMPTS: readonly AttemptRecord[] = Object.freeze([]);

/** What hosts are called stays inside: an attempt is told by its endpoint's number and the reason it ended. */
export function attemptRecords(attempts: readonly PoolAttempt[], answeredStatus?: number): readonly AttemptRecord[] {
  return attempts.map(({ endpoint, startedAt, durationMs, failure }) => {
    const status = failure === undefined ? answeredStatus : failure.status;
    const result = failure === undefined ? 'ok' : failure.reason;
    return status === undefined
      ? { endpoint, startedAt, durationMs, result }
      : { endpoint, startedAt, durationMs, result, status };
  });
}

/** Rungs 2 and 3. */
export function fetchedOutcome(
  { value, backup, attempts, failure, figures }: Extract<Fetched, { ok: true }>,
  durationMs: number,
  cache: Outcome['cache'],
): ServedOutcome {
  const kind = backup ? 'BACKUP' : 'FRESH';
  const outcome: Writable<ServedOutcome> = { kind, value, ageMs: 0, durationMs, attempts, cache };
  if (backup && failure !== undefined) outcome.failure = failure;
  if (figures !== undefined) outcome.figures = figures;
  return outcome;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Rung 1. A remembered 404 is the failure it was. */
export function cachedOutcome(entry: CacheEntry, now: number, durationMs: number): Outcome {
  if (entry.negativeStatus !== undefined && entry.value === undefined) {
    return failedOutcome(failures.remembered(entry.negativeStatus), {
      durationMs,
      attempts: NO_ATTEMPTS,
      cache: 'HIT',
    });
  }
  const ageMs = Math.max(0, now - entry.storedAt);
  return { kind: 'CACHED', value: entry.value, ageMs, durationMs, attempts: NO_ATTEMPTS, cache: 'HIT' };
}

/** Whether what is kept may be from before the client's own last write to the source. */
export function isBeforeWrite(entry: CacheEntry, { notOlderThan }: CallContext, source: string): boolean {
  const wroteAt = notOlderThan?.[source];
  return wroteAt !== undefined && (entry.asOf ?? entry.storedAt) < wroteAt;
}

export function failedOutcome(
  failure: UpstreamFailure,
  base: Pick<FailedOutcome, 'durationMs' | 'attempts' | 'cache'>,
  retryAfterMs = failure.retryAfterMs,
): FailedOutcome {
  return { kind: 'FAILED', failure, ...base, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
