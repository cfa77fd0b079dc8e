import { describe, expect, test } from '@jest/globals';
import { endpoint, fails, failure, failureOf, type Harness, harness, refused } from './harness.ts';

/** Opens the breaker of an endpoint by calls of its own. */
async function eject(h: Harness, number: number): Promise<void> {
  h.behaviours.set(number, fails(refused));
  for (let i = 0; i < 5; i++) await h.callThrough({ preferEndpoint: number, retries: 0, idempotent: false });
  h.sent.length = 0;
}

async function share(h: Harness, calls: number): Promise<Map<number, number>> {
  h.sent.length = 0;
  for (let i = 0; i < calls; i++) await h.callThrough({ retries: 0 });
  return new Map([...new Set(h.sent)].map((n) => [n, h.sent.filter((s) => s === n).length / calls]));
}

describe('priorities', () => {
  test('a healthy primary serves everything, and says nothing of a failure', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    expect(await share(h, 50)).toEqual(new Map([[0, 1]]));
    expect(await h.callThrough()).not.toHaveProperty('failure');
  });

  test('a level spills what 1.4 times its healthy share does not cover', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2, 1)]);
    await eject(h, 0);
    // Half of the primaries: 70 % stays.
    const shares = await share(h, 2_000);
    expect(shares.get(0)).toBeUndefined();
    expect(shares.get(1)).toBeCloseTo(0.7, 1);
    expect(shares.get(2)).toBeCloseTo(0.3, 1);
  });

  test('with all primaries down a backup serves, and the result says why', async () => {
    const h = harness([endpoint(0), endpoint(1, 1), endpoint(2, 2)]);
    await eject(h, 0);
    const result = await h.callThrough();
    expect(result).toMatchObject({
      ok: true,
      endpoint: { number: 1, priority: 1 },
      failure: { code: 'NO_HEALTHY_UPSTREAM', reason: 'circuit_open' },
    });
    expect(h.sent).toEqual([1]);
    expect(h.pool.health().state).toBe('DEGRADED');
    expect(h.pool.availability()).toBe('available');
  });

  test('everything down fails fast with the time to the soonest trial', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await eject(h, 0);
    await h.clock.advance(2_000);
    await eject(h, 1);
    expect(h.pool.availability()).toBe('down');
    const result = await h.callThrough();
    expect(h.sent).toEqual([]);
    expect(failureOf(result)).toMatchObject({ code: 'NO_HEALTHY_UPSTREAM', reason: 'circuit_open', retryable: true });
    expect(failureOf(result).retryAfterMs).toBeGreaterThan(1_900);
    expect(failureOf(result).retryAfterMs).toBeLessThanOrEqual(4_000);
    expect(result).toMatchObject({ retryAfterMs: failureOf(result).retryAfterMs });
  });
});

describe('trials', () => {
  test('after its term one query tries the primary; a mutation goes to the backup that is well', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await eject(h, 0);
    h.behaviours.delete(0);
    await h.clock.advance(6_000);
    await h.callThrough({ idempotent: false });
    expect(h.sent).toEqual([1]);
    for (let i = 0; i < 4; i++) expect(await h.callThrough()).toMatchObject({ endpoint: { number: 0 } });
    expect(h.pool.health().endpoints[0]?.breaker).toBe('CLOSED');
  });

  test('while the one trial is out, the others take the backup', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await eject(h, 0);
    await h.clock.advance(6_000);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    const trial = h.call();
    const others = await Promise.all(Array.from({ length: 20 }, () => h.callThrough()));
    expect(h.sent.filter((n) => n === 0)).toHaveLength(1);
    expect(others.every((r) => r.ok && r.endpoint.number === 1)).toBe(true);
    resolve('back');
    expect(await trial).toMatchObject({ ok: true, value: 'back' });
  });

  test('while the one trial of an only endpoint is out, the others fail fast', async () => {
    const h = harness([endpoint(0)]);
    await eject(h, 0);
    await h.clock.advance(6_000);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    const trial = h.call({ idempotent: false });
    expect(failureOf(await h.callThrough())).toMatchObject({ reason: 'circuit_open', retryAfterMs: 1_000 });
    expect(h.pool.availability()).toBe('down');
    resolve('back');
    expect((await trial).ok).toBe(true);
    expect(h.pool.availability()).toBe('available');
  });

  test('a trial whose caller leaves gives its turn to the next', async () => {
    const h = harness([endpoint(0)]);
    await eject(h, 0);
    await h.clock.advance(6_000);
    h.behaviours.set(0, () => new Promise(() => {}));
    const caller = new AbortController();
    const trial = h.call({ signal: caller.signal });
    caller.abort();
    expect(failureOf(await trial).reason).toBe('cancelled');
    h.behaviours.delete(0);
    expect((await h.callThrough()).ok).toBe(true);
  });

  test('no trial is made of a backup while the primary is well', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    await eject(h, 1);
    await h.clock.advance(30_000);
    expect(await share(h, 30)).toEqual(new Map([[0, 1]]));
  });
});

