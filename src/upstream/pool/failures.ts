import { UpstreamFailure } from '../../errors/index.ts';
import type { Endpoint } from '../types.ts';

/** The failures that the pool itself finds; all others come from the attempts. */

export function sourcePaused(source: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'source_paused',
    detail: `${source} is paused`,
    retryable: true,
    countsAgainstHealth: false,
  });
}

export function poolClosed(source: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'cancelled',
    detail: `the endpoints of ${source} were closed`,
    retryable: true,
    countsAgainstHealth: false,
  });
}

export function circuitOpen(detail: string, retryAfterMs: number | undefined): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'circuit_open',
    detail,
    retryable: true,
    countsAgainstHealth: false,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Probes failed, or endpoints are taken out by hand (RFC 9209: `destination_unavailable`). */
export function endpointsUnavailable(detail: string, retryAfterMs: number | undefined): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'destination_unavailable',
    detail,
    retryable: true,
    countsAgainstHealth: false,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Every endpoint asked to be left alone for a while. */
export function askedToWait(detail: string, retryAfterMs: number): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_OVERLOADED',
    reason: 'destination_unavailable',
    detail,
    retryable: true,
    countsAgainstHealth: false,
    retryAfterMs,
  });
}

/** No place was free in time. */
export function shed(source: string, limit: number, retryAfterMs: number): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_OVERLOADED',
    reason: 'connection_limit_reached',
    detail: `${source} has ${Math.floor(limit)} calls in flight, its limit, and none ended in time`,
    neverLeft: true,
    retryable: true,
    countsAgainstHealth: false,
    retryAfterMs,
  });
}

/** The deadline has passed, or is too near to start anything. */
export function deadlinePassed(detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'DEADLINE_EXCEEDED',
    reason: 'http_response_timeout',
    detail,
    retryable: true,
    countsAgainstHealth: false,
  });
}

/** The call's deadline cut an attempt short; `fair` when the endpoint had had time enough to answer. */
export function attemptCutByDeadline(endpoint: Endpoint, ms: number, fair: boolean): UpstreamFailure {
  return new UpstreamFailure({
    code: 'DEADLINE_EXCEEDED',
    reason: 'http_response_timeout',
    detail: `endpoint ${endpoint.number} did not answer in the ${Math.round(ms)} ms that were left`,
    retryable: true,
    countsAgainstHealth: fair,
  });
}

export function attemptTimedOut(endpoint: Endpoint, ms: number): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_TIMEOUT',
    reason: 'http_response_timeout',
    detail: `endpoint ${endpoint.number} did not answer within ${Math.round(ms)} ms`,
    retryable: true,
    countsAgainstHealth: true,
  });
}

/** A timeout that the pool called, with what the attempt knows of how far it had come by then. */
export function explainTimeout(timeout: UpstreamFailure, error: unknown): UpstreamFailure {
  if (!(error instanceof UpstreamFailure) || error.code !== 'UPSTREAM_TIMEOUT') return timeout;
  return new UpstreamFailure({
    code: timeout.code,
    reason: error.reason,
    detail: `${timeout.detail}: ${error.detail}`,
    neverLeft: error.neverLeft,
    retryable: timeout.retryable,
    countsAgainstHealth: timeout.countsAgainstHealth,
    cause: error,
  });
}

export function probeTimedOut(endpoint: Endpoint, ms: number): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_TIMEOUT',
    reason: 'http_response_timeout',
    detail: `the probe of endpoint ${endpoint.number} took longer than ${ms} ms`,
    retryable: true,
    countsAgainstHealth: true,
  });
}

/** Nobody waits any more: the caller left, or another attempt answered first. */
export function cancelled(detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'DEADLINE_EXCEEDED',
    reason: 'cancelled',
    detail,
    retryable: true,
    countsAgainstHealth: false,
  });
}

/** What an attempt threw, as a failure: anything but an UpstreamFailure is a mistake of ours, not the upstream's. */
export function asFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'proxy_internal_error',
    detail: `an attempt must throw UpstreamFailure, but threw ${error instanceof Error ? `${error.name}: ${error.message}` : typeof error}`,
    retryable: false,
    countsAgainstHealth: false,
    cause: error,
  });
}

/** A probe says no by any rejection: it is not a call whose mistakes would be ours. */
export function asProbeFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  return new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'destination_unavailable',
    detail: `the probe failed: ${error instanceof Error ? error.message : String(error)}`,
    retryable: true,
    countsAgainstHealth: true,
    cause: error,
  });
}
