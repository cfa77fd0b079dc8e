import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConcurrencyGate } from '../../../src/upstream/pool/concurrency-gate.ts';
import { fixedLimit, GradientLimit } from '../../../src/upstream/pool/gradient-limit.ts';
import { POOL_NUMBERS } from '../../../src/upstream/pool/numbers.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { endpoint, fails, failure, failureOf, harness } from './harness.ts';

const numbers = POOL_NUMBERS.concurrency;

describe('a fixed cap', () => {
  /** Three calls hold the three places. */
  function full() {
    const h = harness([endpoint(0)], { maxConcurrency: 3 });
    const answers: (() => void)[] = [];
    h.behaviours.set(0, () => new Promise((resolve) => answers.push(() => resolve('done'))));
    const holders = [h.call(), h.call(), h.call()];
    return { ...h, answers, holders };
  }

  test('holds, and the next wait in line', async () => {
    const { call, clock, sent, answers } = full();
    const next = call();
    await clock.advance(50);
    expect(sent).toHaveLength(3);
    answers[0]?.();
    await clock.advance(0);
    expect(sent).toHaveLength(4);
    answers[3]?.();
    expect((await next).ok).toBe(true);
  });

  test('sheds who waited 100 ms, with a time to come back', async () => {
    const { call, clock, sent } = full();
    const next = call();
    await clock.advance(99);
    expect(clock.pending).toBe(4);
    await clock.advance(1);
    expect(await next).toMatchObject({
      ok: false,
      attempts: [],
      retryAfterMs: 100,
      failure: { code: 'UPSTREAM_OVERLOADED', reason: 'connection_limit_reached', countsAgainstHealth: false },
    });
    expect(sent).toHaveLength(3);
  });

  test('sheds at once when as many wait as may be in flight', async () => {
    const { call, clock } = full();
    const waiting = [call(), call(), call()];
    expect(failureOf(await call()).code).toBe('UPSTREAM_OVERLOADED');
    await clock.advance(100);
    for (const result of await Promise.all(waiting)) expect(failureOf(result).code).toBe('UPSTREAM_OVERLOADED');
  });

  test('under lasting overload waits are cut to 10 ms', async () => {
    const { call, clock } = full();
    const endings: number[] = [];
    const start = clock.now();
    for (let i = 0; i < 40; i++) {
      const began = clock.now();
      void call().then(() => endings.push(clock.now() - began));
      await clock.advance(10);
    }
    // The queue was never empty; from 100 ms on nobody waits longer than 10 ms.
    expect(clock.now() - start).toBe(400);
    expect(Math.max(...endings)).toBeLessThanOrEqual(100);
    expect(Math.max(...endings.slice(-20))).toBeLessThanOrEqual(10);
  });

  test('a place that is free for a moment does not make waits long again', async () => {
    const { call, clock, answers } = full();
    const waits: number[] = [];
    const ask = (): void => {
      const began = clock.now();
      void call().then((result) => {
        if (!result.ok) waits.push(clock.now() - began);
      });
    };
    for (let i = 0; i < 60; i++) {
      ask();
      await clock.advance(5);
      // A fifth of the demand is served, so the queue is empty now and then.
      if (i % 5 === 4) answers[Math.floor(i / 5)]?.();
      await clock.advance(0);
    }
    expect(waits.length).toBeGreaterThan(30);
    expect(Math.max(...waits.slice(20))).toBeLessThanOrEqual(10);
  });

  test('waits are long again when for 100 ms nobody waited in vain', async () => {
    const { call, clock, answers } = full();
    const shed = call();
    await clock.advance(100);
    expect(failureOf(await shed).code).toBe('UPSTREAM_OVERLOADED');
    await clock.advance(101);
    const patient = call();
    await clock.advance(90);
    answers[0]?.();
    await clock.advance(0);
    answers[3]?.();
    expect((await patient).ok).toBe(true);
  });

  test('who leaves the queue frees it; who waits with little time left is not kept longer than that', async () => {
    const { call, clock } = full();
    const caller = new AbortController();
    const leaving = call({ signal: caller.signal });
    const hurried = call({ deadline: clock.now() + 40 });
    await clock.advance(10);
    caller.abort();
    expect(failureOf(await leaving).reason).toBe('cancelled');
    await clock.advance(20);
    expect(failureOf(await hurried).code).toBe('UPSTREAM_OVERLOADED');
    expect(clock.pending).toBe(3);
  });

  test('can be changed while calls wait', async () => {
    const { call, clock, pool, sent } = full();
    const next = [call(), call()];
    pool.reconfigure({ maxConcurrency: 4 });
    await clock.advance(0);
    expect(sent).toHaveLength(4);
    pool.reconfigure({});
    await clock.advance(0);
    expect(sent).toHaveLength(5);
    await pool.close();
    await Promise.all(next);
    expect(clock.pending).toBe(0);
  });

  test('a place that comes when the source has just been paused is given back', async () => {
    const { call, clock, pool, sent, answers } = full();
    const next = call();
    await clock.advance(10);
    pool.setPaused(true);
    answers[0]?.();
    expect(failureOf(await next).reason).toBe('source_paused');
    pool.setPaused(false);
    void call();
    await clock.advance(0);
    expect(sent).toHaveLength(4);
  });

  test('nobody queues for a source that is down', async () => {
    const { call, clock, pool } = full();
    pool.isolate(0, true);
    expect(failureOf(await call()).code).toBe('NO_HEALTHY_UPSTREAM');
    expect(clock.pending).toBe(3);
  });

  test.each([0, -1, 1.5, Number.NaN])('of %p is refused', (maxConcurrency) => {
    expect(() => harness([endpoint(0)], { maxConcurrency })).toThrow(/whole number from 1/);
  });
});

