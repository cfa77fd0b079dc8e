import { UpstreamFailure } from '../../errors/index.ts';
import { parseRetryAfter } from './retry-after.ts';

/**
 * What an HTTP status means as a failure; undefined when the answer is to be used (1xx to 3xx).
 * `headers` are those of HttpResponse; `now` is Clock.now(), for dates in Retry-After.
 */
export function failureFromStatus(
  status: number,
  headers: Readonly<Record<string, string>>,
  now: number,
): UpstreamFailure | undefined {
  if (status < 400) return undefined;
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  const common = {
    status,
    detail: `answered with HTTP status ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  if (status === 429) {
    return new UpstreamFailure({
      ...common,
      code: 'UPSTREAM_OVERLOADED',
      reason: 'http_request_denied',
      retryable: true,
      countsAgainstHealth: false,
    });
  }
  if (status === 408) {
    return new UpstreamFailure({
      ...common,
      code: 'UPSTREAM_TIMEOUT',
      reason: 'http_response_timeout',
      retryable: true,
      countsAgainstHealth: true,
    });
  }
  if (status < 500) {
    return new UpstreamFailure({
      ...common,
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_error',
      retryable: false,
      countsAgainstHealth: false,
    });
  }
  return new UpstreamFailure({
    ...common,
    code: 'UPSTREAM_ERROR',
    reason: 'destination_unavailable',
    // 501 Not Implemented and 505 HTTP Version Not Supported will be the same next time.
    retryable: status !== 501 && status !== 505,
    countsAgainstHealth: true,
  });
}
