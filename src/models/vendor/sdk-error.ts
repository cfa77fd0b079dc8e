import { UpstreamFailure } from '../../errors/index.ts';
import { failures, nameOf } from './failures.ts';
import { failureFromVendor } from './read-error.ts';

/** Errors of the packages that say the vendor's answer is not what its format says. */
const INVALID = new Set([
  'AI_APICallError',
  'AI_EmptyResponseBodyError',
  'AI_InvalidResponseDataError',
  'AI_JSONParseError',
  'AI_NoContentGeneratedError',
  'AI_TypeValidationError',
]);

/** Errors that say a request cannot be carried by the vendor's format. */
const UNSENDABLE = new Set(['AI_InvalidArgumentError', 'AI_InvalidPromptError', 'AI_UnsupportedFunctionalityError']);

/** What an error that came out of a vendor's package means: our own failure inside it, or the package's word for one. */
export function failureFromSdk(error: unknown): UpstreamFailure {
  for (let at: unknown = error, depth = 0; depth < 8 && at !== undefined; at = causeOf(at), depth++) {
    if (at instanceof UpstreamFailure) return at;
  }
  const name = nameOf(error);
  if (INVALID.has(name))
    return vendorsWord(error) ?? failures.invalid(`the answer is not in the vendor's format (${name})`);
  if (name === 'AI_NoSuchModelError') return failures.unsupported(['embeddings']);
  if (UNSENDABLE.has(name))
    return failures.unsendable(`the vendor's format cannot carry this request: ${feature(error)}`);
  return failures.internal(error);
}

/** Some packages look for an error at the beginning of a stream, and throw it as that of a request. */
function vendorsWord(error: unknown): UpstreamFailure | undefined {
  const known = nameOf(error) === 'AI_APICallError' && typeof error === 'object' && error !== null && 'data' in error;
  const data = known ? error.data : undefined;
  if (typeof data !== 'object' || data === null) return undefined;
  return failureFromVendor({ status: undefined, headers: {}, text: JSON.stringify({ error: tellable(data) }) }, 0);
}

/** An `error` event in a stream: the vendor's own, or one of reading the stream. */
export function failureFromEvent(error: unknown, now: number): UpstreamFailure {
  const failure = failureFromSdk(error);
  if (failure.reason !== 'proxy_internal_error') return failure;
  if (isBareError(error)) return failures.invalid(`an event of the stream cannot be read (${nameOf(error)})`);
  const told = typeof error === 'string' ? { message: error } : tellable(error);
  return failureFromVendor({ status: undefined, headers: {}, text: JSON.stringify({ error: told }) }, now);
}

/** A vendor's own word comes as plain data, or as the data of an error; any other is the package's, about the bytes. */
function isBareError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'stack' in error && !('data' in error);
}

function tellable(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== 'object' || error === null) return {};
  const own = { ...error, ...('message' in error ? { message: error.message } : {}) };
  const { data, error: inner } = own as { data?: unknown; error?: unknown };
  const deeper = [inner, data].find((one) => typeof one === 'object' && one !== null);
  return deeper === undefined ? own : tellable(deeper);
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

function feature(error: unknown): string {
  const named =
    typeof error === 'object' && error !== null && 'functionality' in error ? error.functionality : undefined;
  return typeof named === 'string' ? named.slice(0, 100) : nameOf(error);
}
