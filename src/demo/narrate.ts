import { paint } from './paint.ts';
import type { ServedCall } from './types.ts';

const STYLE = {
  FRESH: 'green',
  CACHED: 'cyan',
  BACKUP: 'yellow',
  STALE: 'yellow',
  FALLBACK: 'magenta',
  FAILED: 'red',
} as const;

const RUNG = {
  FRESH: 'from the primary',
  CACHED: 'from the cache, still fresh',
  BACKUP: 'from the backup',
  STALE: 'from the cache, past its time',
  FALLBACK: 'from the declared fallback',
  FAILED: 'null and a coded error',
} as const;

/** One line for one call: which rung of the ladder served it, and why not a better one. */
export function narrateCall(call: ServedCall, at: Date): string {
  const { outcome } = call;
  const time = at.toTimeString().slice(0, 8);
  const age =
    outcome.kind === 'STALE' || outcome.kind === 'CACHED' ? `, ${Math.round(outcome.ageMs / 100) / 10} s old` : '';
  const why = outcome.failure === undefined ? '' : ` (${outcome.failure.code}: ${outcome.failure.reason})`;
  const kind = paint(STYLE[outcome.kind], outcome.kind.padEnd(8));
  return `  ${time}  ${kind}  ${call.source}.${call.operation} ${RUNG[outcome.kind]}${age}${why}`;
}
