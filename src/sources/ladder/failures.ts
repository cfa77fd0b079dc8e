import { UpstreamFailure } from '../../errors/index.ts';

/** Statuses by which an upstream refuses for now, not for good (RFC 9110 section 15.5.9, RFC 8470, RFC 6585). */
const REFUSED_FOR_NOW = new Set([408, 425, 429]);

/**
 * Whether the upstream is the one that failed, so that a stale answer or a fallback may take its answer's place.
 * A 4xx is an answer: giving somebody old data instead of "not found" or "forbidden" would be wrong, not helpful.
 * So is what a model's vendor says of this very request.
 */
export function isOutage(failure: UpstreamFailure): boolean {
  switch (failure.code) {
    case 'UPSTREAM_REJECTED':
      return failure.status !== undefined && REFUSED_FOR_NOW.has(failure.status);
    case 'BAD_USER_INPUT':
    case 'BUDGET_EXCEEDED':
    case 'MODEL_REFUSED':
    case 'CONTENT_FILTERED':
    case 'CONTEXT_TOO_LONG':
    case 'SUBSCRIBER_TOO_SLOW':
      return false;
    case 'NO_HEALTHY_UPSTREAM':
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_OVERLOADED':
    case 'UPSTREAM_ERROR':
    case 'UPSTREAM_INVALID_RESPONSE':
    case 'QUOTA_EXCEEDED':
    case 'DEADLINE_EXCEEDED':
      return true;
    default: {
      const never: never = failure.code;
      return never;
    }
  }
}

/** The failures that are the ladder's own. None says anything about an endpoint's health. */
export const failures = {
  paused: () =>
    own('NO_HEALTHY_UPSTREAM', 'source_paused', 'The source is paused; no calls go out until it is resumed.'),
  down: () => own('NO_HEALTHY_UPSTREAM', 'circuit_open', 'Every endpoint of the source is known to be down.'),
  closed: () => own('NO_HEALTHY_UPSTREAM', 'cancelled', 'The connection to the source was closed.'),
  cancelled: () => own('NO_HEALTHY_UPSTREAM', 'cancelled', 'The client has gone.'),
  deadline: (ms: number) =>
    own('DEADLINE_EXCEEDED', 'http_response_timeout', `No answer within the ${Math.round(ms)} ms there were.`),
  slow: (ms: number) =>
    own('UPSTREAM_TIMEOUT', 'http_response_timeout', `No answer within the soft timeout of ${ms} ms.`),
  /** Of the request itself: the same one would come no further. */
  budget: () =>
    new UpstreamFailure({
      code: 'BUDGET_EXCEEDED',
      reason: 'http_request_denied',
      detail: 'The request has no upstream calls left.',
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
      shown: { subject: 'REQUEST', window: 'upstreamCalls' },
    }),
  uncalledFor304: () =>
    own(
      'UPSTREAM_INVALID_RESPONSE',
      'http_protocol_error',
      'Expected an answer; 304 came to a call without conditions.',
    ),
  remembered: (status: number) =>
    new UpstreamFailure({
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_denied',
      detail: `The upstream answered ${status} a while ago; the policy says to remember it.`,
      retryable: false,
      countsAgainstHealth: false,
      status,
    }),
  broken: (cause: unknown) =>
    new UpstreamFailure({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'proxy_internal_error',
      detail: `Expected an outcome; something threw: ${String(cause)}`,
      retryable: false,
      countsAgainstHealth: false,
      cause,
    }),
} as const;

function own(code: UpstreamFailure['code'], reason: UpstreamFailure['reason'], detail: string): UpstreamFailure {
  return new UpstreamFailure({ code, reason, detail, retryable: true, countsAgainstHealth: false });
}
