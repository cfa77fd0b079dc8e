import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { POOL_NUMBERS } from '../../../src/upstream/pool/numbers.ts';
import { RetryBudget } from '../../../src/upstream/pool/retry-budget.ts';
import { backoffMs } from '../../../src/upstream/pool/retry-rules.ts';
import { endpoint, fails, failure, failureOf, hangs, harness, refused } from './harness.ts';

describe('what is tried again', () => {
  test('a query, at another endpoint of the level first, then at a backup, then where it was', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2, 1)]);
    for (const number of [0, 1, 2]) h.behaviours.set(number, fails());
    const result = await h.callThrough({ retries: 3 });
    expect(h.sent.slice(0, 2).sort()).toEqual([0, 1]);
    expect(h.sent[2]).toBe(2);
    expect(h.sent).toHaveLength(4);
    expect(result).toMatchObject({ ok: false, failure: { code: 'UPSTREAM_ERROR' } });
    expect(result.attempts.map((a) => a.endpoint)).toEqual(h.sent);
  });

  test('only where it has not been, and at once, when the caller says so', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    for (const number of [0, 1]) h.behaviours.set(number, fails());
    const began = h.clock.now();
    const result = h.call({ onlyElsewhere: true });
    await h.clock.advance(0);
    expect((await result).ok).toBe(false);
    expect(h.sent).toEqual([0, 1]);
    expect(h.clock.now()).toBe(began);
  });

  test('moves from a primary that is well to a backup in the same call, and says why', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    const first = failure();
    h.behaviours.set(
      0,
      fails(() => first),
    );
    expect(await h.callThrough()).toMatchObject({ ok: true, value: 1, endpoint: { priority: 1 }, failure: first });
  });

  test.each([
    ['a mutation that may have arrived', { idempotent: false }, failure(), 1],
    ['a mutation that never left', { idempotent: false }, refused(), 3],
    [
      'a mutation that never left and may not be repeated',
      { idempotent: false },
      failure({ neverLeft: true, retryable: false }),
      1,
    ],
    [
      'a failure that will not pass',
      {},
      failure({ code: 'UPSTREAM_REJECTED', retryable: false, countsAgainstHealth: false }),
      1,
    ],
    ['a query without retries', { retries: 0 }, failure(), 1],
    ['a query with two', { retries: 2 }, failure(), 3],
  ])('%s: %j', async (_name, call, thrown, attempts) => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2)]);
    for (const number of [0, 1, 2])
      h.behaviours.set(
        number,
        fails(() => thrown),
      );
    expect(failureOf(await h.callThrough(call))).toBe(thrown);
    expect(h.sent).toHaveLength(attempts);
  });

  test.each([true, false])(
    'a failed handshake goes elsewhere, never to the same endpoint: idempotent %p',
    async (idempotent) => {
      const broken = failure({
        code: 'NO_HEALTHY_UPSTREAM',
        reason: 'tls_certificate_error',
        neverLeft: true,
        retryable: false,
      });
      const h = harness([endpoint(0), endpoint(1, 1)]);
      h.behaviours.set(
        0,
        fails(() => broken),
      );
      expect(await h.callThrough({ idempotent })).toMatchObject({ ok: true, value: 1, failure: broken });
      h.behaviours.set(
        1,
        fails(() => broken),
      );
      h.sent.length = 0;
      expect(failureOf(await h.callThrough({ idempotent }))).toBe(broken);
      expect(h.sent).toEqual([0, 1]);
    },
  );

  test('nothing that no endpoint would take: the breaker that opens ends the call', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(0, fails());
    const result = await h.callThrough({ retries: 100, deadline: h.clock.now() + 60_000 });
    expect(h.sent.length).toBeLessThanOrEqual(5);
    expect(failureOf(result).code).toBe('UPSTREAM_ERROR');
  });

  test('what throws something else is a mistake of ours: not repeated, not held against the endpoint', async () => {
    for (const thrown of [new TypeError('x is undefined'), 'text', undefined]) {
      const h = harness([endpoint(0), endpoint(1)]);
      h.behaviours.set(
        0,
        fails(() => thrown),
      );
      for (let i = 0; i < 10; i++) {
        const result = await h.callThrough({ preferEndpoint: 0 });
        expect(failureOf(result)).toMatchObject({
          code: 'UPSTREAM_INVALID_RESPONSE',
          reason: 'proxy_internal_error',
          retryable: false,
          cause: thrown,
        });
      }
      expect(h.sent).toHaveLength(10);
      expect(h.pool.health().endpoints[0]?.breaker).toBe('CLOSED');
    }
  });

  test('an attempt that throws before it returns a promise is no different', async () => {
    const h = harness([endpoint(0)]);
    const attempt = (): Promise<never> => {
      throw new TypeError('at once');
    };
    expect(failureOf(await h.callThrough({ attempt })).reason).toBe('proxy_internal_error');
    expect(h.clock.pending).toBe(0);
  });
});

