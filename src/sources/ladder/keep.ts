import {
  type CacheEntry,
  type CacheKey,
  type CallCache,
  decideStorage,
  givenTags,
  headerTags,
  type StorageDecision,
  type StoreTicket,
} from '../../cache/index.ts';
import type { Random } from '../../runtime/index.ts';
import type { Endpoint } from '../../upstream/index.ts';
import { keptHeaders } from '../shared/kept-headers.ts';
import type { OperationRules } from './rules.ts';
import type { Answer } from './types.ts';

/** The headers a later 304 is laid over. Age is not among them: it was true only of the answer it came with. */
const KEPT_HEADERS = ['cache-control', 'expires', 'date', 'vary', 'etag', 'last-modified'] as const;

export interface Keeping {
  readonly cache: CallCache;
  readonly random: Random;
  readonly rules: OperationRules;
  readonly ticket: StoreTicket;
  /** The ticket's key, with what the answer's Vary added. */
  readonly key: CacheKey;
  /** Clock.now() before the attempt, and now. */
  readonly requestedAt: number;
  readonly receivedAt: number;
}

/** Stores an answer if policy and upstream let it; forgets the older one if they say it must not be used either. */
export function keepAnswer(answer: Answer, endpoint: Endpoint, held: CacheEntry | undefined, keeping: Keeping): void {
  const { cache, random, rules, ticket, key, requestedAt, receivedAt } = keeping;
  const confirmed = answer.status === 304 ? held : undefined;
  const headers = confirmed === undefined ? answer.headers : { ...confirmed.headers, ...answer.headers };
  const received = {
    status: confirmed === undefined ? answer.status : 200,
    headers,
    requestedAt,
    receivedAt,
    scope: key.scope,
  };
  const decision = decideStorage(received, rules.freshness, random.next());
  const tags = headerTags(headers);
  if (!decision.store || tags === undefined || answer.storable === false) {
    const mustGo = !decision.store && !decision.keepOlder;
    if (mustGo && cache.isCurrent(ticket)) cache.remove(key);
    return;
  }
  const value = confirmed === undefined ? answer.value : confirmed.value;
  const size = confirmed === undefined ? answer.size : confirmed.size;
  const entry = entryOf(decision, keeping, { value, size, endpoint: endpoint.number, backup: endpoint.priority > 0 });
  if (headers.etag !== undefined) entry.etag = headers.etag;
  if (headers['last-modified'] !== undefined) entry.lastModified = headers['last-modified'];
  // Only what a later 304 can confirm needs the headers it is laid over.
  if (entry.etag !== undefined || entry.lastModified !== undefined) entry.headers = keptHeaders(headers, KEPT_HEADERS);
  if (decision.negative) entry.negativeStatus = answer.status;
  const version = readVersion(value, rules.versionField);
  if (version !== undefined) entry.version = version;
  const allTags = tagsOf(key.source, confirmed?.tags, tags, answer.tags);
  if (allTags.length > 0) entry.tags = allTags;
  cache.store(ticket, entry, key);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function tagsOf(
  source: string,
  confirmed: readonly string[] = NO_TAGS,
  ofHeaders: readonly string[],
  ofValue: readonly string[] = NO_TAGS,
): readonly string[] {
  if (confirmed.length + ofHeaders.length + ofValue.length === 0) return NO_TAGS;
  return [...new Set([...confirmed, ...givenTags(source, [...ofHeaders, ...ofValue])])];
}

const NO_TAGS: readonly string[] = [];

/** A 404 or 410: remembered if the policy says so; either way the older answer is not the truth any more. */
export function keepGone(status: number, endpoint: number, keeping: Keeping): void {
  const { cache, random, rules, ticket, key, requestedAt, receivedAt } = keeping;
  if (!cache.isCurrent(ticket)) return;
  cache.remove(key);
  const received = { status, headers: {}, requestedAt, receivedAt, scope: key.scope };
  const decision = decideStorage(received, rules.freshness, random.next());
  if (!decision.store) return;
  const entry = entryOf(decision, keeping, { value: undefined, size: 0, endpoint, backup: false });
  entry.negativeStatus = status;
  cache.store(ticket, entry, key);
}

function entryOf(
  decision: Extract<StorageDecision, { store: true }>,
  { key, requestedAt, receivedAt }: Keeping,
  { value, size, endpoint, backup }: Pick<CacheEntry, 'value' | 'size' | 'endpoint' | 'backup'>,
): Writable<CacheEntry> {
  const { storedAt, freshUntil, staleUntil, keptUntil, staleWhileRevalidateUntil, declared } = decision;
  const entry: Writable<CacheEntry> = {
    value,
    storedAt,
    asOf: storedAt - (receivedAt - requestedAt),
    declared,
    freshUntil,
    staleUntil,
    keptUntil,
    scope: key.scope,
    endpoint,
    backup,
    size,
  };
  if (staleWhileRevalidateUntil !== undefined) entry.staleWhileRevalidateUntil = staleWhileRevalidateUntil;
  return entry;
}

/** The value of the version field, `a.b` reaching into objects; undefined when it is neither number nor text. */
function readVersion(value: unknown, path: readonly string[] | undefined): number | string | undefined {
  if (path === undefined) return undefined;
  let at: unknown = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return typeof at === 'number' || typeof at === 'string' ? at : undefined;
}