describe('levels', () => {
  const stuck = () => new Promise(() => {});

  test('each has a limit of its own: calls stuck at a silent primary leave room for the backup', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    h.behaviours.set(0, stuck);
    const calls = Array.from({ length: 25 }, () => h.call());
    await h.clock.advance(10);
    expect(h.sent.filter((n) => n === 0)).toHaveLength(20);
    expect(await calls[24]).toMatchObject({
      ok: true,
      value: 1,
      failure: { code: 'UPSTREAM_OVERLOADED', reason: 'connection_limit_reached' },
    });
    await h.pool.close();
    await Promise.all(calls);
    expect(h.clock.pending).toBe(0);
  });

  test('a fixed cap is one for all of them', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)], { maxConcurrency: 2 });
    h.behaviours.set(0, stuck);
    const calls = Array.from({ length: 3 }, () => h.call());
    await h.clock.advance(100);
    expect(h.sent).toEqual([0, 0]);
    expect(failureOf((await calls[2]) ?? { ok: true, value: 0, endpoint: endpoint(0), attempts: [] }).code).toBe(
      'UPSTREAM_OVERLOADED',
    );
    await h.pool.close();
  });

  test('with all of them full, the call waits for the best', async () => {
    const h = harness([endpoint(0), endpoint(1, 1)]);
    const answers: (() => void)[] = [];
    h.behaviours.set(0, () => new Promise((resolve) => answers.push(() => resolve('primary'))));
    h.behaviours.set(1, stuck);
    const calls = Array.from({ length: 41 }, () => h.call());
    await h.clock.advance(20);
    answers[0]?.();
    await h.clock.advance(0);
    answers[20]?.();
    expect(await calls[40]).toMatchObject({ ok: true, value: 'primary' });
    await h.pool.close();
    expect(h.clock.pending).toBe(0);
  });
});

