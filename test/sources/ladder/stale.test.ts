import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../src/sources/ladder/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { answer, deferred, failure, Rig } from './rig.ts';

/** A rig that has answered once, a minute ago. */
async function warm(policy = {}): Promise<Rig> {
  const rig = new Rig(policy);
  rig.upstream = () => answer('old');
  await rig.run();
  await rig.clock.advance(60_000);
  rig.upstream = () => answer('new');
  return rig;
}

const noStale = { context: { maxStaleMs: 0 } };

describe('slower than the soft timeout', () => {
  test('stale is served then, and the refresh goes on behind', async () => {
    const rig = await warm({ cache: { ttlSeconds: 60 } });
    const upstream = deferred<Answer>();
    rig.upstream = () => upstream.promise;
    const waiting = rig.run();
    await rig.clock.advance(199);
    expect(rig.seen).toHaveLength(2);
    await rig.clock.advance(1);
    expect(await waiting).toMatchObject({
      kind: 'STALE',
      value: 'old',
      ageMs: 60_200,
      durationMs: 200,
      failure: { code: 'UPSTREAM_TIMEOUT' },
    });
    expect(rig.pool.calls[1]?.signal.aborted).toBe(false);
    rig.reconfigure({ policy: { cache: { ttlSeconds: 60 } } });
    upstream.resolve(answer('new', { headers: { 'cache-control': 'max-age=60' } }));
    await settle();
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', value: 'new' });
  });

  test('an answer that nobody called good for a while does not stand in for one that takes its time', async () => {
    const rig = await warm();
    const upstream = deferred<Answer>();
    rig.upstream = () => upstream.promise;
    const waiting = rig.run();
    await rig.clock.advance(5_000);
    upstream.resolve(answer('new'));
    expect(await waiting).toMatchObject({ kind: 'FRESH', value: 'new', durationMs: 5_000 });
  });

  test('it does when the time is up, and when the policy says after how long', async () => {
    const rig = await warm();
    rig.upstream = () => new Promise(() => undefined);
    const waiting = rig.run();
    await rig.clock.advance(10_025);
    expect(await waiting).toMatchObject({ kind: 'STALE', failure: { code: 'DEADLINE_EXCEEDED' } });
    const impatient = await warm({ softTimeoutMs: 50 });
    impatient.upstream = () => new Promise(() => undefined);
    const soon = impatient.run();
    await impatient.clock.advance(50);
    expect(await soon).toMatchObject({ kind: 'STALE', durationMs: 50 });
  });

  test('a lifetime that the upstream declared counts like one of the policy', async () => {
    const rig = new Rig();
    rig.upstream = () => answer('old', { headers: { 'cache-control': 'max-age=60' } });
    await rig.run();
    await rig.clock.advance(60_000);
    rig.upstream = () => new Promise(() => undefined);
    const waiting = rig.run();
    await rig.clock.advance(200);
    expect(await waiting).toMatchObject({ kind: 'STALE', durationMs: 200 });
  });

  test('a fast answer wins, and those who accept nothing stale wait on', async () => {
    const rig = await warm();
    const upstream = deferred<Answer>();
    rig.upstream = () => upstream.promise;
    const patient = rig.run(noStale);
    await rig.clock.advance(5_000);
    const quick = rig.run();
    upstream.resolve(answer('new'));
    expect(await patient).toMatchObject({ kind: 'FRESH', value: 'new' });
    expect(await quick).toMatchObject({ kind: 'FRESH', value: 'new', cache: 'JOINED' });
  });

  test('the client may leave after it was served: the refresh stays', async () => {
    const rig = await warm({ softTimeoutMs: 50 });
    rig.upstream = () => new Promise(() => undefined);
    const client = new AbortController();
    const waiting = rig.run({ context: { signal: client.signal } });
    await rig.clock.advance(50);
    expect(await waiting).toMatchObject({ kind: 'STALE' });
    client.abort();
    await settle();
    expect(rig.pool.calls[1]?.signal.aborted).toBe(false);
    await rig.clock.advance(10_000); // and ends at its own deadline
    expect(rig.clock.pending).toBe(0);
  });
});

