import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CounterUpstream, counterSource, startCounter } from '../support/counter-upstream.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startRedis } from '../support/redis.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const redis = await startRedis();

const READ = '{ shop { read { value } } }';

/** What happened to one read of the shop through a gateway. */
async function read(weir: TestGateway): Promise<{ readonly outcome: string; readonly value: number }> {
  const { data, errors, extensions } = await weir.query(READ, {}, { 'weir-trace': '1' });
  expect(errors).toEqual([]);
  return { outcome: extensions.weir.sources[0].outcome, value: data.shop.read.value };
}

/** Purges and expiries of another gateway may stay unseen for a second; connections come back in their own time. */
async function eventually(is: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await is()) return;
    await sleep(50);
  }
  throw new Error('It did not come true in 200 tries.');
}

const describeWithRedis = redis === undefined ? describe.skip : describe;

describeWithRedis('two gateways over one Redis', () => {
  let proxy: FaultProxy;
  let shop: CounterUpstream;
  let here: TestGateway;
  let there: TestGateway;

  beforeAll(async () => {
    proxy = await startFaultProxy(redis?.port ?? 0);
    const encryptionKey = randomBytes(32).toString('hex'); // of one registry, as it were: tokens are for both
    const redisUrl = `redis://127.0.0.1:${proxy.port}`;
    [shop, here, there] = await Promise.all([
      startCounter(),
      startTestGateway({ redisUrl, encryptionKey }),
      startTestGateway({ redisUrl, encryptionKey }),
    ]);
    for (const weir of [here, there]) {
      await weir.publish(counterSource('shop', [shop.url]));
      await weir.publish(counterSource('warm', [shop.url], { cache: {} }));
    }
    await connected();
  });
  afterAll(async () => {
    await Promise.all([here?.close(), there?.close()]);
    await Promise.all([shop?.close(), proxy?.close(), redis?.close()]);
  });

  /** Until what one gateway has read is a hit in the other: Redis is reached by both. */
  async function connected(): Promise<void> {
    await eventually(async () => {
      await here.admin('mutation { purgeCache { everything } }');
      await sleep(1_100); // clocks of gateways are not compared closer than a second
      for (const weir of [here, there]) await weir.query('{ warm { read { value } } }');
      await read(here);
      await sleep(30);
      return (await read(there)).outcome === 'CACHED';
    });
  }

  test('share answers', async () => {
    await connected();
    const before = shop.seen.length;
    expect(await read(there)).toMatchObject({ outcome: 'CACHED' });
    expect(shop.seen.length).toBe(before);
  });

  test('share purges', async () => {
    await connected();
    await there.admin('mutation { purgeCache(source: "shop") { tags } }');
    await eventually(async () => (await read(here)).outcome === 'FRESH');
  });

  test('share the end of freshness that a write brings, and what is left for the bad day', async () => {
    await connected();
    const { value } = await read(here);
    const answer = await there.query('mutation { shop { add { value } } }');
    expect(answer.errors).toEqual([]);
    shop.failing = true;
    await eventually(async () => (await read(here)).outcome === 'STALE');
    expect(await read(here)).toMatchObject({ outcome: 'STALE', value });
    shop.failing = false;
    await here.admin('mutation { resetBreaker(source: "shop", endpoint: 0) { name } }');
    const own = { 'weir-consistency': answer.headers.get('weir-consistency') ?? '' };
    // The token is the other gateway's: nothing is answered from before its write.
    const after = await here.query(READ, {}, own);
    expect(after.data.shop.read.value).toBe(value + 1);
  });

  test.each(['refuse', 'reset', 'blackhole'] as const)(
    'lose hits, never answers, when Redis is gone: %s',
    async (mode) => {
      await connected();
      await proxy.mode(mode);
      for (let i = 0; i < 15; i++) {
        for (const weir of [here, there]) {
          const { data, errors } = await weir.query('{ warm { read { value } } shop { read { value } } }');
          expect(errors).toEqual([]);
          expect(data).toEqual({ warm: { read: { value: shop.value } }, shop: { read: { value: shop.value } } });
        }
      }
      const answer = await here.query('mutation { shop { add { value } } }');
      expect(answer.data.shop.add.value).toBe(shop.value);
      expect(await read(here)).toEqual({ outcome: 'FRESH', value: shop.value });
      // What was written while Redis was away is told as soon as it is back.
      await proxy.mode('pass');
      await eventually(async () => {
        await here.query('{ warm { read { value } } }');
        return (await read(there)).value === shop.value;
      });
    },
  );
});

if (redis === undefined) test.skip('no redis-server is installed here', () => undefined);
