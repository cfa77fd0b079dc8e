import { type CacheControl, parseCacheControl, readSeconds } from './cache-control.ts';
import type { CacheScope } from './types.ts';

/** What a policy says of keeping answers. All in seconds. */
export interface FreshnessRules {
  /** Wins over the upstream's headers, but for no-store and private. */
  readonly ttlSeconds: number | undefined;
  /** Wins over what the upstream says of stale answers. */
  readonly staleSeconds: number | undefined;
  /** Grace when neither the policy nor the upstream says one. */
  readonly defaultStaleSeconds: number;
  /** How long a 404 or 410 is remembered; 0: not at all. */
  readonly negativeTtlSeconds: number;
  /** The policy itself says PUBLIC: then `private` of the upstream does not count. */
  readonly explicitlyPublic: boolean;
}

export interface ReceivedAnswer {
  readonly status: number;
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Clock.now() when the call went out, and when the answer was there. */
  readonly requestedAt: number;
  readonly receivedAt: number;
  readonly scope: CacheScope;
}

export type StorageDecision =
  | { readonly store: false /** An older entry may stay. */; readonly keepOlder: boolean; readonly why: string }
  | {
      readonly store: true;
      readonly storedAt: number;
      readonly freshUntil: number;
      readonly staleUntil: number;
      readonly keptUntil: number;
      readonly staleWhileRevalidateUntil: number | undefined;
      /** Policy or upstream gave it a lifetime above 0. */
      readonly declared: boolean;
      readonly negative: boolean;
    };

/** The part of a lifetime by which it is shortened at most, so that entries made together do not end together. */
export const TTL_JITTER = 0.1;

/** Answers that are complete and final. 206 is a part; other 2xx and 3xx are not given out by sources as answers. */
const STORABLE = new Set([200, 203, 204]);
const GONE = new Set([404, 410]);

/**
 * Whether and for how long an answer is kept: RFC 9111 as a shared cache for PUBLIC entries and as a private one
 * for PRIVATE entries, RFC 5861 for stale ones. No heuristic freshness (RFC 9111 section 4.2.2): without a word
 * from policy or upstream an answer is stale at once, and kept only for the day the upstream is gone.
 *
 * `jitter` is a number in [0, 1).
 */
export function decideStorage(answer: ReceivedAnswer, rules: FreshnessRules, jitter: number): StorageDecision {
  const { status, headers, receivedAt, scope } = answer;
  const control = parseCacheControl(headers['cache-control']);
  if (control.noStore) return refused('The upstream says no-store.');
  if (control.private && scope.kind === 'PUBLIC' && !rules.explicitlyPublic) {
    return refused('The upstream says private; the entry would be everybody’s.');
  }
  if (variesOnEverything(headers)) return refused('The upstream says Vary: *.');
  if (GONE.has(status)) return negative(answer, rules, jitter);
  if (!STORABLE.has(status)) return { store: false, keepOlder: true, why: `Status ${status} is never stored.` };

  const shared = scope.kind === 'PUBLIC';
  const storedAt = receivedAt - initialAgeMs(answer);
  const lifetime = rules.ttlSeconds === undefined ? statedLifetime(control, headers, shared, receivedAt) : undefined;
  const until =
    lifetime === undefined
      ? receivedAt + shorten((rules.ttlSeconds ?? 0) * 1_000, jitter)
      : storedAt + shorten(lifetime * 1_000, jitter);
  // Never before storedAt, and stale from the beginning when the answer was already old.
  const freshUntil = Math.max(until, storedAt);
  const grace = rules.staleSeconds ?? statedGrace(control, shared, rules.ttlSeconds) ?? rules.defaultStaleSeconds;
  const staleUntil = freshUntil + grace * 1_000;
  const confirmable = headers.etag !== undefined || headers['last-modified'] !== undefined;
  const revalidateSeconds = grace > 0 ? control.staleWhileRevalidate : undefined;
  return {
    store: true,
    storedAt,
    freshUntil,
    staleUntil,
    keptUntil: confirmable ? Math.max(staleUntil, freshUntil + rules.defaultStaleSeconds * 1_000) : staleUntil,
    staleWhileRevalidateUntil:
      revalidateSeconds === undefined ? undefined : Math.min(staleUntil, freshUntil + revalidateSeconds * 1_000),
    declared: (rules.ttlSeconds ?? lifetime ?? 0) > 0 || revalidateSeconds !== undefined,
    negative: false,
  };
}

