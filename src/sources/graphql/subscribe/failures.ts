import { UpstreamFailure } from '../../../errors/index.ts';

type Init = ConstructorParameters<typeof UpstreamFailure>[0];

/** How a subscription is lost or refused, beside what all requests have in common. */
export const failures = {
  /** The upstream closed the connection, or it broke. A graceful close says nothing against the endpoint. */
  lost: (detail: string, graceful: boolean, cause?: unknown) =>
    failure({
      code: 'UPSTREAM_ERROR',
      reason: 'connection_terminated',
      detail,
      retryable: true,
      countsAgainstHealth: !graceful,
      cause,
    }),

  /** Nothing was heard for too long, not even an answer to a ping. */
  silent: (ms: number) =>
    failure({
      code: 'UPSTREAM_TIMEOUT',
      reason: 'connection_read_timeout',
      detail: `the connection was silent for ${ms} ms`,
      retryable: true,
      countsAgainstHealth: true,
    }),

  refused: (detail: string, retryable: boolean) =>
    failure({
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_denied',
      detail,
      retryable,
      countsAgainstHealth: false,
    }),

  /** The client's doing, not the upstream's. */
  tooSlow: (detail: string) =>
    failure({
      code: 'SUBSCRIBER_TOO_SLOW',
      reason: 'cancelled',
      detail,
      retryable: true,
      countsAgainstHealth: false,
    }),

  overloaded: (detail: string) =>
    failure({
      code: 'UPSTREAM_OVERLOADED',
      reason: 'connection_limit_reached',
      detail,
      retryable: true,
      countsAgainstHealth: false,
    }),

  /** What came is not the protocol. Another try would bring the same. */
  protocol: (detail: string, cause?: unknown) =>
    failure({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_protocol_error',
      detail,
      retryable: false,
      countsAgainstHealth: true,
      cause,
    }),

  /** It tells of what was subscribed to, not of the endpoint: as with answers, another try would bring as much again. */
  tooLarge: (detail: string, cause?: unknown) =>
    failure({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_body_size',
      detail,
      retryable: false,
      countsAgainstHealth: false,
      cause,
    }),

  /** The same of a connection that several share: for each of them it may have been another's. */
  brokenForAll: (cause: UpstreamFailure) =>
    failure({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: cause.reason,
      detail: `of a shared connection: ${cause.message}`,
      retryable: true,
      countsAgainstHealth: cause.countsAgainstHealth,
      cause,
    }),

  paused: (source: string) =>
    failure({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'source_paused',
      detail: `${source} is paused`,
      retryable: true,
      countsAgainstHealth: false,
    }),

  closed: (source: string) =>
    failure({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'cancelled',
      detail: `the connection of ${source} is closed`,
      retryable: true,
      countsAgainstHealth: false,
    }),

  noAllowance: () =>
    failure({
      code: 'BUDGET_EXCEEDED',
      reason: 'connection_limit_reached',
      detail: 'the request has used up its upstream calls',
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
      shown: { subject: 'REQUEST', window: 'upstreamCalls' },
    }),
};

function failure(init: Init): UpstreamFailure {
  return new UpstreamFailure(init);
}
