import { UpstreamFailure } from '../../../../errors/index.ts';
import { failureFromStatus, type HttpResponse } from '../../../../upstream/index.ts';
import type { Answer, Revalidation } from '../../../ladder/index.ts';
import { parseJson } from '../../../shared/json-text.ts';
import { keptHeaders } from '../../../shared/kept-headers.ts';
import { decodeText, isPage, mayBeJson, parseContentType } from '../../../shared/media-type.ts';
import type { AnswerPlan, AnswerReading, RestOperation, Shape } from '../../plan.ts';
import { holdsBigInt } from '../request/wire.ts';
import { DecodeCompiler } from './decode.ts';
import { type Decode, Decoding } from './decoding.ts';
import { DriftError, type Finding } from './drift.ts';

export interface ReadAnswerOptions {
  /** The source's name, for errors inside the answer. */
  readonly source: string;
  readonly onFinding: (operation: string, finding: Finding) => void;
}

/** Makes an answer of a response. Throws UpstreamFailure for whatever is none. */
export type ReadAnswer = (response: HttpResponse, revalidate: Revalidation | undefined, now: number) => Answer;

interface CompiledReading {
  readonly reading: AnswerReading;
  readonly decode: Decode | undefined;
  readonly lossless: boolean;
  /** The document does not say what the answer holds, so text and nothing are answers as well. */
  readonly untyped: boolean;
}

/** Headers that speak of freshness, versions and tags, which is all the ladder and the cache need. */
const KEPT_HEADERS = [
  'age',
  'cache-control',
  'cache-tag',
  'date',
  'etag',
  'expires',
  'last-modified',
  'pragma',
  'surrogate-control',
  'surrogate-key',
  'vary',
] as const;

export function compileAnswer(operation: RestOperation, options: ReadAnswerOptions): ReadAnswer {
  const plan = operation.answer;
  const compiler = new DecodeCompiler();
  const compile = (reading: AnswerReading): CompiledReading => ({
    reading,
    decode: reading.as === 'json' ? compiler.compileReading(reading) : undefined,
    lossless: reading.as === 'json' && holdsBigInt(reading.shape),
    untyped: reading.as === 'json' && reading.shape.kind === 'scalar' && reading.shape.type === 'json',
  });
  const byStatus = plan.byStatus.map(({ status, reading }) => ({
    status: status.toUpperCase(),
    compiled: compile(reading),
  }));
  const otherwise = compile(plan.otherwise);

  return (response, revalidate, now) => {
    const { status, body } = response;
    const headers = keptHeaders(response.headers, KEPT_HEADERS);
    if (status === 304 && revalidate !== undefined) return { value: undefined, status, headers, size: 0 };
    if (status === 404 && plan.notFoundIsNull) return { value: null, status, headers, size: body.length };
    const failure = failureFromStatus(status, response.headers, now);
    if (failure !== undefined) throw failure;
    if (status < 200 || status > 299) {
      throw invalid(`status ${status} is neither an answer nor a refusal`, { countsAgainstHealth: false });
    }
    // RFC 9110 sections 15.3.5 and 15.3.6: there is nothing to read, whatever is described.
    const compiled = byStatus.find((entry) => matches(entry.status, status))?.compiled ?? otherwise;
    const { reading, decode } = compiled;
    if (reading.as === 'none' || status === 204 || status === 205) {
      return { value: plan.shape === 'none' ? true : null, status, headers, size: body.length };
    }
    if (decode === undefined) {
      return { value: plain(reading, response, plan), status, headers, size: body.length };
    }
    const parsed = parse(response, compiled);
    const decoding = new Decoding(options.source, parsed.hasBigInt);
    const value = decodeSafely(decode, parsed.value, decoding);
    for (const finding of decoding.findings) options.onFinding(operation.name, finding);
    if (value instanceof DriftError) {
      throw invalid(`the answer should be ${value.expected} and is ${value.received}`, { countsAgainstHealth: false });
    }
    return { value, status, headers, size: body.length, ...(decoding.drifted ? { storable: false } : {}) };
  };
}

/** `200`, `2XX` or `DEFAULT`. */
function matches(pattern: string, status: number): boolean {
  return pattern === String(status) || pattern === `${Math.floor(status / 100)}XX` || pattern === 'DEFAULT';
}

function plain(reading: AnswerReading, response: HttpResponse, plan: AnswerPlan): unknown {
  if (plan.shape === 'none') return true;
  const text = reading.as === 'base64' ? response.body.toString('base64') : bodyText(response);
  return boxed(text, plan.shape);
}

/** Text among the answers of several statuses is a boxed member of their union. */
function boxed(text: string, shape: Shape): unknown {
  if (shape.kind !== 'union') return text;
  const box = shape.members.find(
    (member) => member.kind === 'box' && member.value.kind === 'scalar' && member.value.type === 'string',
  );
  return box === undefined ? text : Object.freeze({ __typename: box.typeName, value: text });
}

function bodyText({ body, headers }: HttpResponse): string {
  return decodeText(body, parseContentType(headers['content-type']).charset);
}

function parse(response: HttpResponse, { lossless, untyped }: CompiledReading): ReturnType<typeof parseJson> {
  const { body } = response;
  const type = parseContentType(response.headers['content-type']);
  if (body.length === 0) {
    if (untyped) return { value: null, hasBigInt: false };
    throw invalid('the answer has no body', { countsAgainstHealth: false });
  }
  const isText = type.essence.startsWith('text/') || type.essence.endsWith('/xml') || type.essence.endsWith('+xml');
  if (untyped && isText && !isPage(type) && !mayBeJson(type)) return { value: bodyText(response), hasBigInt: false };
  if (!mayBeJson(type)) {
    // A page comes from something that stands before the upstream; any other type is more likely the document's mistake.
    throw invalid(`the answer is ${type.essence}, not JSON`, { countsAgainstHealth: isPage(type) });
  }
  const text = decodeText(body, type.charset);
  try {
    return parseJson(text, lossless);
  } catch (error: unknown) {
    if (untyped && isText) return { value: text, hasBigInt: false };
    // The parser's message quotes the text: only its name is kept.
    const name = error instanceof Error ? error.name : 'error';
    throw invalid(`the body of ${body.length} bytes is not JSON (${name})`, { countsAgainstHealth: true });
  }
}

function decodeSafely(decode: Decode, value: unknown, decoding: Decoding): unknown {
  try {
    return decode(value, decoding);
  } catch (error: unknown) {
    // Nested deeper than the stack reaches: a recursive schema, and an answer that is not meant well.
    if (error instanceof RangeError) throw invalid('the answer is nested too deep', { countsAgainstHealth: false });
    throw error;
  }
}

function invalid(detail: string, options: { readonly countsAgainstHealth: boolean }): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
    detail,
    retryable: options.countsAgainstHealth,
    countsAgainstHealth: options.countsAgainstHealth,
  });
}
