/** Who may be given an entry: everybody, or one caller. */
export type CacheScope = { readonly kind: 'PUBLIC' } | { readonly kind: 'PRIVATE'; readonly callerId: string };

/** What identifies an entry. Two calls with equal keys would get the same answer. */
export interface CacheKey {
  readonly source: string;
  readonly revision: number;
  readonly operation: string;
  /** Arguments in canonical form (object keys sorted, undefined left out). */
  readonly arguments: string;
  /** Forwarded and varying request headers that shape the answer, canonical. */
  readonly vary: string;
  readonly scope: CacheScope;
}

export interface CacheEntry {
  /** Frozen. Handed out by reference. */
  readonly value: unknown;
  /** Clock.now() when the answer was fetched, less the Age it came with. */
  readonly storedAt: number;
  readonly freshUntil: number;
  /** Until when it may be served stale. */
  readonly staleUntil: number;
  readonly scope: CacheScope;
  readonly etag?: string;
  readonly lastModified?: string;
  /** A stored 404 or 410. */
  readonly negativeStatus?: number;
  /** Number of the endpoint it came from, and whether that was a backup. */
  readonly endpoint: number;
  readonly backup: boolean;
  readonly version?: number | string;
  /** Approximate bytes. */
  readonly size: number;
}

export type CacheLookup =
  | { readonly state: 'fresh'; readonly entry: CacheEntry }
  | { readonly state: 'stale'; readonly entry: CacheEntry }
  | { readonly state: 'none' };

/** Taken before a call goes out; an entry can be stored only against a ticket that no purge has overtaken. */
export interface StoreTicket {
  readonly key: CacheKey;
  readonly tags: readonly string[];
  readonly versions: readonly number[];
}

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly staleHits: number;
  readonly misses: number;
}

/**
 * Answers of upstream calls, by key, scope and tags. Never throws: a broken second level costs hits, not answers.
 */
export interface CallCache {
  lookup(key: CacheKey): CacheLookup | Promise<CacheLookup>;
  /** `tags` are those known before the call: the source, the operation, the policy's. */
  ticket(key: CacheKey, tags: readonly string[]): StoreTicket;
  /** Stores unless a purge came after the ticket; true when stored. `tags` from the answer are added. */
  store(ticket: StoreTicket, entry: CacheEntry, answerTags?: readonly string[]): boolean;
  /** Makes every entry with any of the tags unreachable, in one step. */
  purgeTags(tags: readonly string[]): void;
  purgeAll(): void;
  stats(): CacheStats;
  close(): Promise<void>;
}

/** The tag every entry of a source carries. */
export const sourceTag = (source: string): string => `source:${source}`;
