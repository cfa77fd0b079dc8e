import { describe, expect, test } from '@jest/globals';
import { createMemoryCallCache } from '../../../src/cache/index.ts';
import { keyvSharedStore } from '../../../src/cache/keyv-store.ts';
import type { Answer } from '../../../src/sources/ladder/index.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { answer, deferred, failure, Rig } from './rig.ts';

function slowRig(policy = {}) {
  const rig = new Rig(policy);
  const upstream = deferred<Answer>();
  rig.upstream = () => upstream.promise;
  return { rig, upstream };
}

describe('single flight', () => {
  test('1 000 callers on a cold key are one call, also when the first leaves', async () => {
    const { rig, upstream } = slowRig();
    const first = new AbortController();
    const calls = [rig.run({ context: { signal: first.signal } })];
    for (let i = 1; i < 1_000; i++) calls.push(rig.run({ caller: `caller-${i}` }));
    await settle();
    first.abort();
    await settle();
    upstream.resolve(answer('one'));
    const outcomes = await Promise.all(calls);
    expect(rig.seen).toHaveLength(1);
    expect(rig.pool.calls[0]?.signal.aborted).toBe(false);
    expect(outcomes[0]).toMatchObject({ kind: 'FAILED', failure: { reason: 'cancelled' } });
    expect(outcomes.slice(1).every((o) => o.kind === 'FRESH' && o.value === 'one' && o.cache === 'JOINED')).toBe(true);
    expect(rig.clock.pending).toBe(0);
  });

  test('so they are when the cache has to ask a second level first', async () => {
    const clock = new FakeClock();
    const secondLevel = keyvSharedStore(new Map(), 'test');
    const rig = new Rig({ cache: { ttlSeconds: 60 } }, createMemoryCallCache({ clock, secondLevel }));
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => rig.run()));
    expect(rig.seen).toHaveLength(1);
    expect(outcomes.every((o) => o.kind === 'FRESH')).toBe(true);
    expect(await rig.run()).toMatchObject({ kind: 'CACHED' });
  });

  test('the call is aborted when the last caller leaves, and the next one calls anew', async () => {
    const { rig } = slowRig();
    const [a, b] = [new AbortController(), new AbortController()];
    const waiting = [rig.run({ context: { signal: a.signal } }), rig.run({ context: { signal: b.signal } })];
    a.abort();
    await settle();
    expect(rig.pool.calls[0]?.signal.aborted).toBe(false);
    b.abort();
    await Promise.all(waiting);
    expect(rig.pool.calls[0]?.signal.aborted).toBe(true);
    rig.upstream = () => answer('again');
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: 'again', cache: 'MISS' });
    expect(rig.seen).toHaveLength(2);
  });

  test('a caller who has gone already makes no call', async () => {
    const rig = new Rig();
    expect(await rig.run({ context: { signal: AbortSignal.abort() } })).toMatchObject({
      failure: { reason: 'cancelled' },
    });
    expect(rig.pool.calls).toHaveLength(0);
  });

  test('each waits as long as its own deadline, and a shorter one does not end it for the longer', async () => {
    const { rig, upstream } = slowRig();
    const at = (ms: number) => ({ context: { deadline: rig.clock.now() + ms } });
    const long = rig.run(at(5_000));
    const short = rig.run(at(1_000));
    await rig.clock.advance(1_000);
    expect(await short).toMatchObject({ kind: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' }, durationMs: 1_000 });
    upstream.resolve(answer('late'));
    expect(await long).toMatchObject({ kind: 'FRESH', value: 'late' });
  });

  test('a call that ran out of its maker’s time is made again for those who have more', async () => {
    const rig = new Rig();
    const second = deferred<Answer>();
    rig.upstream = (n) => (n === 1 ? new Promise(() => undefined) : second.promise);
    const short = rig.run({ context: { deadline: rig.clock.now() + 1_000 } });
    const long = rig.run({ context: { deadline: rig.clock.now() + 5_000 } });
    const longer = rig.run({ context: { deadline: rig.clock.now() + 5_000 } });
    await rig.clock.advance(1_000);
    expect(await short).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'DEADLINE_EXCEEDED' },
      attempts: [{ endpoint: 0 }],
    });
    expect(rig.seen).toHaveLength(2);
    second.resolve(answer('made it'));
    expect(await Promise.all([long, longer])).toMatchObject([{ value: 'made it' }, { value: 'made it' }]);
  });

  test('the policy’s deadline holds when the request has more time, and nothing starts when there is none', async () => {
    const { rig } = slowRig({ deadlineMs: 300 });
    const waiting = rig.run();
    expect(rig.pool.calls[0]?.deadline).toBe(rig.clock.now() + 300);
    await rig.clock.advance(325);
    expect(await waiting).toMatchObject({ kind: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' } });
    expect(await rig.run({ context: { deadline: rig.clock.now() } })).toMatchObject({
      failure: { code: 'DEADLINE_EXCEEDED' },
    });
    expect(rig.pool.calls).toHaveLength(1);
  });

  test('everybody who waited learns of the failure', async () => {
    const { rig, upstream } = slowRig();
    const waiting = [rig.run(), rig.run()];
    upstream.reject(failure({ code: 'UPSTREAM_ERROR', status: 500, retryable: false }));
    expect(await Promise.all(waiting)).toMatchObject(Array(2).fill({ kind: 'FAILED', failure: { status: 500 } }));
  });

  test.each([
    ['callers whose credentials are forwarded', { caller: 'ann' }, { caller: 'bob' }, {}],
    ['credentials of one caller', { varyKey: 'authorization:1' }, { varyKey: 'authorization:2' }, {}],
    [
      'credentials, though the policy keeps one entry for all',
      { varyKey: 'a:1' },
      { varyKey: 'a:2' },
      { scope: 'PUBLIC' },
    ],
    ['callers, though the policy keeps one entry for all', { caller: 'ann' }, { caller: 'bob' }, { scope: 'PUBLIC' }],
  ] as const)('is never across different %s', async (_, a, b, cache) => {
    const rig = new Rig({ cache });
    const own = { forwardsCredentials: true, publicVaryKey: '' };
    await Promise.all([rig.run({ ...own, ...a }), rig.run({ ...own, ...b })]);
    expect(rig.seen).toHaveLength(2);
  });

  test('is never across different forwarded headers, even before anybody knows that the answer varies', async () => {
    const rig = new Rig();
    await Promise.all([rig.run({ varyHeaders: { 'x-tenant': 'a' } }), rig.run({ varyHeaders: { 'x-tenant': 'b' } })]);
    expect(rig.seen).toHaveLength(2);
  });
});

describe('a purge and what is under way', () => {
  test('a call that began before it is not stored after it, nor joined', async () => {
    const { rig, upstream } = slowRig({ cache: { ttlSeconds: 60 } });
    const before = rig.run();
    await settle();
    rig.cache.purgeTags(['operation:petstore.getPet']);
    rig.upstream = () => answer('new');
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: 'new', cache: 'MISS' });
    upstream.resolve(answer('old'));
    expect(await before).toMatchObject({ kind: 'FRESH', value: 'old' });
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', value: 'new' });
  });
});
