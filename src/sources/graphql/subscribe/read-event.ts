import { UpstreamFailure } from '../../../errors/index.ts';
import type { Outcome } from '../../outcome.ts';
import { answersIn, invalid, isRecord } from '../call/read-answers.ts';
import { errorFailure, readErrors } from '../call/upstream-errors.ts';

const NO_ATTEMPTS = Object.freeze([]);

/** One result of a subscription as the outcome of a call: its value, errors in their places, or its failure. */
export function readEvent(
  source: string,
  payload: Readonly<Record<string, unknown>>,
  bytes: number,
  kind: 'FRESH' | 'BACKUP',
): Outcome {
  const base = { durationMs: 0, attempts: NO_ATTEMPTS, cache: 'BYPASS' } as const;
  const read = answerIn(source, payload, bytes);
  if (read instanceof UpstreamFailure) return { kind: 'FAILED', failure: read, ...base };
  return { kind, value: read.value, ageMs: 0, ...base };
}

function answerIn(
  source: string,
  { data, errors: given }: Readonly<Record<string, unknown>>,
  bytes: number,
): { readonly value: unknown } | UpstreamFailure {
  const errors = readErrors(given) ?? [];
  if (!isRecord(data)) {
    const [first] = errors;
    return first === undefined ? invalid('the event has neither data nor errors', false) : errorFailure(first, false);
  }
  try {
    const [answer] = answersIn(source, data, errors, 1, { status: 200, headers: {}, size: bytes });
    return answer ?? invalid('the event lacks its field', false);
  } catch (error: unknown) {
    if (error instanceof UpstreamFailure) return error;
    throw error;
  }
}
