import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { createMemoryCallCache, redisSharedStore } from '../../src/cache/index.ts';
import { keyvSharedStore } from '../../src/cache/keyv-store.ts';
import { describeCacheContract, entryAt, publicKey } from '../contracts/cache-contract.ts';
import { FakeClock } from '../support/fake-clock.ts';

const url = process.env.WEIR_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

const reachable = await new Promise<boolean>((resolve) => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 500 });
  const end = (is: boolean) => () => {
    socket.destroy();
    resolve(is);
  };
  socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
});

describeCacheContract('A cache over a Keyv of a Map', (clock) => ({
  cache: createMemoryCallCache({ clock, secondLevel: keyvSharedStore(new Map(), 'weir-test') }),
  cleanUp: async () => undefined,
}));

test('Keyv is given text and gives it back, and what is not there is undefined', async () => {
  const data = new Map<unknown, unknown>();
  const store = keyvSharedStore(data, 'weir-test');
  await store.set([{ key: 'a', value: 'x|y"', ttlMs: 10_000 }]);
  expect(await store.get(['a', 'b'])).toEqual(['x|y"', undefined]);
  expect([...data.keys()]).toEqual(['weir-test:a']);
  await store.delete('a');
  expect(data.size).toBe(0);
});

if (!reachable) {
  test.skip(`Redis: nothing listens at ${url} (set WEIR_TEST_REDIS_URL)`, () => undefined);
} else {
  const run = `weir-test-${randomUUID()}`;

  afterAll(async () => {
    const client = createClient({ url });
    await client.connect();
    for await (const keys of client.scanIterator({ MATCH: `*${run}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.del(keys);
    }
    await client.close();
  });

  describeCacheContract('A cache over Redis', (clock) => {
    const secondLevel = redisSharedStore(url, `${run}-${randomUUID()}`);
    return { cache: createMemoryCallCache({ clock, secondLevel }), cleanUp: async () => undefined };
  });

  describe('Redis', () => {
    test('carries answers and purges from one process to another', async () => {
      const clock = new FakeClock();
      const open = () => createMemoryCallCache({ clock, secondLevel: redisSharedStore(url, run) });
      const [here, there, later] = [open(), open(), open()];
      try {
        here.store(here.ticket(publicKey(), ['source:petstore']), entryAt(clock.now(), { value: { id: 2n ** 60n } }));
        await here.idle();
        expect(await there.lookup(publicKey())).toMatchObject({ state: 'fresh', entry: { value: { id: 2n ** 60n } } });
        there.purgeTags(['source:petstore']);
        await there.idle();
        expect(await later.lookup(publicKey())).toEqual({ state: 'none' });
      } finally {
        await Promise.all([here.close(), there.close(), later.close()]);
      }
    });
  });
}

test('a Redis that is not there costs hits, and holds nothing up at the end', async () => {
  const clock = new FakeClock();
  const cache = createMemoryCallCache({ clock, secondLevel: redisSharedStore('redis://127.0.0.1:1', 'weir-test') });
  const lookup = Promise.resolve(cache.lookup(publicKey()));
  await clock.advance(20);
  expect(await lookup).toEqual({ state: 'none' });
  expect(cache.store(cache.ticket(publicKey(), []), entryAt(clock.now()))).toBe(true);
  const closing = cache.close();
  await clock.advance(100);
  await closing;
});
