import { UpstreamFailure } from '../../errors/index.ts';
import type { HttpClient, HttpRequest } from '../../upstream/index.ts';

/** A probe gets this long (design: health probes have a timeout of 1 s). */
export const PROBE_TIMEOUT_MS = 1_000;

/**
 * Sends one probe; every status below 500 is a sign of life. Resolves with the status, throws UpstreamFailure.
 * `what` begins the failure's detail, before the status: `the health check of endpoint 0 answered`.
 */
export async function probeRequest(
  http: HttpClient,
  request: Omit<HttpRequest, 'timeoutMs'>,
  what: string,
): Promise<number> {
  const { status } = await http.request({ ...request, timeoutMs: PROBE_TIMEOUT_MS });
  if (status < 500) return status;
  throw new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'destination_unavailable',
    detail: `${what} ${status}`,
    retryable: true,
    countsAgainstHealth: true,
    status,
  });
}
