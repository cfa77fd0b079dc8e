import { type FreshnessRules, givenTags, operationTag, sourceTag } from '../../cache/index.ts';
import { type Fallback, layPolicy } from '../policy.ts';
import type { CallContext, OperationDescription, SourceSettings } from '../source.ts';

/** The ladder's numbers where no policy says others (design, "Default numbers"). */
export const LADDER_DEFAULTS = {
  /** For the whole call, all rungs; never more than what is left of the request. */
  deadlineMs: 10_000,
  attemptTimeoutMs: 3_000,
  /** With a stale entry at hand that had a lifetime, how long a fresh answer is waited for. */
  softTimeoutMs: 200,
  /** Attempts after the first. */
  retries: 2,
  /** The grace: how long past its freshness an answer may be served stale. */
  staleSeconds: 600,
  /** 404 and 410 are not remembered. */
  negativeTtlSeconds: 0,
  /** After a failed call, how long a stale entry of the same key is served without another. */
  refreshBackoffMs: 5_000,
  /** How many keys the ladder remembers as failed. */
  refreshBackoffKeys: 10_000,
  /** How long past the deadline the pool's own account of what went wrong is waited for. */
  landingGraceMs: 25,
  /** Operations that may stand in for each other in one call. */
  fallbackDepth: 3,
} as const;

/** The policy of one operation, complete. */
export interface OperationRules {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly softTimeoutMs: number;
  /** The policy says it: then it holds for entries that never had a lifetime too. */
  readonly softTimeoutGiven: boolean;
  readonly retries: number;
  readonly hedgeAfterMs: number | undefined;
  readonly fallback: Fallback | undefined;
  readonly idempotencyHeader: string | undefined;
  readonly freshness: FreshnessRules;
  readonly scope: 'PUBLIC' | 'PRIVATE' | undefined;
  readonly versionField: readonly string[] | undefined;
  /** Those every entry of the operation carries. */
  readonly tags: readonly string[];
}

/** Lays the operation's policy over the source's, and that over the defaults. */
export function rulesOf(source: string, operation: OperationDescription, settings: SourceSettings): OperationRules {
  const { operationPolicies } = settings;
  const own = Object.hasOwn(operationPolicies, operation.name) ? operationPolicies[operation.name] : undefined;
  const policy = layPolicy(settings.policy, own);
  const cache = policy.cache ?? {};
  return {
    deadlineMs: policy.deadlineMs ?? LADDER_DEFAULTS.deadlineMs,
    attemptTimeoutMs: policy.attemptTimeoutMs ?? LADDER_DEFAULTS.attemptTimeoutMs,
    softTimeoutMs: policy.softTimeoutMs ?? LADDER_DEFAULTS.softTimeoutMs,
    softTimeoutGiven: policy.softTimeoutMs !== undefined,
    retries: policy.retries ?? LADDER_DEFAULTS.retries,
    hedgeAfterMs: policy.hedgeAfterMs,
    fallback: policy.fallback,
    idempotencyHeader: policy.idempotencyHeader?.toLowerCase(),
    freshness: {
      ttlSeconds: cache.ttlSeconds,
      staleSeconds: cache.staleSeconds,
      defaultStaleSeconds: LADDER_DEFAULTS.staleSeconds,
      negativeTtlSeconds: cache.negativeTtlSeconds ?? LADDER_DEFAULTS.negativeTtlSeconds,
      explicitlyPublic: cache.scope === 'PUBLIC',
    },
    scope: cache.scope,
    versionField: cache.versionField?.split('.'),
    tags: [sourceTag(source), operationTag(source, operation.name), ...givenTags(source, cache.tags ?? [])],
  };
}

/** Clock.now() at which a call of a request that starts now must be over. */
export function deadlineOf(
  { deadline, modelTime }: CallContext,
  { deadlineMs }: OperationRules,
  startedAt: number,
): number {
  const until =
    modelTime?.asked === true
      ? Math.max(deadline, Math.min(modelTime.deadline, startedAt + modelTime.otherCallMs))
      : deadline;
  return Math.min(until, startedAt + deadlineMs);
}
