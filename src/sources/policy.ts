/**
 * Resilience, caching and limit settings of a source or of one operation.
 * All fields optional: an operation's policy is laid over its source's, and that over the defaults.
 */
export interface Policy {
  /** Milliseconds for the whole call, all rungs; never more than what is left of the request. Default 10 000. */
  readonly deadlineMs?: number;
  /** Milliseconds for one attempt at one endpoint. Default 3 000. */
  readonly attemptTimeoutMs?: number;
  /**
   * When a stale entry is at hand, wait only this long for a fresh one. Default 200 for entries that had a lifetime
   * (by `cache.ttlSeconds` or the upstream's headers); those without one then stand in for outages only.
   */
  readonly softTimeoutMs?: number;
  /** Further attempts after the first. Default 2. */
  readonly retries?: number;
  /** Subscriptions: tries in a row to open a lost upstream again before the subscription ends. Default 10. */
  readonly reconnects?: number;
  /** Start a second attempt of a query after this long without an answer. Default: never. */
  readonly hedgeAfterMs?: number;
  readonly cache?: CachePolicy;
  readonly fallback?: Fallback;
  readonly healthCheck?: HealthCheckPolicy;
  /** Fixed cap on calls in flight to the source; default: the gradient limit. */
  readonly maxConcurrency?: number;
  /** Request header that carries an idempotency key; with it a mutation may be retried. */
  readonly idempotencyHeader?: string;
  /** Request header that tells the upstream the milliseconds left. */
  readonly deadlineHeader?: string;
  /** Redirects to follow; default 0. */
  readonly followRedirects?: number;
  /** Prompts: milliseconds to the first piece of a streamed answer. Default 10 000. */
  readonly firstTokenMs?: number;
  /** Prompts: milliseconds between two pieces of a streamed answer. Default 5 000. */
  readonly nextTokenMs?: number;
  /** Prompts: tokens of an answer at most, whatever the prompt itself asks for. */
  readonly maxOutputTokens?: number;
}

export interface CachePolicy {
  /** Seconds an answer is fresh. Default: what the upstream's headers say, else 0. */
  readonly ttlSeconds?: number;
  /** Seconds after freshness in which a stale answer may be served. Default 600. */
  readonly staleSeconds?: number;
  /** Default: PRIVATE when a caller's credential is forwarded, else PUBLIC. */
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly tags?: readonly string[];
  /** Seconds a 404 or 410 is remembered. Default 0. */
  readonly negativeTtlSeconds?: number;
  /** Field of the answer that grows with every version of the thing; older never overwrites newer. */
  readonly versionField?: string;
}

/** A constant, or another operation of the same source. */
export type Fallback =
  | { readonly value: unknown }
  | { readonly operation: string; readonly arguments: Readonly<Record<string, unknown>> };

export interface HealthCheckPolicy {
  /** Path below the endpoint's URL; default: a connect. */
  readonly path?: string;
  readonly intervalSeconds?: number;
}

/** Lays `over` on `base`, field by field; `cache` and `healthCheck` are laid over one level deeper. */
export function layPolicy(base: Policy, over: Policy | undefined): Policy {
  if (over === undefined) return base;
  return {
    ...base,
    ...over,
    ...(base.cache || over.cache ? { cache: { ...base.cache, ...over.cache } } : {}),
    ...(base.healthCheck || over.healthCheck ? { healthCheck: { ...base.healthCheck, ...over.healthCheck } } : {}),
  };
}
