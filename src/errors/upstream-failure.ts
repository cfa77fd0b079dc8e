import type { ErrorCode } from './codes.ts';
import type { UpstreamAnswer } from './upstream-answer.ts';
import { type ErrorDetails, WeirError } from './weir-error.ts';

/** Codes that a failed upstream call can end with. */
export type UpstreamErrorCode = Extract<
  ErrorCode,
  | 'NO_HEALTHY_UPSTREAM'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_OVERLOADED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'BAD_USER_INPUT'
  | 'MODEL_REFUSED'
  | 'CONTENT_FILTERED'
  | 'CONTEXT_TOO_LONG'
  | 'QUOTA_EXCEEDED'
  | 'DEADLINE_EXCEEDED'
  | 'BUDGET_EXCEEDED'
  | 'SUBSCRIBER_TOO_SLOW'
>;

/**
 * Why, in the words of the proxy error types of RFC 9209 section 2.3, and a few of our own
 * for what happens before a connection is tried.
 */
export type FailureReason =
  | 'dns_timeout'
  | 'dns_error'
  | 'destination_not_found'
  | 'destination_unavailable'
  | 'destination_ip_prohibited'
  | 'connection_refused'
  | 'connection_terminated'
  | 'connection_timeout'
  | 'connection_read_timeout'
  | 'connection_write_timeout'
  | 'connection_limit_reached'
  | 'tls_protocol_error'
  | 'tls_certificate_error'
  | 'http_response_incomplete'
  | 'http_response_header_section_size'
  | 'http_response_body_size'
  | 'http_response_content_coding'
  | 'http_response_timeout'
  | 'http_protocol_error'
  | 'http_request_error'
  | 'http_request_denied'
  | 'proxy_internal_error'
  | 'source_paused'
  | 'circuit_open'
  | 'cancelled';

export interface UpstreamFailureInit {
  readonly code: UpstreamErrorCode;
  readonly reason: FailureReason;
  /** For logs and admins with `weir-trace`; may name hosts; never shown to other clients. */
  readonly detail: string;
  /** The request provably never left (refused, DNS, TLS): even a mutation may be tried again elsewhere. */
  readonly neverLeft?: boolean;
  /** Another attempt, here or at another endpoint, may succeed. */
  readonly retryable: boolean;
  /** Asking the same endpoint again would be no use, but another may do it. Default false. */
  readonly elsewhere?: boolean;
  /** Says something bad about the endpoint's health; a 4xx or a cancelled call does not. */
  readonly countsAgainstHealth: boolean;
  /** HTTP status, when the upstream answered. */
  readonly status?: number;
  /** The upstream asked to be left alone for this long (milliseconds, already clamped). */
  readonly retryAfterMs?: number;
  /** The upstream's own code for the failure, when it is a short word that is safe to show. */
  readonly upstreamCode?: string;
  /** More that is safe to show to the client, such as which budget was used up. */
  readonly shown?: ErrorDetails;
  readonly cause?: unknown;
}

/** One attempt, or a whole call, at an upstream failed. Internal: the ladder turns it into an outcome. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly code: UpstreamErrorCode;
  readonly reason: FailureReason;
  readonly detail: string;
  readonly neverLeft: boolean;
  readonly retryable: boolean;
  readonly elsewhere: boolean;
  readonly countsAgainstHealth: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly upstreamCode: string | undefined;
  readonly shown: ErrorDetails;
  /** Private, so that nothing which writes errors down, such as a log, ever writes it. */
  #upstreamAnswer: UpstreamAnswer | undefined;

  constructor(init: UpstreamFailureInit) {
    super(`${init.code} (${init.reason}): ${init.detail}`, { cause: init.cause });
    this.code = init.code;
    this.reason = init.reason;
    this.detail = init.detail;
    this.neverLeft = init.neverLeft ?? false;
    this.retryable = init.retryable;
    this.elsewhere = init.elsewhere ?? false;
    this.countsAgainstHealth = init.countsAgainstHealth;
    this.status = init.status;
    this.retryAfterMs = init.retryAfterMs;
    this.upstreamCode = init.upstreamCode;
    this.shown = init.shown ?? {};
  }

  /** What the upstream answered instead. For admins with `weir-trace`, for nobody else. */
  get upstreamAnswer(): UpstreamAnswer | undefined {
    return this.#upstreamAnswer;
  }

  keepAnswer(answer: UpstreamAnswer): void {
    this.#upstreamAnswer = answer;
  }

  /** The error a client sees for this failure: code, source and reason, never hosts or bodies. */
  toClientError(source: string, attempts: number, retryAfterMs?: number): WeirError {
    const after = retryAfterMs ?? this.retryAfterMs;
    return new WeirError(this.code, clientMessage(this.code, source, this.status), {
      source,
      reason: this.reason,
      retryable: this.retryable,
      ...this.shown,
      attempts,
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.upstreamCode === undefined ? {} : { upstreamCode: this.upstreamCode }),
      ...(after === undefined ? {} : { retryAfterMs: after }),
    });
  }
}

function clientMessage(code: UpstreamErrorCode, source: string, status: number | undefined): string {
  switch (code) {
    case 'NO_HEALTHY_UPSTREAM':
      return `${source} has no healthy upstream.`;
    case 'UPSTREAM_TIMEOUT':
      return `${source} did not answer in time.`;
    case 'UPSTREAM_OVERLOADED':
      return `${source} is overloaded.`;
    case 'UPSTREAM_ERROR':
      return `${source} failed to answer${status === undefined ? '' : ` (HTTP ${status})`}.`;
    case 'UPSTREAM_INVALID_RESPONSE':
      return `${source} answered with something that does not fit its description.`;
    case 'UPSTREAM_REJECTED':
      return `${source} refused the request${status === undefined ? '' : ` (HTTP ${status})`}.`;
    case 'BAD_USER_INPUT':
      return `${source} was not called: an argument is not what it takes.`;
    case 'MODEL_REFUSED':
      return `The model behind ${source} declined to answer.`;
    case 'CONTENT_FILTERED':
      return `A content filter of the model behind ${source} stopped this request.`;
    case 'CONTEXT_TOO_LONG':
      return `This request is longer than the model behind ${source} can read.`;
    case 'QUOTA_EXCEEDED':
      return `The quota of the model behind ${source} is used up.`;
    case 'DEADLINE_EXCEEDED':
      return `The time for this request was used up before ${source} answered.`;
    case 'BUDGET_EXCEEDED':
      return `A budget was used up before ${source} could be called.`;
    case 'SUBSCRIBER_TOO_SLOW':
      return `The subscriber left too much of what ${source} sent unread.`;
    default: {
      const never: never = code;
      return String(never);
    }
  }
}
