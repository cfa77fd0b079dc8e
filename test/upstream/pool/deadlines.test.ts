import { describe, expect, test } from '@jest/globals';
import type { AttemptContext } from '../../../src/upstream/index.ts';
import { endpoint, fails, failure, failureOf, hangs, harness } from './harness.ts';

describe('an attempt', () => {
  test('is told its number, its time and what is left of the call', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    const seen: AttemptContext[] = [];
    for (const number of [0, 1]) {
      h.behaviours.set(number, (context) => {
        seen.push(context);
        throw failure();
      });
    }
    const start = h.clock.now();
    await h.callThrough({ deadline: start + 2_000, attemptTimeoutMs: 3_000, retries: 1 });
    expect(seen[0]).toMatchObject({ attempt: 1, timeoutMs: 2_000, remainingMs: 2_000 });
    expect(seen[1]?.attempt).toBe(2);
    expect(seen[1]?.remainingMs).toBeLessThanOrEqual(2_000);
    expect(seen[1]?.timeoutMs).toBe(seen[1]?.remainingMs);
  });

  test('ends at its own timeout as UPSTREAM_TIMEOUT, aborted, also when its code does not listen', async () => {
    const h = harness([endpoint(0)]);
    let signal: AbortSignal | undefined;
    h.behaviours.set(0, (context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    const call = h.call({ attemptTimeoutMs: 3_000, retries: 0 });
    await h.clock.advance(2_999);
    expect(signal?.aborted).toBe(false);
    await h.clock.advance(1);
    expect(failureOf(await call)).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      reason: 'http_response_timeout',
      countsAgainstHealth: true,
    });
    expect(signal?.aborted).toBe(true);
    expect(h.clock.pending).toBe(0);
  });

  test('cut by the deadline is DEADLINE_EXCEEDED, and speaks against the endpoint only after a fair time', async () => {
    for (const [leftMs, counts] of [
      [300, false],
      [1_500, true],
    ] as const) {
      const h = harness([endpoint(0)]);
      h.behaviours.set(0, hangs);
      for (let i = 0; i < 5; i++) {
        const call = h.call({ deadline: h.clock.now() + leftMs });
        await h.clock.advance(leftMs);
        expect(failureOf(await call)).toMatchObject({ code: 'DEADLINE_EXCEEDED', countsAgainstHealth: counts });
      }
      expect(h.pool.health().endpoints[0]?.breaker).toBe(counts ? 'OPEN' : 'CLOSED');
      expect(h.clock.pending).toBe(0);
    }
  });

  test('that heeds its signal may say where it was stuck; a mutation stuck before it left goes elsewhere', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    h.behaviours.set(
      0,
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () =>
            reject(failure({ code: 'UPSTREAM_TIMEOUT', reason: 'connection_timeout', neverLeft: true })),
          );
        }),
    );
    const cut = h.call({ deadline: h.clock.now() + 300, preferEndpoint: 0 });
    await h.clock.advance(300);
    expect(failureOf(await cut)).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      reason: 'connection_timeout',
      neverLeft: true,
      countsAgainstHealth: false,
    });
    const mutation = await h.callThrough({ idempotent: false, attemptTimeoutMs: 500, preferEndpoint: 0 });
    expect(mutation).toMatchObject({ ok: true, value: 1 });
    expect(mutation.attempts[0]).toMatchObject({ durationMs: 500, failure: { reason: 'connection_timeout' } });
    expect(h.clock.pending).toBe(0);
  });

  test('that throws anything else because it was aborted at its timeout has timed out', async () => {
    const h = harness([endpoint(0)]);
    h.behaviours.set(
      0,
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const call = h.call({ attemptTimeoutMs: 500, retries: 0 });
    await h.clock.advance(500);
    expect(failureOf(await call)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'http_response_timeout' });
  });

  test('that answers after it was given up changes nothing', async () => {
    const h = harness([endpoint(0)]);
    const { promise, resolve } = Promise.withResolvers<string>();
    h.behaviours.set(0, () => promise);
    const call = h.call({ attemptTimeoutMs: 100, retries: 0 });
    await h.clock.advance(100);
    const result = await call;
    resolve('too late');
    await h.clock.advance(0);
    expect(result.ok).toBe(false);
    expect(h.pool.health().endpoints[0]?.latencyP50Ms).toBeUndefined();
    expect(h.events.filter((e) => e.type === 'attempt')).toHaveLength(1);
  });
});

