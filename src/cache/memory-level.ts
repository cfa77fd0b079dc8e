import { LRUCache } from 'lru-cache';
import { sameScope } from './key.ts';
import { supersedes } from './supersedes.ts';
import { TagVersions } from './tag-versions.ts';
import type { CacheEntry, CacheKey, CacheScope, StoreTicket } from './types.ts';

/** An entry with what decides whether it still counts. */
export interface Stored {
  /** Changes once: when a write overtakes it. */
  entry: CacheEntry;
  readonly tags: readonly string[];
  /** Purges up to this one are known not to concern it; moves up when it is checked. */
  epoch: number;
  /** The same for expiries. */
  expiryEpoch: number;
  /** Clock.now() when its call began. */
  readonly began: number;
  /** Name of the process that made the call. */
  readonly writer: string;
  /** Clock.now() when its tags were last compared with the second level's. */
  verifiedAt: number;
}

/**
 * A decoded answer takes 2.2 to 2.6 times the bytes of its JSON text in V8's heap (measured on lists of small
 * records), and an entry with its key, times and place in the LRU about 700 bytes more.
 */
const HEAP_FACTOR = 3;
const ENTRY_OVERHEAD = 700;

function heapBytes({ entry, tags }: Stored, text: string): number {
  let characters = 2 * text.length;
  for (const tag of tags) characters += tag.length + 16;
  for (const name in entry.headers) characters += entry.headers[name]?.length ?? 0;
  return ENTRY_OVERHEAD + characters + HEAP_FACTOR * entry.size;
}

/** When an entry is of no use any more. */
export function endOf(entry: CacheEntry): number {
  return Math.max(entry.freshUntil, entry.staleUntil, entry.keptUntil ?? 0);
}

/**
 * The entry after a write that its call may not have seen. It may be served as long as before, if it could be served
 * stale at all; how long it has been wrong nobody knows, so its staleness counts from when it was fetched.
 */
export function overtake(stored: Pick<Stored, 'entry'>): void {
  const { entry } = stored;
  if (entry.overtaken === true) return;
  const { staleWhileRevalidateUntil: _, ...rest } = entry;
  const staleUntil = entry.staleUntil > entry.freshUntil ? entry.staleUntil : entry.storedAt;
  stored.entry = { ...rest, freshUntil: entry.storedAt, staleUntil, overtaken: true };
}

/** Entries in this process: an LRU by bytes, values frozen and by reference. */
export class MemoryLevel {
  readonly purges = new TagVersions();
  readonly expiries = new TagVersions();
  readonly #entries: LRUCache<string, Stored>;
  readonly #maxBytes: number;
  readonly #maxEntryBytes: number;

  constructor(maxBytes: number, maxEntryBytes: number) {
    this.#maxEntryBytes = maxEntryBytes;
    this.#maxBytes = maxBytes;
    this.#entries = new LRUCache<string, Stored>({ maxSize: maxBytes });
  }

  get count(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** The entry, when it may be given to this scope and nothing has ended it. */
  find(text: string, scope: CacheScope, now: number): Stored | undefined {
    const stored = this.#entries.get(text);
    return stored === undefined ? undefined : this.#ifAlive(text, stored, scope, now);
  }

  #ifAlive(text: string, stored: Stored, scope: CacheScope, now: number): Stored | undefined {
    if (stored.epoch !== this.purges.epoch) {
      if (!this.purges.isCurrent(stored.tags, stored.epoch)) return this.#drop(text);
      stored.epoch = this.purges.epoch;
    }
    this.#noticeExpiry(stored);
    if (endOf(stored.entry) <= now) return this.#drop(text);
    // The scope is in the key already; an entry that reached a wrong one would be a leak, so it is checked again.
    return sameScope(stored.entry.scope, scope) ? stored : undefined;
  }

  isCurrent(ticket: StoreTicket): boolean {
    const { tags, epoch, expiryEpoch } = ticket;
    return this.purges.isCurrent(tags, epoch) && this.expiries.isCurrent(tags, expiryEpoch);
  }

  put(key: CacheKey, stored: Stored, now: number): boolean {
    this.#noticeExpiry(stored);
    const { entry } = stored;
    if (entry.size > this.#maxEntryBytes || endOf(entry) <= now) return false;
    if (!sameScope(entry.scope, key.scope) || !this.purges.isCurrent(stored.tags, stored.epoch)) return false;
    const { text, scope } = key;
    const size = heapBytes(stored, text);
    if (size > this.#maxBytes) return false;
    const there = this.#entries.peek(text);
    const current = there === undefined ? undefined : this.#ifAlive(text, there, scope, now);
    if (current !== undefined && !supersedes(entry, current.entry)) return false;
    this.#entries.set(text, stored, { size });
    return true;
  }

  remove(text: string): void {
    this.#entries.delete(text);
  }

  clear(): void {
    this.#entries.clear();
  }

  #noticeExpiry(stored: Stored): void {
    const { epoch } = this.expiries;
    if (stored.expiryEpoch === epoch) return;
    if (!this.expiries.isCurrent(stored.tags, stored.expiryEpoch)) overtake(stored);
    stored.expiryEpoch = epoch;
  }

  #drop(text: string): undefined {
    this.#entries.delete(text);
    return undefined;
  }
}
