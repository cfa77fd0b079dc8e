import type { FailureReason, UpstreamFailure } from '../../errors/index.ts';
import type { PoolNumbers } from './numbers.ts';

/**
 * Whether a failed attempt may be followed by another: the failure may pass, and a second effect is harmless
 * or impossible (RFC 9110 section 9.2.2: never repeat what is not idempotent, unless it provably did not leave).
 */
export function mayRetry(failure: UpstreamFailure, idempotent: boolean): boolean {
  return failure.retryable && failure.reason !== 'cancelled' && (idempotent || failure.neverLeft);
}

const ENDPOINTS_OWN: ReadonlySet<FailureReason> = new Set([
  'tls_certificate_error',
  'tls_protocol_error',
  'destination_ip_prohibited',
]);

/** It would be wrong to ask this endpoint again, but nothing came of it, and another endpoint may be right. */
export function mayGoElsewhere(failure: UpstreamFailure): boolean {
  return failure.elsewhere || (failure.neverLeft && ENDPOINTS_OWN.has(failure.reason));
}

/** The wait before the given retry (1 for the first), for `draw` in [0, 1). */
export function backoffMs(retry: number, draw: number, numbers: PoolNumbers['retry']): number {
  return draw * Math.min(numbers.maxMs, numbers.baseMs * (2 ** retry - 1));
}