describe('the wait', () => {
  test('is uniform in [0, 25), [0, 75), [0, 175), [0, 250) ms', () => {
    const numbers = POOL_NUMBERS.retry;
    expect([1, 2, 3, 4, 5].map((retry) => backoffMs(retry, 1, numbers))).toEqual([25, 75, 175, 250, 250]);
    expect([1, 2, 3].map((retry) => backoffMs(retry, 0, numbers))).toEqual([0, 0, 0]);
  });

  test('ends at once when the caller leaves, with no timer left', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    h.behaviours.set(0, fails());
    h.behaviours.set(1, fails());
    const caller = new AbortController();
    const call = h.call({ signal: caller.signal });
    await h.clock.advance(0);
    expect(h.clock.pending).toBe(1);
    caller.abort();
    expect(failureOf(await call).reason).toBe('cancelled');
    expect(h.clock.pending).toBe(0);
  });
});

describe('the budget', () => {
  test('gives 3 a second at first, 0.2 for each call after that, 100 at most', () => {
    const budget = new RetryBudget(POOL_NUMBERS.retry, 0);
    const drain = (now: number): number => {
      let taken = 0;
      while (budget.withdraw(now)) taken++;
      return taken;
    };
    expect(drain(0)).toBe(3);
    expect(drain(500)).toBe(1);
    for (let i = 0; i < 50; i++) budget.deposit();
    expect(drain(500)).toBe(10);
    expect(drain(60_000)).toBe(3);
    for (let i = 0; i < 5_000; i++) budget.deposit();
    expect(budget.tokens).toBe(100);
  });

  test('never gives more than 0.2 a call and 3 a second, over random calls', () => {
    const step = fc.oneof(fc.constant('call'), fc.constant('retry'), fc.integer({ min: 1, max: 2_000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const budget = new RetryBudget(POOL_NUMBERS.retry, 0);
        let [now, calls, retries] = [0, 0, 0];
        for (const happens of steps) {
          if (typeof happens === 'number') now += happens;
          else if (happens === 'call') {
            calls++;
            budget.deposit();
          } else if (budget.withdraw(now)) retries++;
          expect(retries).toBeLessThanOrEqual(0.2 * calls + 3 + (3 * now) / 1_000 + 1e-6);
        }
      }),
      { seed: 8 },
    );
  });

  test('is shared by the calls of a source: a failing source gets at most 1.2 attempts a call and 3 a second', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2)], {
      numbers: { breaker: { failuresInRow: 1e9, rateMinCalls: 1e9, successMinCalls: 1e9 } },
    });
    for (const number of [0, 1, 2]) h.behaviours.set(number, fails());
    const start = h.clock.now();
    for (let i = 0; i < 200; i++) {
      await h.callThrough();
      await h.clock.advance(5);
    }
    const seconds = (h.clock.now() - start) / 1_000;
    expect(h.sent.length).toBeLessThanOrEqual(200 * 1.2 + 3 * (seconds + 1));
    expect(h.sent.length).toBeGreaterThan(200 * 1.15);
  });
});

