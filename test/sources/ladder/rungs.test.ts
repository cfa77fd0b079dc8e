import { describe, expect, test } from '@jest/globals';
import { createLadder } from '../../../src/sources/ladder/index.ts';
import { answer, failure, Rig, rejected } from './rig.ts';

const DEAD = failure({ code: 'UPSTREAM_ERROR', reason: 'http_request_error', status: 503, retryable: false });

describe('the rungs', () => {
  test('1: a fresh entry is CACHED, and nobody is called', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    const first = await rig.run();
    expect(first).toMatchObject({ kind: 'FRESH', value: { n: 1 }, ageMs: 0, cache: 'MISS' });
    await rig.clock.advance(59_000);
    const second = await rig.run();
    expect(second).toMatchObject({ kind: 'CACHED', ageMs: 59_000, attempts: [], cache: 'HIT' });
    expect(second.kind === 'CACHED' && second.value).toBe(first.kind === 'FRESH' && first.value);
    await rig.clock.advance(1_000);
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: { n: 2 }, cache: 'STALE' });
  });

  test('2: without a ttl every call goes out', async () => {
    const rig = new Rig();
    await rig.run();
    expect(await rig.run()).toMatchObject({
      kind: 'FRESH',
      value: { n: 2 },
      attempts: [{ endpoint: 0, result: 'ok', status: 200 }],
    });
  });

  test('3: a backup serves, and says why the primary did not', async () => {
    const rig = new Rig();
    rig.pool.down.clear();
    rig.pool.down.add(0);
    expect(await rig.run()).toMatchObject({
      kind: 'BACKUP',
      failure: { reason: 'connection_refused' },
      attempts: [
        { endpoint: 0, result: 'connection_refused' },
        { endpoint: 1, result: 'ok' },
      ],
    });
  });

  test('4: a stale entry within its grace, with its age and the failure, before any fallback', async () => {
    const rig = new Rig({ fallback: { value: 'constant' } });
    await rig.run();
    await rig.clock.advance(599_000);
    rig.upstream = () => Promise.reject(DEAD);
    expect(await rig.run()).toMatchObject({
      kind: 'STALE',
      value: { n: 1 },
      ageMs: 599_000,
      cache: 'STALE',
      failure: DEAD,
    });
    await rig.clock.advance(1_000);
    expect(await rig.run()).toMatchObject({ kind: 'FALLBACK', value: { decoded: 'constant' }, failure: DEAD });
  });

  test('6: FAILED with code, attempts and when to try again', async () => {
    const rig = new Rig();
    rig.upstream = () =>
      Promise.reject(failure({ code: 'UPSTREAM_OVERLOADED', retryAfterMs: 4_000, retryable: false }));
    expect(await rig.run()).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'UPSTREAM_OVERLOADED' },
      retryAfterMs: 4_000,
      attempts: [{ endpoint: 0, result: 'connection_refused' }],
      cache: 'MISS',
    });
  });

  test('an attempt or a fallback that throws something else is a failed call, never a rejection', async () => {
    const rig = new Rig({ fallback: { value: 1 } });
    rig.upstream = () => Promise.reject(new TypeError('a bug'));
    expect(await rig.run()).toMatchObject({ kind: 'FALLBACK', failure: { reason: 'proxy_internal_error' } });
    const decodeFallback = () => {
      throw new TypeError('does not fit');
    };
    rig.reconfigure({ policy: { fallback: { value: 2 } } });
    expect(await rig.run({ decodeFallback })).toMatchObject({
      kind: 'FAILED',
      failure: { reason: 'proxy_internal_error' },
    });
  });

  test('a query that is not cacheable is never kept nor joined', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    const operation = { cacheable: false };
    const outcomes = await Promise.all([rig.run({ operation }), rig.run({ operation })]);
    expect(outcomes).toMatchObject([
      { cache: 'BYPASS', value: { n: 1 } },
      { cache: 'BYPASS', value: { n: 2 } },
    ]);
    expect(rig.cache.stats().entries).toBe(0);
  });

  test('policies of operations lie over those of the source, and change from one call to the next', async () => {
    const rig = new Rig({ retries: 1, cache: { ttlSeconds: 60 } });
    rig.reconfigure({ operationPolicies: { getPet: { cache: { ttlSeconds: 0 }, hedgeAfterMs: 30 } } });
    await rig.run();
    await rig.run();
    expect(rig.pool.calls).toMatchObject([{ retries: 1, hedgeAfterMs: 30, attemptTimeoutMs: 3_000 }, { retries: 1 }]);
  });
});

