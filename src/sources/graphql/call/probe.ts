import type { Endpoint, HttpClient } from '../../../upstream/index.ts';
import type { HealthCheckPolicy } from '../../policy.ts';
import { probeEndpoint } from '../../rest/call/probe.ts';
import { probeRequest } from '../../shared/probe-request.ts';
import { userAgent } from '../../shared/user-agent.ts';

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
  const request = {
    method: 'POST',
    url: endpoint.url,
    headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': userAgent },
    body: '{"query":"{__typename}"}',
    signal,
  };
  return probeRequest(http, request, `{ __typename } to endpoint ${endpoint.number} was answered`);
}
