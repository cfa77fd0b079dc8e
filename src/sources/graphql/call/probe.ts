import { UpstreamFailure } from '../../../errors/index.ts';
import type { Endpoint, HttpClient } from '../../../upstream/index.ts';
import type { HealthCheckPolicy } from '../../policy.ts';
import { probeEndpoint } from '../../rest/call/probe.ts';
import { userAgent } from '../../shared/user-agent.ts';

/** A probe gets this long (design: health probes have a timeout of 1 s). */
const PROBE_TIMEOUT_MS = 1_000;

/**
 * Asks an endpoint whether it is there: by `{ __typename }`, which every GraphQL service answers, or by the health
 * check's path. Credentials are not sent: a refusal is a sign of life. Throws UpstreamFailure.
 */
export async function probeGraphQL(
  http: HttpClient,
  endpoint: Pick<Endpoint, 'url' | 'number'>,
  healthCheck: HealthCheckPolicy | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (healthCheck?.path !== undefined) return probeEndpoint(http, endpoint, healthCheck, signal);
  const { status } = await http.request({
    method: 'POST',
    url: endpoint.url,
    headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': userAgent },
    body: '{"query":"{__typename}"}',
    signal,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  if (status < 500) return status;
  throw new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'destination_unavailable',
    detail: `{ __typename } to endpoint ${endpoint.number} was answered ${status}`,
    retryable: true,
    countsAgainstHealth: true,
    status,
  });
}