describe('what is an answer and what an outage', () => {
  test.each([400, 401, 403, 409, 422])('%i is handed on though something stale is at hand', async (status) => {
    const rig = new Rig({ fallback: { value: 1 } });
    await rig.run();
    rig.upstream = () => Promise.reject(rejected(status));
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_REJECTED', status } });
  });

  test.each([408, 425, 429])('%i is not', async (status) => {
    const rig = new Rig();
    await rig.run();
    rig.upstream = () => Promise.reject(rejected(status));
    expect(await rig.run()).toMatchObject({ kind: 'STALE' });
  });

  test.each([404, 410])('after %i the older answer is never served again', async (status) => {
    const rig = new Rig();
    await rig.run();
    rig.upstream = () => Promise.reject(rejected(status));
    await rig.run();
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', failure: { code: 'NO_HEALTHY_UPSTREAM' } });
  });

  test('a caller whose credential was refused is not served from their own past', async () => {
    const rig = new Rig();
    const ann = { caller: 'ann', forwardsCredentials: true, varyKey: 'authorization:1' };
    await rig.run(ann);
    rig.upstream = () => Promise.reject(rejected(401));
    await rig.run(ann);
    rig.breakDown();
    expect(await rig.run(ann)).toMatchObject({ kind: 'FAILED' });
  });

  test('404 is remembered by policy, as the failure it was', async () => {
    const rig = new Rig({ cache: { negativeTtlSeconds: 5 } });
    rig.upstream = () => Promise.reject(rejected(404));
    await rig.run();
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', cache: 'HIT', failure: { status: 404 }, attempts: [] });
    await rig.clock.advance(5_000);
    await rig.run();
    expect(rig.seen).toHaveLength(2);
  });

  test('404 that the operation reads as null is remembered as null', async () => {
    const rig = new Rig({ cache: { negativeTtlSeconds: 5 } });
    rig.upstream = () => answer(null, { status: 404 });
    await rig.run();
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', value: null });
    expect(rig.seen).toHaveLength(1);
  });
});

describe('fallback', () => {
  test('a constant is decoded once for each policy and operation', async () => {
    const rig = new Rig({ fallback: { value: [1] } });
    rig.breakDown();
    const outcomes = [await rig.run(), await rig.run(), await rig.run({ operation: { name: 'other' } })];
    const [a, b, c] = outcomes.map((o) => (o.kind === 'FALLBACK' ? o.value : o.kind));
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(c).toEqual({ decoded: [1] });
  });

  test('another operation answers, with its age and attempts', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.reconfigure({ operationPolicies: { getPet: { fallback: { operation: 'getAnyPet', arguments: {} } } } });
    rig.upstream = (n, call) => (call.operation.name === 'getPet' ? Promise.reject(DEAD) : answer({ any: n }));
    expect(await rig.run()).toMatchObject({
      kind: 'FALLBACK',
      value: { any: 2 },
      failure: DEAD,
      attempts: [{}, { result: 'ok' }],
    });
    await rig.clock.advance(10_000);
    expect(await rig.run()).toMatchObject({ kind: 'FALLBACK', value: { any: 2 }, ageMs: 10_000 });
  });

  test('operations that stand in for each other end', async () => {
    const rig = new Rig();
    const to = (operation: string) => ({ fallback: { operation, arguments: {} } });
    rig.reconfigure({ operationPolicies: { getPet: to('b'), b: to('c'), c: to('getPet'), self: to('self') } });
    rig.upstream = () => Promise.reject(DEAD);
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', failure: DEAD });
    expect(rig.seen).toHaveLength(3);
    expect(await rig.run({ operation: { name: 'self' } })).toMatchObject({ kind: 'FAILED' });
    expect(rig.seen).toHaveLength(4);
  });
});

