import { createHash } from 'node:crypto';
import { setImmediate as afterAnswers } from 'node:timers/promises';
import type { Clock } from '../runtime/index.ts';
import { decodeEntry, encodeEntry } from './codec.ts';
import { endOf, overtake, type Stored } from './memory-level.ts';
import type { SharedStore } from './shared-store.ts';
import { EVERYTHING, type PurgeRecord, SharedTags } from './shared-tags.ts';
import { StoreGuard } from './store-guard.ts';

/** How long a purge or an expiry by another process may stay unseen here, in milliseconds. */
export const TRUST_MS = 1_000;
/** No entry lives longer in the second level, so no record of a purge needs to. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1_000;

export interface SecondLevelOptions {
  readonly store: SharedStore;
  readonly clock: Clock;
  readonly writer: string;
  readonly maxClockSkewMs: number;
}

/** An entry as it comes from the store: what counts purges in this process is not in it. */
type Read = Omit<Stored, 'epoch' | 'expiryEpoch'>;

/** Whether the purges and expiries of all processes leave an entry as it is; `unknown`: the store did not say. */
type Verdict = 'current' | 'expired' | 'purged' | 'unknown';

/**
 * The call cache's view of a shared store: entries under a hash of their key (a key holds credentials), and when
 * each tag was last purged and last expired. An entry counts only if its call began after the last purge of each of
 * its tags, and is fresh only if it began after their last expiry.
 * Nothing here rejects. Purges that could not be written are written before anything else once the store is back.
 */
export class SecondLevel {
  readonly #store: SharedStore;
  readonly #clock: Clock;
  readonly #guard: StoreGuard;
  readonly #writer: string;
  readonly #purges: SharedTags;
  readonly #expiries: SharedTags;
  readonly #behind = new Set<Promise<void>>();

  constructor(options: SecondLevelOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#guard = new StoreGuard(options.clock);
    this.#writer = options.writer;
    this.#purges = new SharedTags(options.maxClockSkewMs);
    this.#expiries = new SharedTags(options.maxClockSkewMs);
  }

  get usable(): boolean {
    return this.#guard.usable;
  }

  /** Whether an entry in memory may be served without asking whether another process purged it. */
  isVerified(stored: Stored, now: number): boolean {
    return now - stored.verifiedAt <= TRUST_MS;
  }

  async read(text: string): Promise<Read | undefined> {
    const answer = await this.#run(() => this.#store.get([entryKey(text)]));
    const decoded = answer.ok && answer.value[0] !== undefined ? decodeEntry(answer.value[0]) : undefined;
    if (decoded === undefined) return undefined;
    const stored = { ...decoded, verifiedAt: this.#clock.now() };
    const verdict = await this.#compare(text, stored);
    if (verdict === 'expired') overtake(stored);
    return verdict === 'current' || verdict === 'expired' ? stored : undefined;
  }

  /** Compares the tags of an entry in memory with the purges of all processes. */
  async verify(text: string, stored: Stored): Promise<Verdict> {
    const verdict = await this.#compare(text, stored);
    if (verdict === 'current' || verdict === 'expired') stored.verifiedAt = this.#clock.now();
    return verdict;
  }

  write(text: string, stored: Stored): void {
    this.#later(async () => {
      const value = encodeEntry(stored);
      const ttlMs = Math.floor(Math.min(LONGEST_LIFE_MS, endOf(stored.entry) - this.#clock.now()));
      if (this.#purges.isPurged(stored.tags, stored.began, stored.writer)) return;
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
    this.#purges.purge(tags, { at: this.#clock.now(), writer: this.#writer });
    this.#later(() => this.#tell());
  }

  expire(tags: readonly string[]): void {
    this.#expiries.purge(tags, { at: this.#clock.now(), writer: this.#writer });
    this.#later(() => this.#tell());
  }

  purgeAll(): void {
    this.purge([EVERYTHING]);
  }

  async idle(): Promise<void> {
    while (this.#behind.size > 0) await Promise.all(this.#behind);
  }

  async close(): Promise<void> {
    await this.idle();
    await this.#guard.runLast(() => this.#store.close());
  }

  async #compare(text: string, stored: Read): Promise<Verdict> {
    const now = this.#clock.now();
    const { tags, began, writer } = stored;
    const purgeable = [...tags, ownTag(text)];
    const purges = this.#purges.unchecked(purgeable, now - TRUST_MS);
    const expiries = this.#expiries.unchecked(tags, now - TRUST_MS);
    if (purges.length + expiries.length > 0) {
      const answer = await this.#run(() => this.#store.get([...purges.map(purgeKey), ...expiries.map(expiryKey)]));
      if (!answer.ok) return 'unknown';
      purges.forEach((tag, i) => {
        this.#purges.learn(tag, readRecord(answer.value[i]), now);
      });
      expiries.forEach((tag, i) => {
        this.#expiries.learn(tag, readRecord(answer.value[purges.length + i]), now);
      });
    }
    if (this.#purges.isPurged(purgeable, began, writer)) return 'purged';
    return this.#expiries.isPurged(tags, began, writer) ? 'expired' : 'current';
  }

  async #run<T>(
    operation: () => Promise<T>,
  ): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false }> {
    await this.#tell();
    return this.#guard.run(operation);
  }

  async #tell(): Promise<void> {
    const purges = this.#purges.untold;
    const expiries = this.#expiries.untold;
    if (purges.length + expiries.length === 0) return;
    const entries = [
      ...purges.map(([tag, record]) => recordEntry(purgeKey(tag), record)),
      ...expiries.map(([tag, record]) => recordEntry(expiryKey(tag), record)),
    ];
    const { ok } = await this.#guard.run(() => this.#store.set(entries));
    if (!ok) return;
    for (const [tag, record] of purges) this.#purges.told(tag, record);
    for (const [tag, record] of expiries) this.#expiries.told(tag, record);
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

function purgeKey(tag: string): string {
  return `t:${tag}`;
}

function expiryKey(tag: string): string {
  return `x:${tag}`;
}

function recordEntry(key: string, { at, writer }: PurgeRecord) {
  return { key, value: `${at}:${writer}`, ttlMs: LONGEST_LIFE_MS };
}

function readRecord(text: string | undefined): PurgeRecord | undefined {
  if (text === undefined) return undefined;
  const at = Number.parseFloat(text);
  return Number.isNaN(at) ? undefined : { at, writer: text.slice(text.indexOf(':') + 1) };
}