test('the gate never lets in more than its limit, keeps the order, and settles everybody, over random events', async () => {
  const event = fc.constantFrom('enter', 'enter', 'enter', 'leave', 'leave', 'cancel', 'time');
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 4 }),
      async (events, limit) => {
        const clock = new FakeClock();
        const gate = new ConcurrencyGate(fixedLimit(limit), clock, numbers);
        const order: number[] = [];
        const waits: { id: number; cancel(): void; result?: boolean }[] = [];
        let inside = 0;
        for (const [id, happens] of events.entries()) {
          if (happens === 'enter') {
            if (gate.tryEnter()) inside++;
            else {
              const full = gate.waiting >= limit;
              const wait = gate.wait(1_000);
              expect(wait === undefined).toBe(full);
              if (wait === undefined) continue;
              const entry: { id: number; cancel(): void; result?: boolean } = { id, cancel: wait.cancel };
              waits.push(entry);
              void wait.entered.then((entered) => {
                entry.result = entered;
                if (!entered) return;
                inside++;
                order.push(id);
              });
            }
          } else if (happens === 'leave' && inside > 0) {
            inside--;
            gate.leave();
          } else if (happens === 'cancel') waits.at(-1)?.cancel();
          else if (happens === 'time') await clock.advance(60);
          await Promise.resolve();
          await Promise.resolve();
          expect(gate.inFlight).toBe(inside);
          expect(inside).toBeLessThanOrEqual(limit);
          expect(gate.waiting).toBeLessThanOrEqual(limit);
          if (gate.waiting > 0) expect(inside).toBe(limit);
        }
        await clock.advance(1_000);
        expect(waits.every((w) => w.result !== undefined)).toBe(true);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(clock.pending).toBe(0);
      },
    ),
    { seed: 9, numRuns: 150 },
  );
});