/** Names in Vary, lower case, sorted. */
export function varyNames(headers: Readonly<Record<string, string>>): readonly string[] {
  if (headers.vary === undefined) return NO_NAMES;
  const names = headers.vary.split(',').map((name) => name.trim().toLowerCase());
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

const NO_NAMES: readonly string[] = [];

function variesOnEverything(headers: Readonly<Record<string, string>>): boolean {
  return headers.vary !== undefined && varyNames(headers).includes('*');
}

/** RFC 9111 section 4.2.1. */
function statedLifetime(
  control: CacheControl,
  headers: Readonly<Record<string, string>>,
  shared: boolean,
  receivedAt: number,
): number {
  if (control.noCache) return 0;
  if (shared && control.sMaxage !== undefined) return control.sMaxage;
  if (control.maxAge !== undefined) return control.maxAge;
  if (headers.expires === undefined) return 0;
  const expires = Date.parse(headers.expires); // "0" and other junk mean the past (section 5.3)
  const date = readDate(headers) ?? receivedAt;
  return Number.isNaN(expires) || !isHttpDate(headers.expires) ? 0 : Math.max(0, (expires - date) / 1_000);
}

/**
 * What the upstream says of stale answers, in seconds; undefined: nothing. RFC 9111 section 4.2.4 forbids them
 * after no-cache, must-revalidate, and for a shared cache proxy-revalidate and s-maxage; RFC 5861 allows them.
 * A ttl of the policy takes the place of no-cache and s-maxage.
 */
function statedGrace(control: CacheControl, shared: boolean, ttlSeconds: number | undefined): number | undefined {
  if (control.mustRevalidate || (shared && control.proxyRevalidate)) return 0;
  if (ttlSeconds === undefined && control.noCache) return 0;
  if (control.staleIfError !== undefined || control.staleWhileRevalidate !== undefined) {
    return Math.max(control.staleIfError ?? 0, control.staleWhileRevalidate ?? 0);
  }
  return ttlSeconds === undefined && shared && control.sMaxage !== undefined ? 0 : undefined;
}

/**
 * RFC 9111 section 4.2.3, corrected_age_value. Date is left out, as the section allows: an upstream whose clock is
 * wrong would look old for ever. Without Age the origin itself has just answered.
 */
function initialAgeMs(answer: ReceivedAnswer): number {
  if (answer.headers.age === undefined) return 0;
  const age = readSeconds(answer.headers.age.trim()) * 1_000;
  return age === 0 ? 0 : age + Math.max(0, answer.receivedAt - answer.requestedAt);
}

function readDate(headers: Readonly<Record<string, string>>): number | undefined {
  if (headers.date === undefined || !isHttpDate(headers.date)) return undefined;
  const time = Date.parse(headers.date);
  return Number.isNaN(time) ? undefined : time;
}

/** Begins with the name of a day, as all three forms of RFC 9110 section 5.6.7 do; Date.parse alone reads "0" as 2000. */
function isHttpDate(text: string): boolean {
  return /^[A-Z][a-z]{2,8},? /.test(text);
}

function shorten(ms: number, jitter: number): number {
  return ms * (1 - TTL_JITTER * jitter);
}

function negative(answer: ReceivedAnswer, rules: FreshnessRules, jitter: number): StorageDecision {
  if (rules.negativeTtlSeconds <= 0) return refused(`Status ${answer.status} is remembered only by policy.`);
  const until = answer.receivedAt + shorten(rules.negativeTtlSeconds * 1_000, jitter);
  return {
    store: true,
    storedAt: answer.receivedAt,
    freshUntil: until,
    staleUntil: until,
    keptUntil: until,
    staleWhileRevalidateUntil: undefined,
    declared: true,
    negative: true,
  };
}

function refused(why: string): StorageDecision {
  return { store: false, keepOlder: false, why };
}
