import { UpstreamFailure } from '../../../errors/index.ts';
import { failureFromStatus, type HttpResponse } from '../../../upstream/index.ts';
import type { Answer } from '../../ladder/index.ts';
import { isRecord } from '../../shared/is-record.ts';
import { parseJson } from '../../shared/json-text.ts';
import { keptHeaders } from '../../shared/kept-headers.ts';
import type { CompiledSelection } from '../document/compile-selection.ts';
import { rootKey } from '../document/sub-request.ts';
import { settleLongIntegers } from './long-integers.ts';
import { freezeAnswer, placeErrors } from './place-errors.ts';
import { errorFailure, readErrors, type UpstreamError } from './upstream-errors.ts';

/** What of a root field tells how its answer is read. */
export type AskedField = Pick<CompiledSelection, 'leaves'>;

/** What a response holds for each root field of its request, or that it holds nothing for any of them. */
export type ReadAnswers =
  | { readonly kind: 'answers'; readonly answers: readonly (Answer | UpstreamFailure)[] }
  /** The upstream refused the request as a whole; each field by itself may fare better. */
  | { readonly kind: 'refused'; readonly failure: UpstreamFailure };

/** Headers that speak of freshness, versions and tags, which is all the ladder and the cache need. */
const KEPT_HEADERS = ['age', 'cache-control', 'cache-tag', 'date', 'expires', 'surrogate-key', 'vary'] as const;

/**
 * Reads a response (GraphQL over HTTP, section 6.4). Throws UpstreamFailure when it is no answer at all.
 * Null with an error is a failure of its field; errors further down stand in the value.
 */
export function readAnswers(
  source: string,
  response: HttpResponse,
  fields: readonly AskedField[],
  now: number,
): ReadAnswers {
  const { status } = response;
  const failure = failureFromStatus(status, response.headers, now);
  if (failure !== undefined) return refusedByStatus(failure, response);
  if (status < 200 || status > 299) throw invalid(`status ${status} is neither an answer nor a refusal`, false);
  const mayBeLong = fields.some(({ leaves }) => leaves !== undefined);
  const { value: body, hasBigInt } = parseBody(response, mayBeLong);
  const errors = readErrors(body.errors) ?? [];
  const [first] = errors;
  if (!isRecord(body.data)) {
    if (first === undefined) throw invalid('the answer has neither data nor errors', true);
    return {
      kind: 'refused',
      failure: errorFailure(
        first,
        errors.every(({ path }) => path === undefined),
      ),
    };
  }
  const { data } = body;
  const kept = keptHeaders(response.headers, KEPT_HEADERS);
  const size = Math.ceil(response.body.length / fields.length);
  return {
    kind: 'answers',
    answers: answersIn(source, data, errors, fields, { status, headers: kept, size, hasBigInt }),
  };
}

/** What `data` has for each root field of a request, with the errors in their places. Changes `data`. */
export function answersIn(
  source: string,
  data: Readonly<Record<string, unknown>>,
  errors: readonly UpstreamError[],
  fields: readonly AskedField[],
  { hasBigInt, status, headers, size }: Pick<Answer, 'status' | 'headers' | 'size'> & { readonly hasBigInt: boolean },
): readonly (Answer | UpstreamFailure)[] {
  const general = errors.filter(({ path }) => path === undefined);
  return fields.map(({ leaves }, index): Answer | UpstreamFailure => {
    const key = rootKey(index);
    const value = hasBigInt ? settleLongIntegers(data[key], leaves) : data[key];
    const own = errors.filter(({ path }) => path?.[0] === key);
    const cause = own[0] ?? general[0];
    if (value === undefined)
      return cause === undefined ? invalid('the answer lacks a field', false) : errorFailure(cause, false);
    if (value === null && own[0] !== undefined) return errorFailure(own[0], false);
    placeErrors(source, value, own);
    const answer = { value: frozen(value), status, headers, size };
    return own.length + general.length === 0 ? answer : { ...answer, storable: false };
  });
}

/** A refusal may say in its body why, in a code. */
function refusedByStatus(failure: UpstreamFailure, response: HttpResponse): ReadAnswers {
  const cause = failure.code === 'UPSTREAM_REJECTED' ? causeIn(response) : undefined;
  if (cause?.code === undefined) return { kind: 'refused', failure };
  const { code, reason, detail, retryable, countsAgainstHealth, status } = failure;
  const named = { code, reason, detail, retryable, countsAgainstHealth, upstreamCode: cause.code };
  return { kind: 'refused', failure: new UpstreamFailure(status === undefined ? named : { ...named, status }) };
}

function causeIn({ body }: HttpResponse): UpstreamError | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(parsed) ? readErrors(parsed.errors)?.[0] : undefined;
  } catch {
    return undefined;
  }
}

function parseBody(
  { body, headers }: HttpResponse,
  lossless: boolean,
): { readonly value: Record<string, unknown>; readonly hasBigInt: boolean } {
  let parsed: ReturnType<typeof parseJson>;
  try {
    parsed = parseJson(body.toString('utf8'), lossless);
  } catch (error: unknown) {
    // The parser's message quotes the text: only its name is kept.
    const name = error instanceof Error ? error.name : 'error';
    const type = headers['content-type'] ?? 'without a type';
    throw invalid(`the body of ${body.length} bytes (${type}) is not JSON (${name})`, true);
  }
  const { value, hasBigInt } = parsed;
  if (!isRecord(value)) throw invalid('the answer is JSON but not a GraphQL response', true);
  return { value, hasBigInt };
}

function frozen(value: unknown): unknown {
  try {
    return freezeAnswer(value);
  } catch (error: unknown) {
    // Nested deeper than the stack reaches: only a scalar can hold that, and nobody means it well.
    if (error instanceof RangeError) throw invalid('the answer is nested too deep', false);
    throw error;
  }
}

export function invalid(detail: string, countsAgainstHealth: boolean): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
    detail,
    retryable: countsAgainstHealth,
    countsAgainstHealth,
  });
}