describe('the gradient limit', () => {
  /** An upstream that serves `capacity` calls at once in `baseMs`, and makes the others wait. */
  function drive(
    limit: GradientLimit,
    seconds: number,
    demand: number,
    baseMs: number,
    capacity: number,
    from = 0,
  ): void {
    for (let ms = from; ms < from + seconds * 1_000; ms += 25) {
      const inFlight = Math.min(demand, Math.floor(limit.current));
      const latency = baseMs * Math.max(1, inFlight / capacity);
      for (let i = 0; i < 3; i++) limit.sample(latency, inFlight, ms);
    }
  }

  test('starts at 20 and stays when it is not in use', () => {
    const limit = new GradientLimit(numbers, 0);
    drive(limit, 60, 5, 20, 100);
    expect(limit.current).toBe(20);
  });

  test('grows to what is asked for while latency holds, 200 at most, within 10 s', () => {
    const limit = new GradientLimit(numbers, 0);
    drive(limit, 10, 1_000, 500, 1_000);
    expect(limit.current).toBe(200);
  });

  test('settles near the capacity under five times the demand it can carry', () => {
    const limit = new GradientLimit(numbers, 0);
    drive(limit, 10, 10, 20, 40);
    drive(limit, 60, 200, 20, 40, 10_000);
    expect(limit.current).toBeGreaterThan(40);
    expect(limit.current).toBeLessThan(100);
  });

  test('shrinks when answers slow down, 4 at least, and grows again after', () => {
    const limit = new GradientLimit(numbers, 0);
    drive(limit, 10, 200, 20, 1_000);
    drive(limit, 20, 200, 20, 1, 10_000);
    expect(limit.current).toBeLessThan(20);
    expect(limit.current).toBeGreaterThanOrEqual(4);
    drive(limit, 20, 200, 20, 1_000, 30_000);
    expect(limit.current).toBe(200);
  });

  test('noise among answers of a millisecond is no overload', () => {
    const limit = new GradientLimit(numbers, 0);
    for (let ms = 0; ms < 10_000; ms += 25) for (let i = 0; i < 3; i++) limit.sample(ms < 5_000 ? 0.2 : 1.9, 200, ms);
    expect(limit.current).toBe(200);
  });

  test('steps back a tenth when the upstream asks for less, once for a burst', () => {
    const limit = new GradientLimit(numbers, 0);
    for (let i = 0; i < 50; i++) limit.overloaded(1_000);
    expect(limit.current).toBeCloseTo(18, 9);
    limit.overloaded(1_250);
    expect(limit.current).toBeCloseTo(16.2, 9);
  });

  test('steps back at once when connections cannot be opened', () => {
    const limit = new GradientLimit(numbers, 0);
    limit.unreachable(1_000);
    limit.unreachable(1_010);
    expect(limit.current).toBeCloseTo(14);
  });

  test('stays within its bounds over random samples', () => {
    const sample = fc.tuple(fc.double({ min: 0, max: 60_000, noNaN: true }), fc.nat(300), fc.nat(500), fc.boolean());
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 400, size: 'max' }), (samples) => {
        const limit = new GradientLimit(numbers, 0);
        let now = 0;
        for (const [ms, inFlight, step, overloaded] of samples) {
          now += step;
          limit.sample(ms, inFlight, now);
          if (overloaded) limit.overloaded(now);
          expect(limit.current).toBeGreaterThanOrEqual(4);
          expect(limit.current).toBeLessThanOrEqual(200);
        }
      }),
      { seed: 10 },
    );
  });

  test('of a source shrinks when the source asks for less', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(
      0,
      fails(() => failure({ code: 'UPSTREAM_OVERLOADED', status: 429, countsAgainstHealth: false })),
    );
    for (let i = 0; i < 10; i++) {
      await h.callThrough({ retries: 0 });
      await h.clock.advance(250);
    }
    h.behaviours.set(0, () => new Promise(() => {}));
    h.sent.length = 0;
    const calls = Array.from({ length: 30 }, () => h.call());
    // 20 x 0.9^10 is 6.97.
    expect(h.sent).toHaveLength(6);
    await h.pool.close();
    await Promise.all(calls);
  });

  test('lets no more than 20 calls wait for a connection that cannot be opened', async () => {
    const h = harness([endpoint(0)]);
    const timeout = { code: 'UPSTREAM_TIMEOUT', reason: 'connection_timeout', neverLeft: true } as const;
    h.behaviours.set(0, async () => {
      await new Promise((resolve) => h.clock.setTimer(() => resolve(undefined), 1_000));
      throw failure(timeout);
    });
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 400; i++) {
      calls.push(h.call({ retries: 0 }));
      await h.clock.advance(5);
    }
    await h.clock.advance(1_000);
    await Promise.all(calls);
    expect(h.sent).toHaveLength(20);
  });

  test('begins at 20 again when the source comes back from an outage', async () => {
    const h = harness([endpoint(0)]);
    const answers: (() => void)[] = [];
    const slow = () => new Promise((resolve) => answers.push(() => resolve('ok')));
    h.behaviours.set(0, slow);
    for (let round = 0; round < 40; round++) {
      const calls = Array.from({ length: 300 }, () => h.call());
      await h.clock.advance(110);
      for (const answer of answers.splice(0)) answer();
      await h.clock.advance(200);
      await Promise.all(calls);
    }
    h.sent.length = 0;
    void Promise.all(Array.from({ length: 300 }, () => h.call()));
    expect(h.sent.length).toBeGreaterThan(50);
    for (const answer of answers.splice(0)) answer();
    await h.clock.advance(500);
    for (const answer of answers.splice(0)) answer();
    h.behaviours.set(
      0,
      fails(() => failure()),
    );
    await h.clock.advance(0);
    while (h.pool.availability() === 'available') await h.callThrough({ retries: 0 });
    await h.clock.advance(7_000);
    h.behaviours.delete(0);
    for (let i = 0; i < 3; i++) await h.callThrough();
    expect(h.pool.health().state).toBe('HEALTHY');
    h.behaviours.set(0, slow);
    h.sent.length = 0;
    void Promise.all(Array.from({ length: 300 }, () => h.call()));
    expect(h.sent.length).toBe(20);
    await h.pool.close();
    expect(h.clock.pending).toBe(0);
  });
});
