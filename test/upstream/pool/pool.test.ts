import { describe, expect, test } from '@jest/globals';
import { createEndpointPool } from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { endpoint, fails, failure, failureOf, hangs, harness, refused } from './harness.ts';

describe('a healthy call', () => {
  test('answers with value, endpoint and attempt, and leaves nothing behind', async () => {
    const h = harness([endpoint(3)]);
    h.behaviours.set(3, async () => {
      await new Promise<void>((resolve) => h.clock.setTimer(resolve, 40));
      return 'pets';
    });
    const startedAt = h.clock.now();
    const call = h.call();
    await h.clock.advance(40);
    expect(await call).toEqual({
      ok: true,
      value: 'pets',
      endpoint: endpoint(3),
      attempts: [{ endpoint: 3, startedAt, durationMs: 40, failure: undefined }],
    });
    expect(h.clock.pending).toBe(0);
    expect(h.events).toEqual([
      { type: 'endpoint', source: 'petstore', endpoint: 3, from: 'UNKNOWN', to: 'HEALTHY' },
      { type: 'health', source: 'petstore', from: 'UNKNOWN', to: 'HEALTHY' },
      { type: 'attempt', source: 'petstore', endpoint: 3, durationMs: 40, failure: undefined },
    ]);
    expect(h.pool.health().endpoints[0]).toMatchObject({ latencyP50Ms: 40, latencyP99Ms: 40, lastError: undefined });
  });
});

describe('health', () => {
  test('is unknown before the first answer', () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    const unknown = { state: 'UNKNOWN', breaker: 'CLOSED' };
    expect(h.pool.health()).toMatchObject({ state: 'UNKNOWN', endpoints: [unknown, { ...unknown, priority: 1 }] });
    expect(h.pool.availability()).toBe('available');
  });

  test('goes through every state, each change told once, with the time since', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await h.callThrough();
    h.behaviours.set(0, fails(refused));
    h.behaviours.set(1, fails());
    await h.clock.advance(1_000);
    while (h.pool.availability() === 'available') await h.callThrough();
    const downSince = h.pool.health().since;
    expect(h.pool.health()).toMatchObject({
      state: 'DOWN',
      endpoints: [
        { state: 'DOWN', breaker: 'OPEN', lastError: 'NO_HEALTHY_UPSTREAM (connection_refused)' },
        { state: 'DOWN', breaker: 'OPEN', lastError: 'UPSTREAM_ERROR (http_protocol_error)' },
      ],
    });
    expect(downSince).toBeGreaterThan(1_700_000_001_000);
    h.behaviours.clear();
    await h.clock.advance(6_100);
    expect(h.pool.health().since).toBe(downSince);
    for (let i = 0; i < 10; i++) await h.callThrough();
    expect(h.pool.health().state).toBe('DEGRADED');
    expect(h.events.filter((e) => e.type === 'health').map((e) => `${e.from}>${e.to}`)).toEqual([
      'UNKNOWN>HEALTHY',
      'HEALTHY>DEGRADED',
      'DEGRADED>DOWN',
      'DOWN>DEGRADED',
    ]);
    expect(
      h.events.filter((e) => e.type === 'breaker' && e.endpoint === 0).map((e) => ('to' in e ? e.to : '')),
    ).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
  });

  test('a refused request says the endpoint is well; a cancelled or throttled one says nothing', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(
      0,
      fails(() => failure({ code: 'UPSTREAM_OVERLOADED', countsAgainstHealth: false, status: 429 })),
    );
    for (let i = 0; i < 10; i++) await h.callThrough({ retries: 0 });
    expect(h.pool.health().endpoints[0]).toMatchObject({ state: 'UNKNOWN', breaker: 'CLOSED' });
    h.behaviours.set(
      0,
      fails(() => failure({ code: 'UPSTREAM_REJECTED', countsAgainstHealth: false, retryable: false, status: 404 })),
    );
    for (let i = 0; i < 10; i++) await h.callThrough();
    expect(h.pool.health().endpoints[0]).toMatchObject({ state: 'HEALTHY', breaker: 'CLOSED' });
  });
});

describe('paused', () => {
  test('no call goes out, and what is in flight may end', async () => {
    const h = harness([endpoint(0)]);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    const inFlight = h.call();
    h.pool.setPaused(true);
    expect(h.pool.availability()).toBe('paused');
    expect(h.pool.health().state).toBe('PAUSED');
    expect(failureOf(await h.call())).toMatchObject({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'source_paused',
      countsAgainstHealth: false,
    });
    expect(h.sent).toHaveLength(1);
    resolve('still');
    expect(await inFlight).toMatchObject({ value: 'still' });
    h.pool.setPaused(false);
    expect((await h.callThrough()).ok).toBe(true);
    expect(h.pool.health().state).toBe('HEALTHY');
  });

  test('between two attempts: no second one', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    h.behaviours.set(0, () => {
      h.pool.setPaused(true);
      throw failure();
    });
    expect(failureOf(await h.callThrough({ preferEndpoint: 0 })).reason).toBe('source_paused');
    expect(h.sent).toEqual([0]);
  });
});

