import { UpstreamFailure, type UpstreamFailureInit } from '../../errors/index.ts';

/** What is known of an answer that was a failure. */
type Answered = Pick<UpstreamFailureInit, 'status' | 'retryAfterMs'>;

/**
 * Builders of every failure of one attempt at a model. Details never carry a vendor's own words, which may repeat what
 * was asked or the credential; those are in `upstreamAnswer`, for admins.
 */
export const failures = {
  /** The account is wrong: its owner must act. Another model of the prompt may be another vendor's. */
  credential: (answered: Answered) =>
    misconfigured('http_request_denied', 'the vendor refuses the credential of this account', answered),

  unknownModel: (answered: Answered) =>
    misconfigured('destination_not_found', 'the vendor knows no such model, or not for this account', answered),

  incompleteAccount: (name: string) =>
    new UpstreamFailure({
      code: 'UPSTREAM_ERROR',
      reason: 'destination_not_found',
      detail: `the provider ${name} is not registered, or without what says where its requests go`,
      neverLeft: true,
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: true,
    }),

  overloaded: (answered: Answered) =>
    new UpstreamFailure({
      ...answered,
      code: 'UPSTREAM_OVERLOADED',
      reason: 'http_request_denied',
      detail: 'the vendor asks for fewer calls',
      retryable: true,
      countsAgainstHealth: false,
    }),

  quota: (answered: Answered) =>
    new UpstreamFailure({
      ...answered,
      code: 'QUOTA_EXCEEDED',
      reason: 'http_request_denied',
      detail: "the account's quota or credit at the vendor is used up",
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: true,
    }),

  contextTooLong: (answered: Answered) =>
    ofTheRequest('CONTEXT_TOO_LONG', "the request is longer than the model's context", true, answered),

  /** Another model is not asked: a filter or refusal is an answer about the request, not to be shopped around. */
  contentFiltered: (answered: Answered) =>
    ofTheRequest('CONTENT_FILTERED', "the vendor's content filter stopped the request or its answer", false, answered),

  refused: () => ofTheRequest('MODEL_REFUSED', 'the model declined to answer', false, {}),

  rejected: (answered: Answered) =>
    ofTheRequest(
      'UPSTREAM_REJECTED',
      `the vendor refuses this request (HTTP ${answered.status ?? '-'})`,
      false,
      answered,
    ),

  /** Found out before the request was sent, or by the word of the vendor, or of its package that leaves something out. */
  unsupported: (names: readonly string[], answered: Answered = {}) =>
    new UpstreamFailure({
      ...answered,
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_error',
      detail: `the model cannot honour: ${names.join(', ')}`,
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: false,
      shown: { unsupported: names },
    }),

  /** The request has something that the vendor's format cannot carry. */
  unsendable: (detail: string) =>
    new UpstreamFailure({
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_error',
      detail,
      neverLeft: true,
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: false,
    }),

  serverError: (answered: Answered) =>
    new UpstreamFailure({
      ...answered,
      code: 'UPSTREAM_ERROR',
      reason: 'destination_unavailable',
      detail: `the vendor failed (HTTP ${answered.status ?? 'stream'})`,
      retryable: true,
      countsAgainstHealth: true,
    }),

  /** JSON that is none, an event that is none, an answer that says nothing. */
  invalid: (detail: string, answered: Answered = {}) => invalid('http_protocol_error', detail, answered),

  incomplete: (detail: string) => invalid('http_response_incomplete', detail, {}),

  firstToken: (ms: number) => slow('http_response_timeout', `nothing of an answer within ${Math.round(ms)} ms`),
  nextToken: (ms: number) => slow('connection_read_timeout', `nothing more of the answer within ${Math.round(ms)} ms`),
  tooLong: (ms: number) => slow('http_response_timeout', `no complete answer within ${Math.round(ms)} ms`),

  cancelled: (sent: boolean) =>
    new UpstreamFailure({
      code: 'DEADLINE_EXCEEDED',
      reason: 'cancelled',
      detail: 'the caller no longer waits',
      neverLeft: !sent,
      retryable: false,
      countsAgainstHealth: false,
    }),

  /** Ours to mend. The name of the error only: its message may carry what was asked. */
  internal: (error: unknown) =>
    new UpstreamFailure({
      code: 'UPSTREAM_ERROR',
      reason: 'proxy_internal_error',
      detail: `the vendor's adapter failed: ${nameOf(error)}`,
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: false,
    }),
};

function misconfigured(
  reason: 'http_request_denied' | 'destination_not_found',
  detail: string,
  answered: Answered,
): UpstreamFailure {
  return new UpstreamFailure({
    ...answered,
    code: 'UPSTREAM_ERROR',
    reason,
    detail,
    retryable: false,
    elsewhere: true,
    countsAgainstHealth: true,
  });
}

function ofTheRequest(
  code: 'CONTEXT_TOO_LONG' | 'CONTENT_FILTERED' | 'MODEL_REFUSED' | 'UPSTREAM_REJECTED',
  detail: string,
  elsewhere: boolean,
  answered: Answered,
): UpstreamFailure {
  return new UpstreamFailure({
    ...answered,
    code,
    reason: 'http_request_error',
    detail,
    retryable: false,
    elsewhere,
    countsAgainstHealth: false,
  });
}

function invalid(
  reason: 'http_protocol_error' | 'http_response_incomplete',
  detail: string,
  answered: Answered,
): UpstreamFailure {
  return new UpstreamFailure({
    ...answered,
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason,
    detail,
    retryable: true,
    countsAgainstHealth: true,
  });
}

function slow(reason: 'http_response_timeout' | 'connection_read_timeout', detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_TIMEOUT',
    reason,
    detail,
    retryable: true,
    countsAgainstHealth: true,
  });
}

export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : typeof error;
}
