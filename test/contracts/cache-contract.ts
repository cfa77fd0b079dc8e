import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CacheEntry,
  type CacheKey,
  type CacheLookup,
  type CallCache,
  cacheKey,
  type KeyParts,
} from '../../src/cache/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

export interface CacheUnderTest {
  readonly cache: CallCache;
  /** Called when the test is over, after `cache.close()`. */
  readonly cleanUp: () => Promise<void>;
}

export const publicKey = (over: Partial<KeyParts> = {}): CacheKey =>
  cacheKey({
    source: 'petstore',
    revision: 1,
    operation: 'getPet',
    arguments: '{"id":1}',
    vary: '',
    scope: { kind: 'PUBLIC' },
    ...over,
  });

export const entryAt = (now: number, over: Partial<CacheEntry> = {}): CacheEntry => ({
  value: Object.freeze({ name: 'Rex' }),
  storedAt: now,
  freshUntil: now + 60_000,
  staleUntil: now + 660_000,
  scope: { kind: 'PUBLIC' },
  endpoint: 0,
  backup: false,
  size: 100,
  ...over,
});

/** Every CallCache passes this, whatever stands behind it. */
export function describeCacheContract(name: string, create: (clock: FakeClock) => CacheUnderTest): void {
  describe(`${name} keeps the contract of a call cache`, () => {
    let clock: FakeClock;
    let under: CacheUnderTest;
    let cache: CallCache;
    const tags = ['source:petstore', 'operation:petstore.getPet'];
    const look = async (key: CacheKey): Promise<CacheLookup> => cache.lookup(key);
    const put = (key: CacheKey, over: Partial<CacheEntry> = {}): boolean => {
      return cache.store(cache.ticket(key, tags), entryAt(clock.now(), { scope: key.scope, ...over }));
    };

    beforeEach(() => {
      clock = new FakeClock();
      under = create(clock);
      cache = under.cache;
    });
    afterEach(async () => {
      await cache.close();
      await under.cleanUp();
    });

    test('gives back what was stored, by reference, while it is fresh', async () => {
      const value = Object.freeze({ name: 'Rex' });
      expect(put(publicKey(), { value })).toBe(true);
      const found = await look(publicKey());
      expect(found.state).toBe('fresh');
      expect(found.state !== 'none' && found.entry.value).toBe(value);
    });

    test('says none, fresh, stale and none again as time goes by', async () => {
      expect(await look(publicKey())).toEqual({ state: 'none' });
      put(publicKey());
      await clock.advance(59_999);
      expect((await look(publicKey())).state).toBe('fresh');
      await clock.advance(1);
      expect((await look(publicKey())).state).toBe('stale');
      await clock.advance(600_000);
      expect((await look(publicKey())).state).toBe('none');
    });

    test('keeps an entry for confirmation beyond its grace', async () => {
      put(publicKey(), {
        freshUntil: clock.now(),
        staleUntil: clock.now(),
        keptUntil: clock.now() + 1_000,
        etag: '"1"',
      });
      expect((await look(publicKey())).state).toBe('stale');
      await clock.advance(1_000);
      expect((await look(publicKey())).state).toBe('none');
    });

    test.each([
      ['source', { source: 'petstor' }],
      ['revision', { revision: 2 }],
      ['operation', { operation: 'getPets' }],
      ['arguments', { arguments: '{"id":2}' }],
      ['vary', { vary: 'accept-language:"de"' }],
      ['scope', { scope: { kind: 'PRIVATE', callerId: 'ann' } }],
      // The same characters, parted elsewhere.
      ['parts', { source: 'petstoreg', operation: 'etPet' }],
    ] as const)('tells keys apart by %s', async (_, over) => {
      put(publicKey());
      expect((await look(publicKey(over))).state).toBe('none');
    });

    test('gives a private entry to its caller alone', async () => {
      const ann = publicKey({ scope: { kind: 'PRIVATE', callerId: 'ann' } });
      const bob = publicKey({ scope: { kind: 'PRIVATE', callerId: 'bob' } });
      put(ann);
      expect((await look(ann)).state).toBe('fresh');
      expect((await look(bob)).state).toBe('none');
      expect((await look(publicKey())).state).toBe('none');
    });

    test('refuses an entry whose scope is not that of its key', async () => {
      const ticket = cache.ticket(publicKey(), tags);
      const entry = entryAt(clock.now(), { scope: { kind: 'PRIVATE', callerId: 'ann' } });
      expect(cache.store(ticket, entry)).toBe(false);
      expect((await look(publicKey())).state).toBe('none');
    });

    test('forgets every entry that has a purged tag, whether known before the call or from the answer', async () => {
      put(publicKey(), { tags: ['Pet:1'] });
      put(publicKey({ arguments: '{"id":2}' }), { tags: ['Pet:2'] });
      cache.purgeTags(['Pet:1']);
      expect((await look(publicKey())).state).toBe('none');
      expect((await look(publicKey({ arguments: '{"id":2}' }))).state).toBe('fresh');
      cache.purgeTags(['source:petstore']);
      expect((await look(publicKey({ arguments: '{"id":2}' }))).state).toBe('none');
    });

    test('takes a call that began before a purge as overtaken, also by a tag that only its answer has', async () => {
      const early = cache.ticket(publicKey(), tags);
      cache.purgeTags(['Pet:1']);
      expect(cache.store(early, entryAt(clock.now(), { tags: ['Pet:1'] }))).toBe(false);
      expect((await look(publicKey())).state).toBe('none');
      expect(cache.store(early, entryAt(clock.now(), { tags: ['Pet:2'] }))).toBe(true);

      const sibling = cache.ticket(publicKey(), tags);
      expect(cache.isCurrent(sibling)).toBe(true);
      cache.purgeTags(['source:petstore']);
      expect(cache.isCurrent(sibling)).toBe(false);
      expect(cache.store(sibling, entryAt(clock.now()))).toBe(false);
    });

    test('after an expiry gives what was kept as stale, for as long as it could have been served anyhow', async () => {
      put(publicKey(), { tags: ['Pet:1'], staleWhileRevalidateUntil: clock.now() + 70_000 });
      put(publicKey({ arguments: '{"id":2}' }));
      await clock.advance(10);
      cache.expireTags(['Pet:1']);
      const found = await look(publicKey());
      expect(found).toMatchObject({ state: 'stale', entry: { overtaken: true, value: { name: 'Rex' } } });
      if (found.state === 'none') throw new Error('expected an entry');
      expect(found.entry.freshUntil).toBeLessThanOrEqual(clock.now());
      expect(found.entry.staleUntil).toBe(clock.now() - 10 + 660_000);
      expect(found.entry).not.toHaveProperty('staleWhileRevalidateUntil');
      expect((await look(publicKey({ arguments: '{"id":2}' }))).state).toBe('fresh');
      await clock.advance(660_000);
      expect((await look(publicKey())).state).toBe('none');
    });

    test('after an expiry gives nothing that must never be served stale', async () => {
      put(publicKey(), { staleUntil: clock.now() + 60_000 });
      await clock.advance(10);
      cache.expireTags(['source:petstore']);
      expect((await look(publicKey())).state).toBe('none');
    });

    test('stores the answer to a call that an expiry overtook, but never as fresh nor over one that came after', async () => {
      const early = cache.ticket(publicKey(), tags);
      await clock.advance(10);
      cache.expireTags(['source:petstore']);
      expect(cache.isCurrent(early)).toBe(false);
      expect(cache.store(early, entryAt(clock.now(), { value: 'before' }))).toBe(true);
      expect(await look(publicKey())).toMatchObject({ state: 'stale', entry: { value: 'before' } });
      await clock.advance(2_000);
      expect(put(publicKey(), { value: 'after' })).toBe(true);
      expect(cache.store(early, entryAt(clock.now(), { value: 'before' }))).toBe(false);
      expect(await look(publicKey())).toMatchObject({ state: 'fresh', entry: { value: 'after' } });
    });

    test('purges what has expired', async () => {
      put(publicKey());
      cache.expireTags(['source:petstore']);
      cache.purgeTags(['operation:petstore.getPet']);
      expect((await look(publicKey())).state).toBe('none');
    });

    test('stores again after a purge', async () => {
      put(publicKey());
      cache.purgeTags(['source:petstore']);
      await clock.advance(1);
      expect(put(publicKey())).toBe(true);
      expect((await look(publicKey())).state).toBe('fresh');
    });

    test('purges everything, and calls under way with it', async () => {
      const ticket = cache.ticket(publicKey(), tags);
      put(publicKey({ source: 'weather' }));
      cache.purgeAll();
      expect((await look(publicKey({ source: 'weather' }))).state).toBe('none');
      expect(cache.store(ticket, entryAt(clock.now()))).toBe(false);
    });

    test('removes one entry and leaves its neighbours', async () => {
      put(publicKey());
      put(publicKey({ arguments: '{"id":2}' }));
      cache.remove(publicKey());
      await cache.idle();
      expect((await look(publicKey())).state).toBe('none');
      expect((await look(publicKey({ arguments: '{"id":2}' }))).state).toBe('fresh');
    });

    test('never lets an older version overwrite a newer one', async () => {
      put(publicKey(), { version: 7, value: 'new' });
      expect(put(publicKey(), { version: 6, value: 'old' })).toBe(false);
      expect(await look(publicKey())).toMatchObject({ entry: { value: 'new' } });
      expect(put(publicKey(), { version: 8, value: 'newer' })).toBe(true);
    });

    test('counts what it was asked', async () => {
      put(publicKey());
      await look(publicKey());
      await look(publicKey({ revision: 9 }));
      await clock.advance(60_000);
      await look(publicKey());
      expect(cache.stats()).toMatchObject({ entries: 1, hits: 1, staleHits: 1, misses: 1 });
      expect(cache.stats().bytes).toBeGreaterThan(100);
    });
  });
}