describe('the source is known to be down', () => {
  test('stale at once, and at most one refresh for each key in 5 s', async () => {
    const rig = await warm();
    rig.breakDown();
    for (let second = 0; second < 20; second++) {
      for (let i = 0; i < 10; i++) {
        expect(await rig.run()).toMatchObject({ kind: 'STALE', value: 'old', durationMs: 0 });
      }
      await rig.clock.advance(1_000);
    }
    expect(rig.pool.calls.length - 1).toBe(4);
  });

  test('whoever accepts nothing stale is told so, and a backup is what ends it', async () => {
    const rig = await warm();
    rig.breakDown();
    expect(await rig.run(noStale)).toMatchObject({ kind: 'FAILED', failure: { code: 'NO_HEALTHY_UPSTREAM' } });
    rig.pool.state = 'available';
    expect(await rig.run(noStale)).toMatchObject({ kind: 'FRESH', value: 'new' });
  });

  test('a refresh that succeeds ends the back-off', async () => {
    const rig = await warm();
    rig.breakDown();
    await rig.run();
    await settle();
    rig.pool.state = 'available';
    expect(await rig.run()).toMatchObject({ kind: 'STALE' }); // still left alone
    await rig.clock.advance(5_000);
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: 'new' });
    expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
  });

  test('so does any other call that succeeds meanwhile', async () => {
    const rig = await warm();
    rig.breakDown();
    await rig.run();
    await settle();
    rig.pool.state = 'available';
    expect(await rig.run(noStale)).toMatchObject({ kind: 'FRESH' });
    expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
  });

  test('an upstream that asks for a longer pause gets it', async () => {
    const rig = await warm();
    rig.upstream = () =>
      Promise.reject(failure({ code: 'UPSTREAM_OVERLOADED', retryAfterMs: 30_000, retryable: false }));
    await rig.run();
    await rig.clock.advance(29_000);
    expect(await rig.run()).toMatchObject({ kind: 'STALE', failure: { code: 'UPSTREAM_OVERLOADED' } });
    expect(rig.seen).toHaveLength(2);
    await rig.clock.advance(1_000);
    await rig.run();
    expect(rig.seen).toHaveLength(3);
  });
});

describe('how stale a client accepts', () => {
  test.each([
    [59_000, 'FAILED'],
    [60_001, 'STALE'],
    [undefined, 'STALE'],
  ])('%s ms: %s', async (maxStaleMs, kind) => {
    const rig = await warm();
    rig.upstream = () => Promise.reject(failure({ retryable: false }));
    expect(await rig.run({ context: { maxStaleMs } })).toMatchObject({ kind });
  });

  test('0 forbids it, even in the very moment an entry ends', async () => {
    const rig = new Rig();
    await rig.run();
    rig.breakDown();
    expect(await rig.run(noStale)).toMatchObject({ kind: 'FAILED' });
  });

  test('a fresh entry is not stale: it is served under 0', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    await rig.run();
    expect(await rig.run(noStale)).toMatchObject({ kind: 'CACHED' });
  });

  test('answers from before the client’s own write are not given, fresh or stale or under way', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    await rig.run();
    const slow = deferred<Answer>();
    rig.upstream = (n) => (n === 2 ? slow.promise : answer({ n }));
    await rig.clock.advance(61_000);
    rig.reconfigure({ policy: { cache: { ttlSeconds: 60 }, softTimeoutMs: 5_000 } });
    const before = rig.run();
    await rig.clock.advance(10);
    const written = { context: { notOlderThan: { petstore: rig.clock.now() } } };
    expect(await rig.run(written)).toMatchObject({ kind: 'FRESH', value: { n: 3 } });
    expect(await rig.run(written)).toMatchObject({ kind: 'CACHED', value: { n: 3 } });
    expect(await rig.run({ context: { notOlderThan: { weather: rig.clock.now() + 1 } } })).toMatchObject({
      kind: 'CACHED',
    });
    slow.resolve(answer('before'));
    expect(await before).toMatchObject({ value: 'before' });
    await rig.clock.advance(60_000);
    rig.breakDown();
    expect(await rig.run({ context: { notOlderThan: { petstore: rig.clock.now() } } })).toMatchObject({
      kind: 'FAILED',
    });
  });
});

describe('stale-while-revalidate', () => {
  test('is served at once within its time, and refreshed behind once', async () => {
    const rig = new Rig();
    rig.upstream = (n) => answer({ n }, { headers: { 'cache-control': 'max-age=10, stale-while-revalidate=20' } });
    await rig.run();
    await rig.clock.advance(15_000);
    expect(await rig.run()).toMatchObject({ kind: 'STALE', value: { n: 1 }, durationMs: 0 });
    await settle();
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', value: { n: 2 } });
    await rig.clock.advance(30_000);
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: { n: 3 } });
  });
});
