import { randomUUID } from 'node:crypto';
import type { Clock } from '../runtime/index.ts';
import { MemoryLevel, overtake, type Stored } from './memory-level.ts';
import { SecondLevel } from './second-level.ts';
import type { SharedStore } from './shared-store.ts';
import type { CacheEntry, CacheKey, CacheLookup, CacheStats, CallCache, StoreTicket } from './types.ts';

export interface CallCacheOptions {
  readonly clock: Clock;
  /** Bytes all entries together may take in this process. Default 64 MB (design, "Default numbers"). */
  readonly maxBytes?: number;
  /** Bytes one answer may have, as it came. Default 1 MB. */
  readonly maxEntryBytes?: number;
  /** A store shared with other processes, behind the memory. Lost or slow it costs hits, never answers. */
  readonly secondLevel?: SharedStore;
  /** How far the clocks of processes that share a store may differ, in milliseconds. Default 1 000. */
  readonly maxClockSkewMs?: number;
}

export const CACHE_DEFAULTS = {
  maxBytes: 64 * 1024 * 1024,
  maxEntryBytes: 1024 * 1024,
  maxClockSkewMs: 1_000,
} as const;

/** A call cache in memory, and behind it a second level where one is given. */
export function createMemoryCallCache(options: CallCacheOptions): CallCache {
  return new LevelledCallCache(options);
}

const NONE: CacheLookup = { state: 'none' };

class LevelledCallCache implements CallCache {
  readonly #clock: Clock;
  readonly #memory: MemoryLevel;
  readonly #second: SecondLevel | undefined;
  /** Names this process in what it writes to the second level. */
  readonly #writer = randomUUID();
  /** Lookups that wait for the second level: equal ones wait together. */
  readonly #pending = new Map<string, Promise<void>>();
  #hits = 0;
  #staleHits = 0;
  #misses = 0;

  constructor(options: CallCacheOptions) {
    this.#clock = options.clock;
    const maxEntryBytes = options.maxEntryBytes ?? CACHE_DEFAULTS.maxEntryBytes;
    this.#memory = new MemoryLevel(options.maxBytes ?? CACHE_DEFAULTS.maxBytes, maxEntryBytes);
    if (options.secondLevel !== undefined) {
      this.#second = new SecondLevel({
        store: options.secondLevel,
        clock: options.clock,
        writer: this.#writer,
        maxClockSkewMs: options.maxClockSkewMs ?? CACHE_DEFAULTS.maxClockSkewMs,
      });
    }
  }

  lookup(key: CacheKey): CacheLookup | Promise<CacheLookup> {
    const now = this.#clock.now();
    const { text } = key;
    const stored = this.#memory.find(text, key.scope, now);
    const second = this.#second;
    if (second === undefined || !second.usable) return this.#answer(stored, now);
    if (stored !== undefined && isFresh(stored, now) && second.isVerified(stored, now))
      return this.#answer(stored, now);
    return this.#lookBehind(text, key, second).then((found) => this.#answer(found, this.#clock.now()));
  }

  ticket(key: CacheKey, tags: readonly string[]): StoreTicket {
    const { purges, expiries } = this.#memory;
    return { key, tags, epoch: purges.epoch, expiryEpoch: expiries.epoch, at: this.#clock.now() };
  }

  isCurrent(ticket: StoreTicket): boolean {
    return this.#memory.isCurrent(ticket);
  }

  store(ticket: StoreTicket, entry: CacheEntry, key: CacheKey = ticket.key): boolean {
    const now = this.#clock.now();
    const tags = entry.tags === undefined ? ticket.tags : [...ticket.tags, ...entry.tags];
    const { epoch, expiryEpoch, at: began } = ticket;
    const stored: Stored = { entry, tags, epoch, expiryEpoch, began, writer: this.#writer, verifiedAt: now };
    if (!this.#memory.put(key, stored, now)) return false;
    // What a write has overtaken could take the place of what another process fetched after it.
    if (stored.entry.overtaken !== true) this.#second?.write(key.text, stored);
    return true;
  }

  remove(key: CacheKey): void {
    this.#memory.remove(key.text);
    this.#second?.remove(key.text);
  }

  purgeTags(tags: readonly string[]): void {
    this.#memory.purges.purge(tags);
    this.#second?.purge(tags);
  }

  expireTags(tags: readonly string[]): void {
    this.#memory.expiries.purge(tags);
    this.#second?.expire(tags);
  }

  purgeAll(): void {
    this.#memory.purges.purgeAll();
    this.#memory.clear();
    this.#second?.purgeAll();
  }

  stats(): CacheStats {
    return {
      entries: this.#memory.count,
      bytes: this.#memory.bytes,
      hits: this.#hits,
      staleHits: this.#staleHits,
      misses: this.#misses,
    };
  }

  async idle(): Promise<void> {
    await this.#second?.idle();
  }

  async close(): Promise<void> {
    this.#memory.clear();
    await this.#second?.close();
  }

  /**
   * Asks the second level: whether what memory has still holds, or whether it has something better.
   * Equal lookups share one question. When it does not answer, memory's word stands.
   */
  async #lookBehind(text: string, key: CacheKey, second: SecondLevel): Promise<Stored | undefined> {
    let pending = this.#pending.get(text);
    if (pending === undefined) {
      pending = this.#fill(text, key, second).finally(() => this.#pending.delete(text));
      this.#pending.set(text, pending);
    }
    await pending;
    return this.#memory.find(text, key.scope, this.#clock.now());
  }

  async #fill(text: string, key: CacheKey, second: SecondLevel): Promise<void> {
    const { epoch } = this.#memory.purges;
    const expiryEpoch = this.#memory.expiries.epoch;
    const held = this.#memory.find(text, key.scope, this.#clock.now());
    if (held !== undefined) {
      const verdict = await second.verify(text, held);
      if (verdict === 'expired') overtake(held);
      if (verdict === 'purged') this.#memory.remove(text);
      else if (isFresh(held, this.#clock.now())) return;
    }
    const found = await second.read(text);
    if (found === undefined) return;
    const now = this.#clock.now();
    const current = this.#memory.find(text, key.scope, now);
    if (current === undefined || found.entry.storedAt > current.entry.storedAt) {
      this.#memory.put(key, { ...found, epoch, expiryEpoch }, now);
    }
  }

  #answer(stored: Stored | undefined, now: number): CacheLookup {
    if (stored === undefined) {
      this.#misses += 1;
      return NONE;
    }
    const { entry } = stored;
    if (entry.freshUntil > now) {
      this.#hits += 1;
      return { state: 'fresh', entry };
    }
    this.#staleHits += 1;
    return { state: 'stale', entry };
  }
}

function isFresh(stored: Stored, now: number): boolean {
  return stored.entry.freshUntil > now;
}
