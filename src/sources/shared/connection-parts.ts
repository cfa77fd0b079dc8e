import { UpstreamFailure } from '../../errors/index.ts';
import type { ConfigurableEndpointPool } from '../../upstream/index.ts';
import { type HealthCheckPolicy, layPolicy, type Policy } from '../policy.ts';
import type { SourceSettings } from '../source.ts';

// What the connections of several kinds of source do alike.

/** The pool's probe interval, in milliseconds; nothing where the policy leaves it to the pool. */
export function intervalOf(healthCheck: HealthCheckPolicy | undefined): { readonly intervalMs?: number } {
  const seconds = healthCheck?.intervalSeconds;
  return seconds === undefined ? {} : { intervalMs: seconds * 1000 };
}

/** What holds for one operation: its own policy, laid over that of the source. */
export function policyOf({ policy, operationPolicies }: SourceSettings, operation: string): Policy {
  return layPolicy(policy, Object.hasOwn(operationPolicies, operation) ? operationPolicies[operation] : undefined);
}

/** From now on the pool goes by these settings. */
export function reconfigurePool(pool: ConfigurableEndpointPool, { policy, paused }: SourceSettings): void {
  const { healthCheck, maxConcurrency } = policy;
  pool.reconfigure({ maxConcurrency, probeIntervalMs: intervalOf(healthCheck).intervalMs });
  pool.setPaused(paused);
}

/** A call that cannot be made at all: it never left, and says nothing of any endpoint's health. */
export function notCallable(reason: UpstreamFailure['reason'], detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason,
    detail,
    neverLeft: true,
    retryable: false,
    countsAgainstHealth: false,
  });
}

/** A mistake of ours costs one call, never the process, and is not shown. */
export function asFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  return new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'proxy_internal_error',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    retryable: false,
    countsAgainstHealth: false,
    cause: error,
  });
}
