import { type ErrorCode, type WeirError } from '../errors/index.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  MODEL_REFUSED: 422,
  CONTENT_FILTERED: 422,
  RATE_LIMITED: 429,
  BUDGET_EXCEEDED: 429,
  QUOTA_EXCEEDED: 429,
  UPSTREAM_ERROR: 502,
  UPSTREAM_INVALID_RESPONSE: 502,
  NO_HEALTHY_UPSTREAM: 503,
  UPSTREAM_OVERLOADED: 503,
  SHUTTING_DOWN: 503,
  STORAGE_UNAVAILABLE: 503,
  UPSTREAM_TIMEOUT: 504,
  DEADLINE_EXCEEDED: 504,
};

/** HTTP status of an error that is a whole answer. */
export function errorStatus(error: WeirError): number {
  const { status } = error.details;
  if (error.code === 'UPSTREAM_OVERLOADED' && status === 429) return 429;
  if (error.code === 'UPSTREAM_REJECTED') {
    // What the upstream has against Weir's own credential is nothing that the client could mend.
    return status === 401 || status === 403 || status === 407 ? 502 : status === 404 ? 404 : 400;
  }
  return STATUS[error.code] ?? 400;
}

/** Whole seconds for the Retry-After header (RFC 9110 section 10.2.3); undefined when it is not known. */
export function retryAfterSeconds(error: WeirError): number | undefined {
  const { retryAfterMs } = error.details;
  return typeof retryAfterMs === 'number' ? Math.max(1, Math.ceil(retryAfterMs / 1000)) : undefined;
}
