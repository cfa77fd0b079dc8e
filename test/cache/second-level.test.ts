import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CacheLookup, type CallCache, createMemoryCallCache, type SharedStore } from '../../src/cache/index.ts';
import { describeCacheContract, entryAt, publicKey } from '../contracts/cache-contract.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

/** A store that processes share, with every way to misbehave. */
class FakeStore implements SharedStore {
  readonly data = new Map<string, string>();
  mood: 'well' | 'failing' | 'throwing' | 'hanging' = 'well';
  asked = 0;

  get(keys: readonly string[]) {
    return this.#do(() => keys.map((key) => this.data.get(key)));
  }
  set(entries: readonly { readonly key: string; readonly value: string; readonly ttlMs: number }[]) {
    return this.#do(() => {
      for (const { key, value, ttlMs } of entries) {
        expect(Number.isInteger(ttlMs) && ttlMs > 0).toBe(true);
        this.data.set(key, value);
      }
    });
  }
  delete(key: string) {
    return this.#do(() => {
      this.data.delete(key);
    });
  }
  async close() {}

  #do<T>(work: () => T): Promise<T> {
    this.asked += 1;
    if (this.mood === 'throwing') throw new Error('broken adapter');
    if (this.mood === 'hanging') return new Promise(() => undefined);
    return this.mood === 'failing' ? Promise.reject(new Error('ECONNRESET')) : Promise.resolve(work());
  }
}

describeCacheContract('A cache with a second level', (clock) => ({
  cache: createMemoryCallCache({ clock, secondLevel: new FakeStore() }),
  cleanUp: async () => undefined,
}));

describeCacheContract('A cache whose second level fails', (clock) => {
  const secondLevel = new FakeStore();
  secondLevel.mood = 'failing';
  return { cache: createMemoryCallCache({ clock, secondLevel }), cleanUp: async () => undefined };
});

