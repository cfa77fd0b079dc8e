import type { UpstreamFailure } from '../errors/index.ts';

/** How a call was served. */
export type OutcomeKind = 'FRESH' | 'CACHED' | 'STALE' | 'BACKUP' | 'FALLBACK' | 'FAILED';

/** One attempt at one endpoint, for `weir-trace` and accounts. Hosts never appear: endpoints go by number. */
export interface AttemptRecord {
  readonly endpoint: number;
  readonly startedAt: number;
  readonly durationMs: number;
  /** `ok`, or the reason of the failure. */
  readonly result: string;
  readonly status?: number;
}

interface OutcomeBase {
  readonly durationMs: number;
  readonly attempts: readonly AttemptRecord[];
  /** What the cache said: `HIT`, `STALE`, `MISS`, `JOINED` (another identical call in flight), `BYPASS`. */
  readonly cache: 'HIT' | 'STALE' | 'MISS' | 'JOINED' | 'BYPASS';
  /** Figures only some kinds have (model, tokens, cost), shown in `weir-trace`. */
  readonly figures?: Readonly<Record<string, unknown>>;
  /** Set when one call to the upstream served several calls: the same object in each of their outcomes. */
  readonly batch?: { readonly keys: number };
  /**
   * Set when several calls to the upstream made one answer (its pages): the outcome of each, in order. The call counts
   * as its worst part, which may have FAILED while the others still make an answer.
   */
  readonly parts?: readonly Outcome[];
}

/** A call that has a value. `value` is frozen and shared: nobody may change it. */
export interface ServedOutcome extends OutcomeBase {
  readonly kind: Exclude<OutcomeKind, 'FAILED'>;
  readonly value: unknown;
  /** Milliseconds since the value was fetched; 0 when it was fetched for this call. */
  readonly ageMs: number;
  /** Why a better rung did not serve (STALE, BACKUP, FALLBACK). */
  readonly failure?: UpstreamFailure;
}

export interface FailedOutcome extends OutcomeBase {
  readonly kind: 'FAILED';
  readonly failure: UpstreamFailure;
  /** When it is worth trying again, in milliseconds, if that is known. */
  readonly retryAfterMs?: number;
}

export type Outcome = ServedOutcome | FailedOutcome;
