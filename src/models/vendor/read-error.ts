import type { UpstreamFailure } from '../../errors/index.ts';
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from '../../upstream/index.ts';
import { failures } from './failures.ts';

/** A vendor's answer that says it failed. */
export interface VendorError {
  /** Undefined for an error in the middle of a stream. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Codes and types by which vendors name a cause, lower case. What they write in prose is looked at after these. */
const NAMES = {
  quota: /insufficient_quota|insufficient_credits|billing|payment_required|servicequotaexceeded/,
  context: /context_length_exceeded|context_window|request_too_large|string_above_max_length/,
  filter: /content_filter|content_policy|data_inspection_failed|responsibleaipolicy|safety_check|moderation/,
  model: /model_not_found|deploymentnotfound|model_not_active/,
  parameter: /unsupported_(?:parameter|value)/,
  overloaded: /overloaded|rate_limit|throttl|resource_exhausted|server_is_busy/,
};

const PROSE = {
  quota: /exceeded your current quota|credit balance is too low|insufficient (?:balance|credits?|quota|funds)/,
  context:
    /maximum context length|context (?:length|window)|prompt is too long|input is too long|too many (?:input |total )?tokens|token count .{0,60}exceeds|exceeds .{0,40}(?:number of|max(?:imum)?) .{0,20}tokens/,
  filter: /content (?:management|filter|policy)|safety system|flagged/,
  parameter: /unsupported|not support/,
};

/** What a vendor's failure means. */
export function failureFromVendor(error: VendorError, now: number): UpstreamFailure {
  const { status } = error;
  const fields = readFields(error.text);
  const names = [...named(fields), error.headers['x-amzn-errortype'] ?? ''].join(' ').toLowerCase();
  const prose = messageOf(fields).toLowerCase();
  const retryAfterMs = readRetryAfter(error.headers, error.text, now);
  const answered = {
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  // Google says "quota" of limits by the minute too; then it also says when to come back.
  if (status === 402 || NAMES.quota.test(names) || (PROSE.quota.test(prose) && retryAfterMs === undefined)) {
    return failures.quota(answered);
  }
  if (status === 413 || NAMES.context.test(names) || (isRefusal(status) && PROSE.context.test(prose))) {
    return failures.contextTooLong(answered);
  }
  if (NAMES.filter.test(names) || (isRefusal(status) && PROSE.filter.test(prose))) {
    return failures.contentFiltered(answered);
  }
  if (status === 404 || NAMES.model.test(names)) return failures.unknownModel(answered);
  if (status === 401 || status === 403) return failures.credential(answered);
  if (status === 429 || status === 409 || status === 529 || NAMES.overloaded.test(names)) {
    return failures.overloaded(answered);
  }
  if (status === undefined || status >= 500 || status === 408) return failures.serverError(answered);
  const isUnsupported = NAMES.parameter.test(names) || PROSE.parameter.test(prose);
  const parameter = isUnsupported ? parameterOf(fields) : undefined;
  if (parameter !== undefined) return failures.unsupported([parameter], answered);
  return status < 400 ? failures.invalid(`HTTP ${status} instead of an answer`, answered) : failures.rejected(answered);
}

const isRefusal = (status: number | undefined): boolean => status === undefined || (status >= 400 && status < 500);

/** The object that tells of the failure: `{error: {...}}` in most formats, the whole in some. */
function readFields(text: string): Fields {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return {};
  }
  const whole = Array.isArray(read) ? read[0] : read;
  if (!isFields(whole)) return {};
  return isFields(whole.error) ? { ...whole, ...whole.error } : whole;
}

function named(fields: Fields): string[] {
  const inner = isFields(fields.innererror) ? fields.innererror : {};
  return [fields.type, fields.code, fields.status, fields.__type, inner.code].filter((one) => typeof one === 'string');
}

function messageOf(fields: Fields): string {
  return [fields.message, fields.error, fields.detail].find((one) => typeof one === 'string') ?? '';
}

/** What is called otherwise in a ModelRequest than in OpenAI's format. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  top_p: 'topP',
  top_k: 'topK',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  reasoning_effort: 'reasoningEffort',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  response_format: 'output',
};

/** The parameter that the vendor refuses: its name, and nothing else that could be written there. */
function parameterOf({ param }: Fields): string | undefined {
  if (typeof param !== 'string' || !/^(?!(?:model|messages)$)[a-z][a-z_]{0,40}$/.test(param)) return undefined;
  return OWN_NAMES[param] ?? param;
}

/** `retry-after-ms` (OpenAI, Azure), `retry-after` (RFC 9110), or a `retryDelay` in the answer (Google). */
function readRetryAfter(headers: VendorError['headers'], text: string, now: number): number | undefined {
  const ms = headers['retry-after-ms'];
  if (ms !== undefined && /^\d+(?:\.\d+)?$/.test(ms)) return Math.min(MAX_RETRY_AFTER_MS, Number(ms));
  const seconds = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(text)?.[1];
  return (
    parseRetryAfter(headers['retry-after'], now) ??
    (seconds === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, Number(seconds) * 1000))
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
