import { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { Endpoint, HttpClient } from '../../../upstream/index.ts';
import type { HealthCheckPolicy } from '../../policy.ts';
import { PROBE_TIMEOUT_MS, probeRequest } from '../../shared/probe-request.ts';
import { userAgent } from '../../shared/user-agent.ts';
import type { ProbeResult } from '../../source.ts';
import { joinUrl } from './request/target.ts';

/**
 * Asks an endpoint whether it is there: by a GET of the health check's path, where every status below 500 is a yes,
 * or by a connect. Credentials are not sent: whether they are right is no question of health.
 * Resolves with the status, if there was one; throws UpstreamFailure.
 */
export async function probeEndpoint(
  http: HttpClient,
  endpoint: Pick<Endpoint, 'url' | 'number'>,
  healthCheck: HealthCheckPolicy | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (healthCheck?.path === undefined) {
    await http.connect(endpoint.url, { timeoutMs: PROBE_TIMEOUT_MS, signal });
    return undefined;
  }
  const [path = '', query = ''] = healthCheck.path.replace(/^\/*/, '/').split('?', 2);
  const request = {
    method: 'GET',
    url: joinUrl(endpoint.url, { path, query }, undefined, false),
    headers: { accept: '*/*', 'user-agent': userAgent },
    signal,
  };
  return probeRequest(http, request, `the health check of endpoint ${endpoint.number} answered`);
}

/** The same as a result, with the time it took. */
export async function probeResult(clock: Clock, probe: () => Promise<number | undefined>): Promise<ProbeResult> {
  const started = clock.now();
  try {
    const status = await probe();
    const latencyMs = clock.now() - started;
    return { ok: true, latencyMs, ...(status === undefined ? {} : { status }) };
  } catch (error: unknown) {
    const reason = error instanceof UpstreamFailure ? error.reason : 'proxy_internal_error';
    return { ok: false, latencyMs: clock.now() - started, reason };
  }
}