describe('two processes that share a second level', () => {
  let clock: FakeClock;
  let store: FakeStore;
  let here: CallCache;
  let there: CallCache;
  const tags = ['source:petstore'];
  const key = publicKey();
  const look = async (cache: CallCache, at = key): Promise<CacheLookup> => cache.lookup(at);
  const put = async (cache: CallCache, over = {}): Promise<void> => {
    expect(cache.store(cache.ticket(key, tags), entryAt(clock.now(), over))).toBe(true);
    await cache.idle();
  };

  beforeEach(() => {
    clock = new FakeClock();
    store = new FakeStore();
    here = createMemoryCallCache({ clock, secondLevel: store });
    there = createMemoryCallCache({ clock, secondLevel: store });
  });

  test('an answer fetched by one is a hit in the other, and then in its memory', async () => {
    await put(here, { value: { name: 'Rex' } });
    expect(await look(there)).toMatchObject({ state: 'fresh', entry: { value: { name: 'Rex' } } });
    const { asked } = store;
    expect(there.lookup(key)).toMatchObject({ state: 'fresh' });
    expect(store.asked).toBe(asked);
  });

  test('keys and credentials never stand in the store', async () => {
    const secret = publicKey({ vary: 'authorization:hunter2', arguments: '{"card":"4111"}' });
    here.store(here.ticket(secret, tags), entryAt(clock.now()));
    await here.idle();
    expect(store.data.size).toBe(1);
    expect(JSON.stringify([...store.data])).not.toMatch(/hunter2|4111/);
  });

  test('the scope is checked again on reading', async () => {
    const ann = publicKey({ scope: { kind: 'PRIVATE', callerId: 'ann' } });
    here.store(here.ticket(ann, tags), entryAt(clock.now(), { scope: ann.scope }));
    here.store(here.ticket(key, tags), entryAt(clock.now()));
    await here.idle();
    const [first, second] = [...store.data.keys()];
    // Somebody mixed up the store: each entry lies under the other's key.
    const [a, b] = [store.data.get(first ?? ''), store.data.get(second ?? '')];
    store.data.set(first ?? '', b ?? '').set(second ?? '', a ?? '');
    expect(await look(there)).toEqual({ state: 'none' });
    expect(await look(there, ann)).toEqual({ state: 'none' });
  });

  test('a purge by one holds in the other’s reads of the store', async () => {
    await put(here);
    here.purgeTags(['source:petstore']);
    await here.idle();
    expect(await look(there)).toEqual({ state: 'none' });
    expect(await look(here)).toEqual({ state: 'none' });
  });

  test('and within a second in the other’s memory', async () => {
    await put(here);
    await look(there);
    await clock.advance(500);
    here.purgeAll();
    await here.idle();
    await clock.advance(1_001);
    expect(await look(there)).toEqual({ state: 'none' });
  });

  test('a call that began in the other about when the purge was is not trusted: clocks differ', async () => {
    here.purgeTags(tags);
    await here.idle();
    await clock.advance(900);
    await put(there);
    expect(await look(createMemoryCallCache({ clock, secondLevel: store }))).toEqual({ state: 'none' });
    await clock.advance(200);
    await put(there);
    expect(await look(createMemoryCallCache({ clock, secondLevel: store }))).toMatchObject({ state: 'fresh' });
  });

  test('its own purge does not end what it fetched right after it', async () => {
    here.purgeTags(tags);
    await clock.advance(1);
    await put(here);
    await clock.advance(5_000);
    expect(await look(here)).toMatchObject({ state: 'fresh' });
  });

  test('a purge while the store was away is written before anything is read from it again', async () => {
    await put(here);
    store.mood = 'failing';
    here.purgeTags(tags);
    await here.idle();
    store.mood = 'well';
    expect(await look(here)).toEqual({ state: 'none' });
    expect(await look(there)).toEqual({ state: 'none' });
  });

  test('an expiry by one makes the other’s entries stale: at once in the store, within a second in memory', async () => {
    await put(here);
    await look(there);
    await clock.advance(500);
    here.expireTags(tags);
    await here.idle();
    const later = createMemoryCallCache({ clock, secondLevel: store });
    expect(await look(later)).toMatchObject({ state: 'stale', entry: { overtaken: true } });
    await clock.advance(1_001);
    expect(await look(there)).toMatchObject({ state: 'stale', entry: { overtaken: true } });
    await put(there);
    expect(await look(later)).toMatchObject({ state: 'fresh' });
  });

  test('an expiry while the store was away is written before anything is read from it again', async () => {
    await put(here);
    store.mood = 'failing';
    here.expireTags(tags);
    await here.idle();
    store.mood = 'well';
    expect(await look(here)).toMatchObject({ state: 'stale' });
    expect(await look(there)).toMatchObject({ state: 'stale' });
  });

  test('what an expiry has overtaken is kept here, but takes nothing’s place in the store', async () => {
    const early = here.ticket(key, tags);
    await clock.advance(2_000);
    here.expireTags(tags);
    await clock.advance(2_000);
    await put(there, { value: 'after' });
    expect(here.store(early, entryAt(clock.now(), { value: 'before' }))).toBe(true);
    await here.idle();
    expect(await look(createMemoryCallCache({ clock, secondLevel: store }))).toMatchObject({
      state: 'fresh',
      entry: { value: 'after' },
    });
  });

  test('so is the removal of one entry', async () => {
    await put(here);
    store.mood = 'failing';
    here.remove(key);
    await here.idle();
    store.mood = 'well';
    expect(await look(here)).toEqual({ state: 'none' });
    expect(await look(there)).toEqual({ state: 'none' });
  });

  test('what one removes is gone for the other, and a newer answer takes the place of a stale one', async () => {
    await put(here, { value: 'old', freshUntil: clock.now() + 10 });
    await look(there);
    await clock.advance(20);
    await put(here, { value: 'new' });
    expect(await look(there)).toMatchObject({ state: 'fresh', entry: { value: 'new' } });
    here.remove(key);
    await here.idle();
    expect([...store.data.keys()].filter((name) => name.startsWith('e:'))).toEqual([]);
    expect(await look(createMemoryCallCache({ clock, secondLevel: store }))).toEqual({ state: 'none' });
  });

  test('an answer that may not leave the process takes an older one out of the store', async () => {
    await put(here);
    await put(here, { value: { broken: new Error('drift') } });
    expect(store.data.size).toBe(0);
    expect(await look(here)).toMatchObject({ state: 'fresh' });
  });

  test.each(['failing', 'throwing', 'hanging'] as const)('a store that is %s costs hits, not answers', async (mood) => {
    store.mood = mood;
    await put2(here);
    expect(here.lookup(key)).toMatchObject({ state: 'fresh' });
    for (let i = 0; i < 20; i++) {
      const lookup = look(here, publicKey({ revision: 10 + i }));
      await clock.advance(20);
      expect(await lookup).toEqual({ state: 'none' });
    }
    // Its breaker has opened: nothing is asked any more, and answers are at once.
    const { asked } = store;
    expect(here.lookup(publicKey({ revision: 99 }))).toEqual({ state: 'none' });
    expect(store.asked).toBe(asked);
    expect(asked).toBeLessThanOrEqual(7);
    await clock.advance(30_000);
    store.mood = 'well';
    await look(here, publicKey({ revision: 99 }));
    await put2(here);
    expect(store.data.size).toBe(1);
    expect(await look(there)).toMatchObject({ state: 'fresh' });
  });

  test('equal lookups at one time ask once', async () => {
    await put(here);
    const { asked } = store;
    await Promise.all(Array.from({ length: 100 }, () => look(there)));
    expect(store.asked - asked).toBe(2); // the entry, then its tags
  });

  async function put2(cache: CallCache): Promise<void> {
    expect(cache.store(cache.ticket(key, tags), entryAt(clock.now()))).toBe(true);
    await settle();
    await clock.advance(20);
  }
});