describe('isolated', () => {
  test('an endpoint gets no calls until it is back, and its state is PAUSED', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await h.callThrough();
    h.pool.isolate(0, true);
    expect(await h.callThrough({ preferEndpoint: 0 })).toMatchObject({
      endpoint: { number: 1 },
      failure: { reason: 'destination_unavailable' },
    });
    expect(h.pool.health()).toMatchObject({ state: 'HEALTHY', endpoints: [{ state: 'PAUSED' }, { state: 'HEALTHY' }] });
    h.pool.isolate(1, true);
    expect(h.pool.availability()).toBe('down');
    const result = await h.callThrough();
    expect(failureOf(result)).toMatchObject({ reason: 'destination_unavailable', retryAfterMs: undefined });
    h.pool.isolate(0, false);
    expect(await h.callThrough()).toMatchObject({ endpoint: { number: 0 } });
  });

  test('an unknown endpoint is refused with the known ones named', () => {
    const h = harness([endpoint(0), endpoint(1)]);
    expect(() => h.pool.isolate(2, true)).toThrow('petstore has the endpoints 0, 1; there is no endpoint 2.');
    expect(() => h.pool.resetBreaker(-1)).toThrow(RangeError);
  });
});

test('resetting a breaker lets calls through at once', async () => {
  const h = harness([endpoint(0)]);
  h.behaviours.set(0, fails());
  while (h.pool.availability() === 'available') await h.callThrough({ retries: 0 });
  h.behaviours.clear();
  h.pool.resetBreaker(0);
  expect(h.pool.health().endpoints[0]).toMatchObject({ state: 'UNKNOWN', breaker: 'CLOSED' });
  expect((await h.callThrough()).ok).toBe(true);
});

describe('close', () => {
  test('ends attempts, waits for a place and waits for a retry; afterwards every call fails', async () => {
    const h = harness([endpoint(0), endpoint(1)], { maxConcurrency: 2 });
    let signal: AbortSignal | undefined;
    h.behaviours.set(0, (context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    h.behaviours.set(1, fails());
    const retrying = h.call({ preferEndpoint: 1 });
    await h.clock.advance(0);
    const attempting = [h.call({ preferEndpoint: 0 }), h.call({ preferEndpoint: 0 })];
    const waiting = h.call();
    await h.clock.advance(0);
    expect(h.clock.pending).toBe(4);
    await h.pool.close();
    expect(h.clock.pending).toBe(0);
    expect(signal?.aborted).toBe(true);
    for (const call of [retrying, waiting, ...attempting]) {
      expect(failureOf(await call)).toMatchObject({ code: 'NO_HEALTHY_UPSTREAM', reason: 'cancelled' });
    }
    expect(failureOf(await h.call()).reason).toBe('cancelled');
    expect(h.pool.availability()).toBe('down');
    await h.pool.close();
  });
});

describe('a pool is refused', () => {
  const make = (numbers: number[]) =>
    createEndpointPool({
      source: 'petstore',
      endpoints: numbers.map((n) => endpoint(n)),
      clock: new FakeClock(),
      random: seededRandom(),
    });

  test('without an endpoint, and with two of one number', () => {
    expect(() => make([])).toThrow('petstore needs at least one endpoint; none was given.');
    expect(() => make([0, 1, 1])).toThrow('have numbers of their own, but have 0, 1, 1');
  });
});

test('numbers can be laid over one by one', async () => {
  const h = harness([endpoint(0)], { numbers: { breaker: { failuresInRow: 2 } } });
  h.behaviours.set(0, fails());
  await h.callThrough({ retries: 0 });
  expect(h.pool.health().endpoints[0]?.breaker).toBe('CLOSED');
  await h.callThrough({ retries: 0 });
  expect(h.pool.health().endpoints[0]?.breaker).toBe('OPEN');
});

test('a cold source with a refused primary and a healthy backup fails no call', async () => {
  const h = harness([endpoint(0), endpoint(1, 1)]);
  h.behaviours.set(0, fails(refused));
  const calls = Array.from({ length: 20 }, () => h.call());
  await h.clock.advance(1_000);
  for (const result of await Promise.all(calls)) {
    expect(result).toMatchObject({ ok: true, endpoint: { number: 1 }, failure: { reason: 'connection_refused' } });
  }
});

test('a blackholed source: 20 calls wait for it at most, the others are shed or fail fast', async () => {
  const h = harness([endpoint(0)]);
  h.behaviours.set(0, hangs);
  const waited: number[] = [];
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 200 * 8; i++) {
    const began = h.clock.now();
    calls.push(h.call({ attemptTimeoutMs: 1_000 }).then(() => waited.push(h.clock.now() - began)));
    await h.clock.advance(5);
  }
  await h.clock.advance(10_000);
  await Promise.all(calls);
  // 20 first attempts and what the budget allows of retries and of trials after a term.
  expect(waited.filter((ms) => ms >= 1_000).length).toBeLessThanOrEqual(30);
  expect(waited.filter((ms) => ms > 20 && ms < 1_000).length).toBeLessThanOrEqual(40);
  expect(h.clock.pending).toBe(0);
}, 60_000);
