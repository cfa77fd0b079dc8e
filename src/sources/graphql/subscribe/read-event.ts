import { UpstreamFailure } from '../../../errors/index.ts';
import type { Outcome } from '../../outcome.ts';
import { isRecord } from '../../shared/is-record.ts';
import { type AskedField, answersIn, invalid } from '../call/read-answers.ts';
import { errorFailure, readErrors } from '../call/upstream-errors.ts';
import type { UpstreamResult } from './transport.ts';

const NO_ATTEMPTS = Object.freeze([]);
/** One result of a subscription as the outcome of a call: its value, errors in their places, or its failure. */
export function readEvent(
  source: string,
  field: AskedField,
  result: UpstreamResult,
  kind: 'FRESH' | 'BACKUP',
): Outcome {
  const base = { durationMs: 0, attempts: NO_ATTEMPTS, cache: 'BYPASS' } as const;
  const read = answerIn(source, field, result);
  if (read instanceof UpstreamFailure) return { kind: 'FAILED', failure: read, ...base };
  return { kind, value: read.value, ageMs: 0, ...base };
}

function answerIn(
  source: string,
  field: AskedField,
  { payload, bytes, hasBigInt }: UpstreamResult,
): { readonly value: unknown } | UpstreamFailure {
  const { data } = payload;
  const errors = readErrors(payload.errors) ?? [];
  if (!isRecord(data)) {
    const [first] = errors;
    return first === undefined ? invalid('the event has neither data nor errors', false) : errorFailure(first, false);
  }
  try {
    const [answer] = answersIn(source, data, errors, [field], { status: 200, headers: {}, size: bytes, hasBigInt });
    return answer ?? invalid('the event lacks its field', false);
  } catch (error: unknown) {
    if (error instanceof UpstreamFailure) return error;
    throw error;
  }
}
