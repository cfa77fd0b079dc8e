import { UpstreamFailure, type UpstreamFailureInit, WeirError } from '../../../errors/index.ts';

/** One entry of a response's `errors`, as far as it is used. The message never leaves: it may say anything. */
export interface UpstreamError {
  readonly path: readonly (string | number)[] | undefined;
  readonly code: string | undefined;
}

/** A short word, as codes are; anything longer or with other signs may be a message in disguise. */
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** `errors` of a response (GraphQL specification, section 7.1.2); undefined when there are none. */
export function readErrors(errors: unknown): readonly UpstreamError[] | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  return errors.map((error: unknown) => {
    const { path, extensions } = record(error);
    const { code } = record(extensions);
    const isPath = Array.isArray(path) && path.every((step) => typeof step === 'string' || typeof step === 'number');
    return {
      path: isPath && path.length > 0 ? (path as readonly (string | number)[]) : undefined,
      code: typeof code === 'string' && CODE.test(code) ? code : undefined,
    };
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** Codes by which servers say that the request is at fault, in the spellings of the common ones. */
const REJECTED =
  /^(?:unauthenticated|unauthorized|forbidden|access[_-]?denied|permission[_-]?denied|bad[_-]?(?:user[_-]?input|request)|graphql[_-]?(?:parse|validation)[_-]?failed|validation[_-]?(?:failed|error)|invalid[_-]?(?:input|argument|request)|not[_-]?found|persisted[_-]?query[_-]?not[_-]?(?:found|supported)|operation[_-]?resolution[_-]?failure)$/i;
const OVERLOADED =
  /^(?:rate[_-]?limit(?:ed|[_-]exceeded)?|throttled|too[_-]?many[_-]?requests|resource[_-]?exhausted)$/i;

type Verdict = Pick<UpstreamFailureInit, 'code' | 'reason' | 'retryable' | 'countsAgainstHealth'>;

/** `whole`: nothing of the request was answered, which says something of the endpoint unless the request is at fault. */
function verdict(error: UpstreamError, whole: boolean): Verdict {
  const code = error.code ?? '';
  if (REJECTED.test(code)) {
    return { code: 'UPSTREAM_REJECTED', reason: 'http_request_error', retryable: false, countsAgainstHealth: false };
  }
  if (OVERLOADED.test(code)) {
    return { code: 'UPSTREAM_OVERLOADED', reason: 'http_request_denied', retryable: true, countsAgainstHealth: false };
  }
  // A field that fails while the rest is answered would as a rule fail again.
  return { code: 'UPSTREAM_ERROR', reason: 'destination_unavailable', retryable: whole, countsAgainstHealth: whole };
}

/** A call came back with an error and nothing else. */
class AnsweredWithError extends UpstreamFailure {
  readonly #pathBelow: readonly (string | number)[];

  constructor(error: UpstreamError, whole: boolean) {
    const named = error.code === undefined ? '' : ` of code ${error.code}`;
    super({
      ...verdict(error, whole),
      detail: `answered with an error${named} and no data`,
      ...(error.code === undefined ? {} : { upstreamCode: error.code }),
    });
    this.#pathBelow = error.path?.slice(1) ?? [];
  }

  override toClientError(source: string, attempts: number, retryAfterMs?: number): WeirError {
    const error = super.toClientError(source, attempts, retryAfterMs);
    // From the root field, which is null, down to the field that failed.
    return this.#pathBelow.length === 0 ? error : Object.assign(error, { pathBelow: this.#pathBelow });
  }
}

/** `whole`: nothing of the request was answered. */
export function errorFailure(error: UpstreamError, whole: boolean): UpstreamFailure {
  return new AnsweredWithError(error, whole);
}

/**
 * A part of an answer is null because of an error of the upstream's. Stands in the answer where the null was, so that
 * GraphQL reports it there.
 */
export class PartError extends WeirError {
  override readonly name = 'PartError';
  /** From where it stands down to the field that failed: what is between could not be null. */
  readonly pathBelow: readonly (string | number)[];

  constructor(source: string, error: UpstreamError, pathBelow: readonly (string | number)[]) {
    const { code, reason, retryable } = verdict(error, false);
    const upstreamCode = error.code === undefined ? {} : { upstreamCode: error.code };
    super(code, `${source} answered this part with an error.`, { source, reason, retryable, ...upstreamCode });
    this.pathBelow = pathBelow;
  }
}
