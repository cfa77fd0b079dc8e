/** Who may be given an entry: everybody, or one caller. */
export type CacheScope = { readonly kind: 'PUBLIC' } | { readonly kind: 'PRIVATE'; readonly callerId: string };

/** What identifies an entry. Two calls with equal ones would get the same answer. */
export interface KeyParts {
  readonly source: string;
  readonly revision: number;
  readonly operation: string;
  /** Arguments in canonical form (object keys sorted, undefined left out). */
  readonly arguments: string;
  /** Forwarded and varying request headers that shape the answer, canonical. */
  readonly vary: string;
  readonly scope: CacheScope;
}

/** The parts and their text, which is written once for all that a call does with it. Made by `cacheKey` only. */
export interface CacheKey extends KeyParts {
  /** Equal for equal parts only. It holds forwarded credentials (in `vary`), so it never leaves the process. */
  readonly text: string;
}

export interface CacheEntry {
  /** Frozen. Handed out by reference. `undefined` in a negative entry that stands for a failure. */
  readonly value: unknown;
  /** Clock.now() when the answer was fetched, less the Age it came with. */
  readonly storedAt: number;
  /**
   * The answer shows every change made before this (Clock.now()): when its call went out, less its Age.
   * Default `storedAt`.
   */
  readonly asOf?: number;
  readonly freshUntil: number;
  /** Until when it may be served stale. */
  readonly staleUntil: number;
  /** Until when it is kept for the upstream to confirm, though it may not be served; default `staleUntil`. */
  readonly keptUntil?: number;
  /** Until when the upstream allows a stale answer at once while a new one is fetched (RFC 5861 section 3). */
  readonly staleWhileRevalidateUntil?: number;
  /** Policy or upstream gave it a lifetime. Without one it is material for outages alone. */
  readonly declared?: boolean;
  /**
   * Its source was written to after its call began. It is stale since it was fetched, for all that anybody knows:
   * to be served when the upstream is gone, not when it is only slow. Set by the cache.
   */
  readonly overtaken?: boolean;
  readonly scope: CacheScope;
  readonly etag?: string;
  readonly lastModified?: string;
  /** The headers that freshness was read from; a 304 is laid over them (RFC 9111 section 3.2). */
  readonly headers?: Readonly<Record<string, string>>;
  /** A stored 404 or 410. */
  readonly negativeStatus?: number;
  /** Number of the endpoint it came from, and whether that was a backup. */
  readonly endpoint: number;
  readonly backup: boolean;
  readonly version?: number | string;
  /** Tags the answer came with, beside those known before the call (its ticket's). */
  readonly tags?: readonly string[];
  /** Approximate bytes of the answer as it came. */
  readonly size: number;
}

/** `stale`: no longer fresh. To be served only until `entry.staleUntil`; after that, to be confirmed (304). */
export type CacheLookup =
  | { readonly state: 'fresh'; readonly entry: CacheEntry }
  | { readonly state: 'stale'; readonly entry: CacheEntry }
  | { readonly state: 'none' };

/** Taken before a call goes out; an entry can be stored only against a ticket that no purge has overtaken. */
export interface StoreTicket {
  readonly key: CacheKey;
  /** Tags known before the call. */
  readonly tags: readonly string[];
  /** The count of purges when the ticket was taken: a purge of any of its tags after that ends it. */
  readonly epoch: number;
  /** The count of expiries then: an answer that an expiry of its tags overtook is stored, but never as fresh. */
  readonly expiryEpoch: number;
  /** Clock.now() when the ticket was taken. */
  readonly at: number;
}

export interface CacheStats {
  readonly entries: number;
  /** Bytes the entries are reckoned to take in this process. */
  readonly bytes: number;
  readonly hits: number;
  readonly staleHits: number;
  readonly misses: number;
}

/**
 * Answers of upstream calls, by key, scope and tags. Never throws: a broken second level costs hits, not answers.
 */
export interface CallCache {
  /** At once from memory; a promise only when a second level has to be asked. */
  lookup(key: CacheKey): CacheLookup | Promise<CacheLookup>;
  /** `tags` are those known before the call: the source, the operation, the policy's. */
  ticket(key: CacheKey, tags: readonly string[]): StoreTicket;
  /** Whether neither a purge nor an expiry has overtaken the ticket so far. */
  isCurrent(ticket: StoreTicket): boolean;
  /**
   * Stores unless a purge came after the ticket, the entry is too big, dead already, or older than the one that
   * is there (see `supersedes`); true when stored. After an expiry it is stored as `overtaken`. A `key` given here replaces the ticket's (an answer whose Vary
   * names more headers than were known before the call).
   */
  store(ticket: StoreTicket, entry: CacheEntry, key?: CacheKey): boolean;
  /** Forgets one entry: the upstream said that it is gone. */
  remove(key: CacheKey): void;
  /** Makes every entry with any of the tags unreachable, in one step. */
  purgeTags(tags: readonly string[]): void;
  /**
   * Ends the freshness of every entry with any of the tags, and of answers to calls under way, in one step.
   * They stay for the day the upstream is gone, as long as they would have been servable stale anyhow.
   */
  expireTags(tags: readonly string[]): void;
  purgeAll(): void;
  stats(): CacheStats;
  /** Resolves when nothing is on its way to the second level any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** The tag every entry of a source carries. */
export const sourceTag = (source: string): string => `source:${source}`;

/** The tag every entry of an operation carries. */
export const operationTag = (source: string, operation: string): string => `operation:${source}.${operation}`;

/** What an entry of a source carries beside each tag that a policy or an answer gave it: the tag, in this source alone. */
export const scopedTag = (source: string, tag: string): string => `source:${source}/${tag}`;

/** Tags given by a policy or an answer, as entries of a source carry them: for a purge everywhere, and here alone. */
export const givenTags = (source: string, tags: readonly string[]): readonly string[] =>
  tags.length === 0 ? tags : [...tags, ...tags.map((tag) => scopedTag(source, tag))];