describe('panic', () => {
  /** Endpoints whose probes say no from the start, though calls would succeed. */
  async function doubted(count: number, down: (number: number) => boolean) {
    const h = harness(
      Array.from({ length: count }, (_, i) => endpoint(i)),
      {
        healthCheck: {
          probe: async ({ number }) => {
            if (down(number)) throw refused();
          },
        },
      },
    );
    await h.clock.advance(20_000);
    return h;
  }

  test('three endpoints, all down by their probes, are used all the same', async () => {
    const h = await doubted(3, () => true);
    expect(h.pool.availability()).toBe('available');
    expect([...(await share(h, 60)).keys()].sort()).toEqual([0, 1, 2]);
    await h.pool.close();
  });

  test('two are not', async () => {
    const h = await doubted(2, () => true);
    expect(h.pool.availability()).toBe('down');
    expect((await h.callThrough()).ok).toBe(false);
    expect(h.sent).toEqual([]);
    await h.pool.close();
  });

  test('one healthy of three is not left alone, two of three are', async () => {
    const one = await doubted(3, (n) => n > 0);
    expect([...(await share(one, 90)).keys()].sort()).toEqual([0, 1, 2]);
    await one.pool.close();
    const two = await doubted(3, (n) => n > 1);
    expect([...(await share(two, 90)).keys()].sort()).toEqual([0, 1]);
    await two.pool.close();
  });

  test('never overrules a breaker', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2)]);
    for (const number of [0, 1, 2]) await eject(h, number);
    expect(failureOf(await h.callThrough()).reason).toBe('circuit_open');
    expect(h.sent).toEqual([]);
  });
});

describe('Retry-After', () => {
  const slowDown = (ms: number) =>
    fails(() => failure({ code: 'UPSTREAM_OVERLOADED', status: 429, countsAgainstHealth: false, retryAfterMs: ms }));

  test('leaves the endpoint alone until then, and only it', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    h.behaviours.set(0, slowDown(7_000));
    await h.callThrough({ preferEndpoint: 0, retries: 0 });
    expect(h.pool.health().endpoints[0]).toMatchObject({ state: 'DEGRADED', breaker: 'CLOSED' });
    expect(await share(h, 20)).toEqual(new Map([[1, 1]]));
    h.behaviours.delete(0);
    await h.clock.advance(7_000);
    expect((await share(h, 60)).get(0)).toBeGreaterThan(0.2);
    expect(h.pool.health().state).toBe('HEALTHY');
  });

  test('of every endpoint fails fast as overloaded, with the time that is left', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(0, slowDown(7_000));
    expect(await h.callThrough()).toMatchObject({ ok: false, retryAfterMs: 7_000, attempts: [{ endpoint: 0 }] });
    await h.clock.advance(3_000);
    expect(h.pool.availability()).toBe('down');
    const result = await h.callThrough();
    expect(result).toMatchObject({ ok: false, attempts: [] });
    expect(failureOf(result).code).toBe('UPSTREAM_OVERLOADED');
    expect(failureOf(result).retryAfterMs).toBeLessThanOrEqual(4_000);
    expect(failureOf(result).retryAfterMs).toBeGreaterThan(3_900);
  });
});

describe('preference', () => {
  test('is followed while the endpoint is well, even a backup, and not after it failed in this call', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2, 1)]);
    for (let i = 0; i < 20; i++) await h.callThrough({ preferEndpoint: 2 });
    expect(new Set(h.sent)).toEqual(new Set([2]));
    expect(await h.callThrough({ preferEndpoint: 2 })).toMatchObject({
      failure: { reason: 'destination_unavailable' },
    });
    h.sent.length = 0;
    h.behaviours.set(1, fails());
    await h.callThrough({ preferEndpoint: 1 });
    expect(h.sent).toEqual([1, 0]);
    await eject(h, 1);
    await h.callThrough({ preferEndpoint: 1 });
    expect(h.sent).toEqual([0]);
  });
});

test('an endpoint that its probes bring back starts slowly too', async () => {
  let ok = true;
  const h = harness([endpoint(0), endpoint(1)], {
    healthCheck: {
      probe: async ({ number }) => {
        if (number === 0 && !ok) throw refused();
      },
    },
  });
  await h.clock.advance(10_000);
  ok = false;
  await h.clock.advance(20_000);
  ok = true;
  while (h.pool.health().endpoints[0]?.state === 'DOWN') await h.clock.advance(100);
  expect((await share(h, 300)).get(0)).toBeLessThan(0.2);
  await h.pool.close();
});

test('a recovered endpoint gets a tenth of its share at first, all of it after 30 s', async () => {
  const h = harness([endpoint(0), endpoint(1)]);
  await share(h, 20);
  await eject(h, 0);
  h.behaviours.delete(0);
  h.pool.resetBreaker(0);
  const early = (await share(h, 400)).get(0) ?? 0;
  expect(early).toBeGreaterThan(0.04);
  expect(early).toBeLessThan(0.18);
  await h.clock.advance(30_000);
  expect((await share(h, 400)).get(0)).toBeCloseTo(0.5, 1);
});