describe('paused', () => {
  test.each(['settings', 'pool'])('by its %s: no calls; stale, then fallback, then failed', async (by) => {
    const rig = new Rig({ cache: { staleSeconds: 10 } });
    await rig.run();
    if (by === 'pool') rig.pool.setPaused(true);
    else rig.reconfigure({ paused: true });
    expect(await rig.run()).toMatchObject({ kind: 'STALE', failure: { reason: 'source_paused' } });
    await rig.clock.advance(10_000);
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', failure: { reason: 'source_paused' } });
    rig.reconfigure({ policy: { fallback: { value: 1 } } });
    expect(await rig.run()).toMatchObject({ kind: 'FALLBACK' });
    expect(rig.pool.calls).toHaveLength(1);
  });

  test('a fresh entry is still a hit', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 10 } });
    await rig.run();
    rig.reconfigure({ paused: true });
    expect(await rig.run()).toMatchObject({ kind: 'CACHED' });
  });
});

describe('budget', () => {
  test('without an allowance: what is cached or stale, else BUDGET_EXCEEDED, and no fallback', async () => {
    const rig = new Rig({ fallback: { value: 1 } });
    const none = await rig.run({ allowance: 0 });
    if (none.kind !== 'FAILED') throw new Error(none.kind);
    expect(none.failure.toClientError('petstore', 0).extensions).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      subject: 'REQUEST',
      window: 'upstreamCalls',
      retryable: false,
    });
    await rig.run();
    expect(await rig.run({ allowance: 0 })).toMatchObject({ kind: 'STALE', failure: { code: 'BUDGET_EXCEEDED' } });
    rig.reconfigure({ policy: { cache: { ttlSeconds: 60 } } });
    await rig.run();
    expect(await rig.run({ allowance: 0 })).toMatchObject({ kind: 'CACHED' });
    expect(rig.seen).toHaveLength(2);
  });

  test('joining a call under way costs nothing', async () => {
    const rig = new Rig();
    const outcomes = await Promise.all([rig.run({ allowance: 1 }), rig.run({ allowance: 0 })]);
    expect(outcomes).toMatchObject([{ kind: 'FRESH' }, { kind: 'FRESH', cache: 'JOINED' }]);
  });
});

describe('one endpoint for one request', () => {
  test('the rest of a request prefers the endpoint that served it first', async () => {
    const rig = new Rig();
    rig.pool.down.clear();
    rig.pool.down.add(0);
    const { context } = rig.call();
    await rig.run({ context });
    // The same context object, as one request has it.
    await rig.ladder.run({ ...rig.call({ args: { id: 2 } }), context });
    await rig.ladder.run({ ...rig.call({ args: { id: 3 } }), context });
    expect(rig.pool.calls.map((call) => call.preferEndpoint)).toEqual([undefined, undefined, 1]);
  });
});

describe('close', () => {
  test('ends what is under way for everybody, and refuses what comes', async () => {
    const rig = new Rig();
    rig.upstream = () => new Promise(() => undefined);
    const waiting = [rig.run(), rig.run(), rig.mutate()];
    await rig.ladder.close();
    expect(await Promise.all(waiting)).toMatchObject(
      Array(3).fill({ kind: 'FAILED', failure: { reason: 'cancelled' } }),
    );
    expect(rig.pool.calls.map((call) => call.signal.aborted)).toEqual([true, true]);
    expect(await rig.run()).toMatchObject({ kind: 'FAILED' });
    await rig.clock.advance(0);
    expect(rig.clock.pending).toBe(0);
  });
});

test('two ladders of one cache keep their revisions apart', async () => {
  const rig = new Rig({ cache: { ttlSeconds: 60 } });
  await rig.run();
  const settings = { policy: { cache: { ttlSeconds: 60 } }, operationPolicies: {}, paused: false };
  const { pool, cache, clock } = rig;
  const random = { next: () => 0, bytes: (size: number) => Buffer.alloc(size) };
  const next = createLadder({ source: 'petstore', revision: 2, pool, cache, clock, random, settings });
  expect(await next.run(rig.call())).toMatchObject({ kind: 'FRESH', value: { n: 2 } });
});
