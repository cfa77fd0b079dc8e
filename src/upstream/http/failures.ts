import { UpstreamFailure } from '../../errors/index.ts';

/** How far a request had come when it failed. */
export type Progress = 'unsent' | 'sent' | 'answering';

/** Builders of every failure of the HTTP client, so that one reason always says the same of retries and health. */
export const failures = {
  /** DNS gave nothing, and no last good address was kept. */
  dns: (host: string, timedOut: boolean, cause?: unknown) =>
    unreachable(timedOut ? 'dns_timeout' : 'dns_error', `${host} could not be resolved: ${textOf(cause)}`, cause),

  refused: (where: string, cause: unknown) =>
    unreachable('connection_refused', `connection to ${where} failed: ${textOf(cause)}`, cause),

  connectTimeout: (where: string, ms: number) =>
    new UpstreamFailure({
      code: 'UPSTREAM_TIMEOUT',
      reason: 'connection_timeout',
      detail: `no connection to ${where} within ${Math.round(ms)} ms`,
      neverLeft: true,
      retryable: true,
      countsAgainstHealth: true,
    }),

  /** The TLS handshake failed. Not retried here, and never tried again with less. */
  tls: (where: string, isCertificate: boolean, cause: unknown) =>
    new UpstreamFailure({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: isCertificate ? 'tls_certificate_error' : 'tls_protocol_error',
      detail: `TLS with ${where} failed: ${textOf(cause)}`,
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: true,
      cause,
    }),

  prohibited: (detail: string) =>
    new UpstreamFailure({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'destination_ip_prohibited',
      detail: `the URL ${detail}`,
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: true,
    }),

  /** The request itself cannot be sent by HTTP/1.1, whoever the upstream is. */
  unsendable: (detail: string, cause?: unknown) =>
    new UpstreamFailure({
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_error',
      detail,
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
      cause,
    }),

  /** Our own limit on connections or on requests that wait for one. */
  tooMany: (detail: string) =>
    new UpstreamFailure({
      code: 'UPSTREAM_OVERLOADED',
      reason: 'connection_limit_reached',
      detail,
      neverLeft: true,
      retryable: true,
      countsAgainstHealth: false,
    }),

  cancelled: (progress: Progress, cause: unknown) =>
    new UpstreamFailure({
      code: 'DEADLINE_EXCEEDED',
      reason: 'cancelled',
      detail: 'the caller no longer waits',
      neverLeft: progress === 'unsent',
      retryable: false,
      countsAgainstHealth: false,
      cause,
    }),

  /** The time of the request ran out; where it stood says which timeout of RFC 9209 it is. */
  timeout: (progress: Progress, timeoutMs: number) =>
    new UpstreamFailure({
      code: 'UPSTREAM_TIMEOUT',
      reason: TIMEOUT_REASON[progress],
      detail: `no complete answer within ${Math.round(timeoutMs)} ms (${progress})`,
      neverLeft: progress === 'unsent',
      retryable: true,
      countsAgainstHealth: true,
    }),

  /** A streamed answer stood still. */
  idle: (idleTimeoutMs: number) =>
    new UpstreamFailure({
      code: 'UPSTREAM_TIMEOUT',
      reason: 'connection_read_timeout',
      detail: `nothing more of the answer within ${Math.round(idleTimeoutMs)} ms`,
      retryable: true,
      countsAgainstHealth: true,
    }),

  /** Reset or closed before the first byte of an answer. */
  terminated: (neverLeft: boolean, countsAgainstHealth: boolean, cause: unknown) =>
    new UpstreamFailure({
      code: 'UPSTREAM_ERROR',
      reason: 'connection_terminated',
      detail: `the connection ended before an answer: ${textOf(cause)}`,
      neverLeft,
      retryable: true,
      countsAgainstHealth,
      cause,
    }),

  incomplete: (cause: unknown) =>
    invalid('http_response_incomplete', `the answer was cut off: ${textOf(cause)}`, cause),
  protocol: (cause: unknown) => invalid('http_protocol_error', `the answer is not HTTP/1.1: ${textOf(cause)}`, cause),
  headersTooLarge: (bytes: number) =>
    invalid('http_response_header_section_size', `the answer has more than ${bytes} bytes of headers`),
  coding: (detail: string, cause?: unknown) => invalid('http_response_content_coding', detail, cause),
  redirect: (detail: string) => invalid('http_protocol_error', detail),

  /** Asking again, here or elsewhere, would bring as much again; and it tells of the question, not of the endpoint. */
  bodyTooLarge: (detail: string) =>
    new UpstreamFailure({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_body_size',
      detail,
      retryable: false,
      countsAgainstHealth: false,
    }),
};

const TIMEOUT_REASON = {
  unsent: 'connection_timeout',
  sent: 'http_response_timeout',
  answering: 'connection_read_timeout',
} as const;

function unreachable(
  reason: 'dns_timeout' | 'dns_error' | 'connection_refused',
  detail: string,
  cause: unknown,
): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason,
    detail,
    neverLeft: true,
    retryable: true,
    countsAgainstHealth: true,
    cause,
  });
}

function invalid(
  reason:
    | 'http_response_incomplete'
    | 'http_protocol_error'
    | 'http_response_header_section_size'
    | 'http_response_content_coding',
  detail: string,
  cause?: unknown,
): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason,
    detail,
    retryable: true,
    countsAgainstHealth: true,
    cause,
  });
}

function textOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}

/** The `code` of a Node or undici error; not by `instanceof`, which fails for errors of another realm. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
