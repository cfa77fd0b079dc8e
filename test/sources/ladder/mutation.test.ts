import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../src/sources/ladder/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { answer, deferred, failure, Rig, rejected } from './rig.ts';

async function warm(): Promise<Rig> {
  const rig = new Rig({ cache: { ttlSeconds: 60 }, fallback: { value: 1 } });
  await rig.run();
  expect(await rig.run()).toMatchObject({ kind: 'CACHED' });
  return rig;
}

const isRead = async (rig: Rig): Promise<boolean> => {
  const calls = rig.pool.calls.length;
  rig.upstream = () => answer('read');
  await rig.run();
  return rig.pool.calls.length > calls;
};

describe('mutations', () => {
  test('are never cached and never joined', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    const outcomes = await Promise.all([rig.mutate(), rig.mutate()]);
    expect(outcomes).toMatchObject([
      { kind: 'FRESH', cache: 'BYPASS', value: { n: 1 } },
      { kind: 'FRESH', cache: 'BYPASS', value: { n: 2 } },
    ]);
    expect(rig.cache.stats().entries).toBe(0);
  });

  test('make what was read before count for nothing by the time they are answered', async () => {
    const rig = await warm();
    await rig.mutate();
    expect(await isRead(rig)).toBe(true);
  });

  test('also when nobody knows whether they arrived', async () => {
    const rig = await warm();
    rig.upstream = () => Promise.reject(failure({ reason: 'connection_terminated', retryable: false }));
    expect(await rig.mutate()).toMatchObject({ kind: 'FAILED' });
    expect(await isRead(rig)).toBe(true);
  });

  test('and when the time is up or the client has gone while they are under way, then and when they end', async () => {
    const rig = await warm();
    const upstream = deferred<Answer>();
    rig.upstream = () => upstream.promise;
    const client = new AbortController();
    const waiting = rig.mutate({ context: { signal: client.signal } });
    await settle();
    client.abort();
    expect(await waiting).toMatchObject({ kind: 'FAILED', failure: { reason: 'cancelled' } });
    expect(rig.pool.calls.at(-1)?.signal.aborted).toBe(true);
    expect(await isRead(rig)).toBe(true);
  });

  test('but not when they provably did not leave, or were refused', async () => {
    const rig = await warm();
    rig.upstream = () => Promise.reject(rejected(422));
    expect(await rig.mutate()).toMatchObject({ kind: 'FAILED', failure: { status: 422 } });
    rig.breakDown();
    expect(await rig.mutate()).toMatchObject({ kind: 'FAILED', failure: { neverLeft: true } });
    rig.pool.state = 'available';
    expect(await isRead(rig)).toBe(false);
  });

  test('what was read before stays for the day the upstream is gone, to those who have not written themselves', async () => {
    const rig = await warm();
    await rig.clock.advance(10);
    await rig.mutate();
    const wroteAt = rig.clock.now();
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'STALE', value: { n: 1 }, ageMs: 10 });
    expect(await rig.run({ context: { notOlderThan: { petstore: wroteAt } } })).toMatchObject({ kind: 'FALLBACK' });
  });

  test('how long it has been wrong nobody knows: its staleness counts from when it was fetched', async () => {
    const rig = await warm();
    await rig.clock.advance(30_000);
    await rig.mutate();
    rig.breakDown();
    await rig.clock.advance(1_000);
    expect(await rig.run({ context: { maxStaleMs: 30_000 } })).toMatchObject({ kind: 'FALLBACK' });
    expect(await rig.run({ context: { maxStaleMs: 31_001 } })).toMatchObject({ kind: 'STALE' });
  });

  test('it is not served because the upstream is slow', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 }, softTimeoutMs: 50 });
    await rig.run();
    await rig.mutate();
    const upstream = deferred<Answer>();
    rig.upstream = () => upstream.promise;
    const waiting = rig.run();
    await rig.clock.advance(5_000);
    upstream.resolve(answer('after'));
    expect(await waiting).toMatchObject({ kind: 'FRESH', value: 'after' });
  });

  test('nor for a failure from before the write', async () => {
    const rig = await warm();
    await rig.clock.advance(60_000);
    rig.upstream = () => Promise.reject(failure({ retryable: false }));
    expect(await rig.run()).toMatchObject({ kind: 'STALE' });
    rig.upstream = () => answer('up');
    expect(await rig.run()).toMatchObject({ kind: 'STALE' }); // left alone for a while
    await rig.mutate();
    expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
  });

  test('each that may have arrived is told to its request, with the time', async () => {
    const rig = new Rig();
    const told: unknown[] = [];
    const context = { noteWrite: (source: string, at: number) => void told.push([source, at]) };
    await rig.mutate({ context });
    await rig.clock.advance(7);
    rig.upstream = () => Promise.reject(rejected(422));
    await rig.mutate({ context });
    expect(told).toEqual([['petstore', rig.clock.now() - 7]]);
    rig.upstream = () => Promise.reject(failure({ reason: 'connection_terminated', retryable: false }));
    await rig.mutate({ context });
    expect(told[1]).toEqual(['petstore', rig.clock.now()]);
  });

  test('a read that began before and ended after a mutation is given to nobody who made it', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    const read = deferred<Answer>();
    rig.upstream = () => read.promise;
    const reading = rig.run();
    await rig.clock.advance(5);
    rig.upstream = () => answer('written');
    await rig.mutate();
    const wroteAt = rig.clock.now();
    await rig.clock.advance(5);
    read.resolve(answer('before'));
    await reading;
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'STALE', value: 'before' });
    expect(await rig.run({ context: { notOlderThan: { petstore: wroteAt } } })).toMatchObject({ kind: 'FAILED' });
  });

  test('a read that began before and ends after a mutation is not stored as fresh', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    const read = deferred<Answer>();
    rig.upstream = () => read.promise;
    const reading = rig.run();
    await settle();
    rig.upstream = () => answer('written');
    await rig.mutate();
    read.resolve(answer('before'));
    await reading;
    expect(await isRead(rig)).toBe(true);
  });

  test('never fall back, are not sent while paused, and need an allowance', async () => {
    const rig = new Rig({ fallback: { value: 1 } });
    rig.breakDown();
    expect(await rig.mutate()).toMatchObject({ kind: 'FAILED' });
    expect(await rig.mutate({ allowance: 0 })).toMatchObject({ failure: { code: 'BUDGET_EXCEEDED' } });
    rig.reconfigure({ paused: true });
    expect(await rig.mutate()).toMatchObject({ failure: { reason: 'source_paused' } });
    expect(rig.pool.calls).toHaveLength(1);
  });

  test('may be retried only with an idempotency key, whatever their method', async () => {
    const rig = new Rig({ idempotencyHeader: 'Idempotency-Key', hedgeAfterMs: 10 });
    await rig.mutate({ operation: { idempotent: true } });
    await rig.mutate({ context: { headers: { 'idempotency-key': 'a' } } });
    await rig.mutate({ carriesIdempotencyKey: true });
    await rig.mutate({ carriesIdempotencyKey: false, context: { headers: { 'idempotency-key': 'a' } } });
    expect(rig.pool.calls.map((call) => call.idempotent)).toEqual([false, true, true, false]);
    expect(rig.pool.calls.every((call) => call.hedgeAfterMs === undefined)).toBe(true);
  });

  test('end at their deadline', async () => {
    const rig = new Rig({ deadlineMs: 500 });
    rig.upstream = () => new Promise(() => undefined);
    const waiting = rig.mutate();
    await rig.clock.advance(525);
    expect(await waiting).toMatchObject({ kind: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' } });
    expect(rig.clock.pending).toBe(0);
  });
});
