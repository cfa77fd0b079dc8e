import { createHash } from 'node:crypto';
import { setImmediate as afterAnswers } from 'node:timers/promises';
import type { Clock } from '../runtime/index.ts';
import { decodeEntry, encodeEntry } from './codec.ts';
import { endOf, type Stored } from './memory-level.ts';
import type { SharedStore } from './shared-store.ts';
import { EVERYTHING, type PurgeRecord, SharedTags } from './shared-tags.ts';
import { StoreGuard } from './store-guard.ts';

/** How long a purge by another process may stay unseen here, in milliseconds. */
export const TRUST_MS = 1_000;
/** No entry lives longer in the second level, so no record of a purge needs to. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1_000;

export interface SecondLevelOptions {
  readonly store: SharedStore;
  readonly clock: Clock;
  readonly writer: string;
  readonly maxClockSkewMs: number;
}

/**
 * The call cache's view of a shared store: entries under a hash of their key (a key holds credentials), and when
 * each tag was last purged. An entry counts only if its call began after the last purge of each of its tags.
 * Nothing here rejects. Purges that could not be written are written before anything else once the store is back.
 */
export class SecondLevel {
  readonly #store: SharedStore;
  readonly #clock: Clock;
  readonly #guard: StoreGuard;
  readonly #writer: string;
  readonly #tags: SharedTags;
  readonly #behind = new Set<Promise<void>>();

  constructor(options: SecondLevelOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#guard = new StoreGuard(options.clock);
    this.#writer = options.writer;
    this.#tags = new SharedTags(options.maxClockSkewMs);
  }

  get usable(): boolean {
    return this.#guard.usable;
  }

  /** Whether an entry in memory may be served without asking whether another process purged it. */
  isVerified(stored: Stored, now: number): boolean {
    return now - stored.verifiedAt <= TRUST_MS;
  }

  async read(text: string): Promise<Omit<Stored, 'epoch'> | undefined> {
    const answer = await this.#run(() => this.#store.get([entryKey(text)]));
    const decoded = answer.ok && answer.value[0] !== undefined ? decodeEntry(answer.value[0]) : undefined;
    if (decoded === undefined) return undefined;
    const stored = { ...decoded, verifiedAt: this.#clock.now() };
    return (await this.#compare(text, stored)) === 'current' ? stored : undefined;
  }

  /** Compares the tags of an entry in memory with the purges of all processes. */
  async verify(text: string, stored: Stored): Promise<'current' | 'purged' | 'unknown'> {
    const verdict = await this.#compare(text, stored);
    if (verdict === 'current') stored.verifiedAt = this.#clock.now();
    return verdict;
  }

  write(text: string, stored: Stored): void {
    this.#later(async () => {
      const value = encodeEntry(stored);
      const ttlMs = Math.floor(Math.min(LONGEST_LIFE_MS, endOf(stored.entry) - this.#clock.now()));
      if (this.#tags.isPurged(stored.tags, stored.began, stored.writer)) return;
      // What cannot be shared, or no longer, must not leave an older answer behind in its place.
      if (value === undefined || ttlMs < 1) await this.#run(() => this.#store.delete(entryKey(text)));
      else await this.#run(() => this.#store.set([{ key: entryKey(text), value, ttlMs }]));
    });
  }

  /** A purge of this one entry, so that it holds even if the entry cannot be reached now. */
  remove(text: string): void {
    this.purge([ownTag(text)]);
    this.#later(async () => {
      await this.#run(() => this.#store.delete(entryKey(text)));
    });
  }

  purge(tags: readonly string[]): void {
    this.#tags.purge(tags, { at: this.#clock.now(), writer: this.#writer });
    this.#later(() => this.#tellPurges());
  }

  purgeAll(): void {
    this.purge([EVERYTHING]);
  }

  async idle(): Promise<void> {
    while (this.#behind.size > 0) await Promise.all(this.#behind);
  }

  async close(): Promise<void> {
    await this.idle();
    await this.#guard.run(() => this.#store.close());
  }

  async #compare(text: string, stored: Omit<Stored, 'epoch'>): Promise<'current' | 'purged' | 'unknown'> {
    const now = this.#clock.now();
    const tags = [...stored.tags, ownTag(text)];
    const unchecked = this.#tags.unchecked(tags, now - TRUST_MS);
    if (unchecked.length > 0) {
      const answer = await this.#run(() => this.#store.get(unchecked.map(tagKey)));
      if (!answer.ok) return 'unknown';
      unchecked.forEach((tag, i) => {
        this.#tags.learn(tag, readRecord(answer.value[i]), now);
      });
    }
    return this.#tags.isPurged(tags, stored.began, stored.writer) ? 'purged' : 'current';
  }

  async #run<T>(
    operation: () => Promise<T>,
  ): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false }> {
    await this.#tellPurges();
    return this.#guard.run(operation);
  }

  async #tellPurges(): Promise<void> {
    const untold = this.#tags.untold;
    if (untold.length === 0) return;
    const entries = untold.map(([tag, record]) => {
      return { key: tagKey(tag), value: `${record.at}:${record.writer}`, ttlMs: LONGEST_LIFE_MS };
    });
    const { ok } = await this.#guard.run(() => this.#store.set(entries));
    if (ok) for (const [tag, record] of untold) this.#tags.told(tag, record);
  }

  /** After the answers that are ready have left. */
  #later(work: () => Promise<void>): void {
    if (!this.#guard.usable) return;
    const running = afterAnswers().then(work);
    this.#behind.add(running);
    void running.finally(() => this.#behind.delete(running));
  }
}

function entryKey(text: string): string {
  return `e:${digest(text)}`;
}

/** The tag that an entry has alone. */
function ownTag(text: string): string {
  return `entry:${digest(text)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function tagKey(tag: string): string {
  return `t:${tag}`;
}

function readRecord(text: string | undefined): PurgeRecord | undefined {
  if (text === undefined) return undefined;
  const at = Number.parseFloat(text);
  return Number.isNaN(at) ? undefined : { at, writer: text.slice(text.indexOf(':') + 1) };
}