describe('hedging', () => {
  test('starts a second attempt elsewhere after the wait, takes the first answer and aborts the other', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    let slow: AbortSignal | undefined;
    h.behaviours.set(0, ({ signal }) => {
      slow = signal;
      return new Promise(() => {});
    });
    const call = h.call({ hedgeAfterMs: 200, preferEndpoint: 0 });
    await h.clock.advance(199);
    expect(h.sent).toEqual([0]);
    await h.clock.advance(1);
    expect(await call).toMatchObject({ ok: true, value: 1 });
    expect(slow?.aborted).toBe(true);
    const result = await call;
    expect(result.attempts.map((a) => [a.endpoint, a.failure?.reason])).toEqual([
      [1, undefined],
      [0, 'cancelled'],
    ]);
    expect(h.pool.health().endpoints[0]?.lastError).toBeUndefined();
    expect(h.clock.pending).toBe(0);
  });

  test('the first may still win', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    h.behaviours.set(1, hangs);
    const call = h.call({ hedgeAfterMs: 200, preferEndpoint: 0 });
    await h.clock.advance(300);
    resolve('late, but first');
    expect(await call).toMatchObject({ ok: true, value: 'late, but first', endpoint: { number: 0 } });
    expect(h.clock.pending).toBe(0);
  });

  test('a failure of one waits for the other; a refusal by one is final', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    h.behaviours.set(1, fails());
    const call = h.call({ hedgeAfterMs: 200, preferEndpoint: 0 });
    await h.clock.advance(300);
    resolve('good');
    expect(await call).toMatchObject({ ok: true, value: 'good' });
    h.behaviours.set(0, hangs);
    h.behaviours.set(
      1,
      fails(() => failure({ code: 'UPSTREAM_REJECTED', status: 404, retryable: false, countsAgainstHealth: false })),
    );
    const second = h.call({ hedgeAfterMs: 200, preferEndpoint: 0 });
    await h.clock.advance(300);
    expect(failureOf(await second).status).toBe(404);
    expect(h.clock.pending).toBe(0);
  });

  test('never of a mutation, and never without tokens', async () => {
    const h = harness([endpoint(0), endpoint(1)], { numbers: { retry: { floorPerSecond: 1 } } });
    h.behaviours.set(0, hangs);
    h.behaviours.set(1, hangs);
    const mutation = h.call({ hedgeAfterMs: 200, idempotent: false, attemptTimeoutMs: 1_000 });
    await h.clock.advance(1_000);
    await mutation;
    expect(h.sent).toHaveLength(1);
    const hedged = [1, 2, 3].map(() => h.call({ hedgeAfterMs: 200, retries: 0, attemptTimeoutMs: 1_000 }));
    await h.clock.advance(300);
    // Three calls and the one hedge that the floor allows.
    expect(h.sent).toHaveLength(1 + 3 + 1);
    await h.clock.advance(2_000);
    await Promise.all(hedged);
    expect(h.clock.pending).toBe(0);
  });

  test('never as the one trial of an ejected endpoint', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(0, fails());
    while (h.pool.availability() === 'available') await h.callThrough({ retries: 0 });
    await h.clock.advance(7_000);
    h.behaviours.delete(0);
    await h.callThrough();
    expect(h.pool.health().endpoints[0]?.breaker).toBe('HALF_OPEN');
    h.behaviours.set(0, hangs);
    h.sent.length = 0;
    // The trial is out; its hedge finds an endpoint that wants no second call.
    const call = h.call({ hedgeAfterMs: 200, attemptTimeoutMs: 1_000, retries: 0 });
    await h.clock.advance(500);
    expect(h.sent).toEqual([0]);
    // The same, when another endpoint has come to the end of its term meanwhile.
    await h.clock.advance(60_000);
    await call;
    const two = harness([endpoint(0), endpoint(1)]);
    two.behaviours.set(1, fails());
    while (two.pool.health().endpoints[1]?.breaker === 'CLOSED') {
      await two.callThrough({ preferEndpoint: 1, retries: 0 });
    }
    two.behaviours.set(0, hangs);
    two.sent.length = 0;
    const first = two.call({ hedgeAfterMs: 8_000, attemptTimeoutMs: 9_000, retries: 0 });
    // The first endpoint is taken out while its attempt is still going on: only the ejected one is left.
    two.pool.isolate(0, true);
    await two.clock.advance(8_500);
    expect(two.sent).toEqual([0]);
    await two.clock.advance(2_000);
    await first;
  });

  test('both are aborted when the caller leaves', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    const signals: AbortSignal[] = [];
    for (const number of [0, 1]) {
      h.behaviours.set(number, ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      });
    }
    const caller = new AbortController();
    const call = h.call({ hedgeAfterMs: 200, signal: caller.signal });
    await h.clock.advance(250);
    caller.abort();
    expect(failureOf(await call).reason).toBe('cancelled');
    expect(signals.map((s) => s.aborted)).toEqual([true, true]);
    expect(h.clock.pending).toBe(0);
  });
});
