import { describe, expect, test } from '@jest/globals';
import { createMemoryCallCache } from '../../src/cache/index.ts';
import { describeCacheContract, entryAt, publicKey } from '../contracts/cache-contract.ts';
import { FakeClock } from '../support/fake-clock.ts';

describeCacheContract('A cache in memory', (clock) => ({
  cache: createMemoryCallCache({ clock }),
  cleanUp: async () => undefined,
}));

describe('A cache in memory', () => {
  const clock = new FakeClock();

  test('answers at once, without a promise', () => {
    const cache = createMemoryCallCache({ clock });
    expect(cache.lookup(publicKey())).toEqual({ state: 'none' });
  });

  test('stays within its bytes, and drops what was not asked for longest', () => {
    const maxBytes = 1_000_000;
    const cache = createMemoryCallCache({ clock, maxBytes });
    const key = (i: number) => publicKey({ arguments: String(i) });
    for (let i = 0; i < 200; i++) {
      cache.store(cache.ticket(key(i), []), entryAt(clock.now(), { size: 10_000 }));
      cache.lookup(key(0));
      expect(cache.stats().bytes).toBeLessThanOrEqual(maxBytes);
    }
    expect(cache.stats().entries).toBeGreaterThan(20);
    expect(cache.lookup(key(0))).toMatchObject({ state: 'fresh' });
    expect(cache.lookup(key(1))).toEqual({ state: 'none' });
    expect(cache.lookup(key(199))).toMatchObject({ state: 'fresh' });
  });

  test('refuses one answer that is too big, and one that is dead already', () => {
    const cache = createMemoryCallCache({ clock, maxEntryBytes: 1_000 });
    const ticket = cache.ticket(publicKey(), []);
    expect(cache.store(ticket, entryAt(clock.now(), { size: 1_001 }))).toBe(false);
    const now = clock.now();
    expect(cache.store(ticket, entryAt(now, { freshUntil: now, staleUntil: now }))).toBe(false);
    expect(cache.store(ticket, entryAt(now, { size: 1_000 }))).toBe(true);
  });

  test.each(['purgeTags', 'expireTags'] as const)('%s of 100 000 entries touches none of them', (end) => {
    const cache = createMemoryCallCache({ clock, maxBytes: 2 ** 30 });
    const key = (i: number) => publicKey({ arguments: String(i) });
    for (let i = 0; i < 100_000; i++) {
      cache.store(cache.ticket(key(i), ['source:petstore']), entryAt(clock.now()));
    }
    const before = cache.stats();
    cache[end](['source:petstore']);
    expect(cache.stats()).toEqual(before); // one step: what is ended shows only when it is asked for
    const state = end === 'purgeTags' ? 'none' : 'stale';
    for (const i of [0, 50_000, 99_999]) expect(cache.lookup(key(i))).toMatchObject({ state });
  });
});