describe('the deadline', () => {
  test('too near to start anything: no attempt', async () => {
    for (const leftMs of [-1, 0, 9]) {
      const h = harness([endpoint(0)]);
      const result = await h.callThrough({ deadline: h.clock.now() + leftMs });
      expect(failureOf(result)).toMatchObject({ code: 'DEADLINE_EXCEEDED', countsAgainstHealth: false });
      expect(h.sent).toEqual([]);
    }
  });

  test('leaves no room for the retry: the failure of the attempt is the answer, at once', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    h.behaviours.set(0, async () => {
      await new Promise<void>((resolve) => h.clock.setTimer(resolve, 95));
      throw failure({ status: 503 });
    });
    const call = h.call({ deadline: h.clock.now() + 100, preferEndpoint: 0 });
    await h.clock.advance(95);
    expect(failureOf(await call).status).toBe(503);
    expect(h.sent).toEqual([0]);
    expect(h.clock.pending).toBe(0);
  });

  test('a silent source ends every call by the deadline, whatever the retries', async () => {
    const h = harness([endpoint(0), endpoint(1), endpoint(2, 1)]);
    for (const number of [0, 1, 2]) h.behaviours.set(number, hangs);
    const start = h.clock.now();
    let endedAt = 0;
    const call = h.call({ deadline: start + 5_000, attemptTimeoutMs: 2_000, retries: 10 }).then((result) => {
      endedAt = h.clock.now();
      return result;
    });
    await h.clock.advance(60_000);
    expect(failureOf(await call).code).toBe('DEADLINE_EXCEEDED');
    expect(endedAt - start).toBeLessThanOrEqual(5_000);
    expect(h.clock.pending).toBe(0);
  });
});

describe('the caller', () => {
  test('who left before the call makes no attempt', async () => {
    const h = harness([endpoint(0)]);
    const result = await h.callThrough({ signal: AbortSignal.abort() });
    expect(failureOf(result).reason).toBe('cancelled');
    expect(h.sent).toEqual([]);
  });

  test('who leaves ends the attempt at once; that is nobody’s fault', async () => {
    const h = harness([endpoint(0)]);
    for (let i = 0; i < 10; i++) {
      let aborted = false;
      h.behaviours.set(0, ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise(() => {});
      });
      const caller = new AbortController();
      const call = h.call({ signal: caller.signal });
      await h.clock.advance(500);
      caller.abort();
      expect(failureOf(await call)).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false });
      expect(aborted).toBe(true);
    }
    expect(h.sent).toHaveLength(10);
    expect(h.pool.health().endpoints[0]).toMatchObject({ breaker: 'CLOSED', lastError: undefined });
  });

  test('is not listened to after the call has ended', async () => {
    const h = harness([endpoint(0), endpoint(1)]);
    const caller = new AbortController();
    const listeners = new Set<unknown>();
    const signal = Object.create(caller.signal, {
      aborted: { get: () => caller.signal.aborted },
      addEventListener: { value: (_type: string, listener: unknown) => listeners.add(listener) },
      removeEventListener: { value: (_type: string, listener: unknown) => listeners.delete(listener) },
    }) as AbortSignal;
    const call = h.call({ signal });
    expect(listeners.size).toBe(1);
    await call;
    expect(listeners.size).toBe(0);
    h.behaviours.set(0, fails());
    h.behaviours.set(1, fails());
    await h.callThrough({ signal });
    expect(listeners.size).toBe(0);
  });
});
