import type { UpstreamFailure } from '../../../errors/index.ts';
import type { Outcome, OutcomeKind, ServedOutcome } from '../../outcome.ts';

/** Best first: an answer of several parts is served as its worst one was. */
const SERVED: readonly Exclude<OutcomeKind, 'FAILED'>[] = ['FRESH', 'CACHED', 'BACKUP', 'STALE', 'FALLBACK'];

/** The outcome of an answer that several calls made. At least one of them was served. */
export function sumOf(
  parts: readonly Outcome[],
  value: unknown,
  failure: UpstreamFailure | undefined,
  durationMs: number,
): ServedOutcome {
  const served = parts.filter((part) => part.kind !== 'FAILED');
  const reason = failure ?? parts.find((part) => part.failure !== undefined)?.failure;
  return {
    kind: SERVED[Math.max(0, ...served.map(({ kind }) => SERVED.indexOf(kind)))] ?? 'FRESH',
    value,
    ageMs: Math.max(0, ...served.map(({ ageMs }) => ageMs)),
    durationMs,
    attempts: parts.flatMap(({ attempts }) => attempts),
    cache: parts.find(({ cache }) => cache !== 'HIT')?.cache ?? 'HIT',
    ...(reason === undefined ? {} : { failure: reason }),
    ...(parts.length > 1 ? { parts } : {}),
  };
}
