/**
 * The catalogue of public error codes. Clients branch on codes, never on messages.
 * docs/errors.md documents exactly these; a test holds the two together.
 */

export interface ErrorCodeInfo {
  /** What happened, in one sentence, for docs and help. */
  readonly meaning: string;
  /** Whether the same request may succeed later without any change. */
  readonly retryable: boolean;
}

export const ERROR_CODES = {
  NO_HEALTHY_UPSTREAM: {
    meaning: 'No endpoint of the source could be reached and no stale answer or fallback was there.',
    retryable: true,
  },
  UPSTREAM_TIMEOUT: { meaning: 'The upstream did not answer in time.', retryable: true },
  UPSTREAM_OVERLOADED: {
    meaning: 'The upstream asked for fewer calls, or its queue in Weir is full.',
    retryable: true,
  },
  UPSTREAM_ERROR: { meaning: 'The upstream answered with a failure of its own (5xx).', retryable: true },
  UPSTREAM_INVALID_RESPONSE: {
    meaning: 'The upstream answered with something that is not what its description says.',
    retryable: true,
  },
  UPSTREAM_REJECTED: { meaning: 'The upstream refused this very request (4xx).', retryable: false },
  BAD_USER_INPUT: {
    meaning: 'An argument or a variable is not what its place takes; nothing was called with it.',
    retryable: false,
  },
  MODEL_REFUSED: { meaning: 'The model declined to answer this request.', retryable: false },
  CONTENT_FILTERED: {
    meaning: "The request or the answer was stopped by the model vendor's content filter.",
    retryable: false,
  },
  CONTEXT_TOO_LONG: { meaning: 'The request is longer than the model can read.', retryable: false },
  QUOTA_EXCEEDED: {
    meaning: "The quota of the gateway's account at the model vendor is used up.",
    retryable: true,
  },
  DEADLINE_EXCEEDED: { meaning: 'The time for the whole request was used up.', retryable: true },
  BUDGET_EXCEEDED: { meaning: 'A cost or call budget was used up.', retryable: true },
  RATE_LIMITED: { meaning: 'The caller made too many requests.', retryable: true },
  UNAUTHENTICATED: { meaning: 'The key is missing, unknown, expired or revoked.', retryable: false },
  FORBIDDEN: { meaning: 'The caller may not do this.', retryable: false },
  QUERY_TOO_COMPLEX: { meaning: 'The document passes a limit on size, depth, breadth or cost.', retryable: false },
  INVALID_DEFINITION: { meaning: 'The definition of a source is wrong; problems lists every place.', retryable: false },
  COMPOSITION_FAILED: { meaning: 'The graph cannot be composed with this change.', retryable: false },
  BREAKING_CHANGE: {
    meaning: 'Publishing would break clients; pass acceptBreaking to do it all the same.',
    retryable: false,
  },
  CONFLICT: { meaning: 'The state of the thing does not allow this, or somebody else changed it.', retryable: true },
  NOT_FOUND: { meaning: 'There is no such thing.', retryable: false },
  SUBSCRIPTION_ENDED: {
    meaning: 'The field left the graph as the caller may see it, or the gateway shuts down.',
    retryable: true,
  },
  SUBSCRIBER_TOO_SLOW: {
    meaning: 'The subscriber left too many events unread; what was unread is dropped.',
    retryable: true,
  },
  TOO_MANY_SUBSCRIPTIONS: {
    meaning: 'The connection, or the gateway, has as many operations open as it may.',
    retryable: true,
  },
  SHUTTING_DOWN: { meaning: 'The gateway shuts down, and could not complete this before.', retryable: true },
  STORAGE_UNAVAILABLE: { meaning: 'The registry could not be read or written; nothing was changed.', retryable: true },
} as const satisfies Record<string, ErrorCodeInfo>;

export type ErrorCode = keyof typeof ERROR_CODES;
