import type { Stage } from './stage.ts';

export type OutcomeName = 'FRESH' | 'CACHED' | 'BACKUP' | 'STALE' | 'FALLBACK' | 'FAILED';

/**
 * Four sources have the same faulty primary, and are asked in one query, so that every scenario shows every rung:
 * `cold` has nothing else, `backed` has a backup, `warm` has an answer from before the fault, `declared` a fallback.
 */
export const ROLES = ['cold', 'backed', 'warm', 'declared'] as const;
export type Role = (typeof ROLES)[number];

/** What is promised of one role: one of these outcomes, and if it fails, one of these codes and reasons. */
export interface Promised {
  readonly outcome: OutcomeName | readonly OutcomeName[];
  readonly code?: string | readonly string[];
  readonly reason?: string | readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** The class of the fault, as the table groups them. */
  readonly group: string;
  /** What is done to the upstream, in a few words. */
  readonly injected: string;
  /** What must be seen, beside what holds for every scenario (see check.ts). */
  readonly promised: Readonly<Partial<Record<Role, Promised>>>;
  /** Policy of all four sources, laid over `POLICY`. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** The primary's base URL, when it is not the stage's own server. The roles `warm` is left out then. */
  readonly primary?: (stage: Stage) => Promise<string>;
  /** Put a TCP proxy between the gateway and the primary. */
  readonly proxied?: boolean;
  /** Makes the fault happen; called when the sources are published and the warm one has its answer. */
  readonly inject: (stage: Stage) => Promise<void> | void;
  /** Whether further calls open the breaker of `cold`; default: what happens is not looked at. */
  readonly breaker?: 'opens' | 'stays closed';
  /** Anything else that must hold; answers what was seen, throws what was not. Called after the first query. */
  readonly also?: (stage: Stage) => Promise<string>;
  /** Do not heal and ask again at the end (there is nothing to heal). */
  readonly noRecovery?: boolean;
}

/** Short, so that the table takes minutes; every number is policy, and none is what is tested here. */
export const POLICY = { deadlineMs: 2_000, attemptTimeoutMs: 500 } as const;

/** How much longer than the deadline an answer may take (milliseconds). */
export const DEADLINE_GRACE_MS = 100;

/** In the bodies and headers of faulty answers; must never reach a client. */
export const UPSTREAM_SECRET = 'UPSTREAM-SECRET-7f3a';

/** The usual promise for an upstream that is out of order: every rung has its turn. */
export function outage(code: string | readonly string[], reason: string | readonly string[]): Scenario['promised'] {
  return {
    cold: { outcome: 'FAILED', code, reason },
    backed: { outcome: 'BACKUP' },
    warm: { outcome: 'STALE' },
    declared: { outcome: 'FALLBACK' },
  };
}

/** The same where another endpoint is not asked: the answer tells of the question, not of the endpoint. */
export function badAnswer(code: string | readonly string[], reason: string | readonly string[]): Scenario['promised'] {
  return { ...outage(code, reason), backed: { outcome: 'FAILED', code, reason } };
}

/** Nothing is wrong enough to be seen. */
export function unharmed(): Scenario['promised'] {
  return {
    cold: { outcome: 'FRESH' },
    backed: { outcome: 'FRESH' },
    warm: { outcome: 'FRESH' },
    declared: { outcome: 'FRESH' },
  };
}
