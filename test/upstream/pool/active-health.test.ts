import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HealthVerdict, nextVerdict, UNPROBED } from '../../../src/upstream/pool/health-verdict.ts';
import { POOL_NUMBERS } from '../../../src/upstream/pool/numbers.ts';
import { endpoint, fails, failureOf, harness, refused } from './harness.ts';

const numbers = POOL_NUMBERS.activeHealth;

test('the verdict is down after 3 failures in a row and up after 2 successes in a row, over random probes', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60, size: 'max' }), (probes) => {
      let verdict: HealthVerdict = UNPROBED;
      let expected = 'UNKNOWN';
      for (const [i, ok] of probes.entries()) {
        verdict = nextVerdict(verdict, ok, numbers);
        const last = (n: number) => probes.slice(Math.max(0, i + 1 - n), i + 1);
        if (expected !== 'DOWN' && i >= 2 && last(3).every((p) => !p)) expected = 'DOWN';
        else if (expected === 'DOWN' && last(2).every((p) => p)) expected = 'UP';
        else if (expected === 'UNKNOWN' && ok) expected = 'UP';
        expect(verdict.name).toBe(expected);
      }
    }),
    { seed: 4 },
  );
});

/** A pool whose probe answers as told, with the times of its probes. */
function probed(ok: { value: boolean }, endpoints = [endpoint(0)]) {
  const probes: number[] = [];
  const signals: AbortSignal[] = [];
  const h = harness(endpoints, {
    healthCheck: {
      probe: async (_endpoint, signal) => {
        probes.push(h.clock.now());
        signals.push(signal);
        if (!ok.value) throw refused();
      },
    },
  });
  return { ...h, probes, signals, gaps: () => probes.slice(1).map((at, i) => at - (probes[i] ?? 0)) };
}

describe('probing', () => {
  test('begins within one interval and goes on every 5 s, a fifth less or more', async () => {
    const { clock, probes, gaps, pool } = probed({ value: true });
    const start = clock.now();
    await clock.advance(120_000);
    expect((probes[0] ?? 0) - start).toBeLessThan(5_000);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(4_000);
    expect(Math.max(...gaps())).toBeLessThanOrEqual(6_000);
    expect(new Set(gaps()).size).toBeGreaterThan(5);
    expect(pool.health().state).toBe('HEALTHY');
  });

  test('is every second while down; three failures take down, two successes bring up', async () => {
    const ok = { value: false };
    const { clock, probes, gaps, pool } = probed(ok);
    while (probes.length < 2) await clock.advance(100);
    expect(pool.health().state).toBe('UNKNOWN');
    while (probes.length < 3) await clock.advance(100);
    expect(pool.health().endpoints[0]).toMatchObject({
      state: 'DOWN',
      breaker: 'CLOSED',
      lastError: 'NO_HEALTHY_UPSTREAM (connection_refused)',
    });
    expect(pool.availability()).toBe('down');
    await clock.advance(10_000);
    expect(Math.max(...gaps().slice(2))).toBeLessThanOrEqual(1_200);
    ok.value = true;
    const before = probes.length;
    while (probes.length < before + 1) await clock.advance(100);
    expect(pool.health().state).toBe('DOWN');
    while (probes.length < before + 2) await clock.advance(100);
    expect(pool.health().state).toBe('HEALTHY');
    expect(pool.availability()).toBe('available');
  });

  test('a probe that hangs fails after 1 s and is aborted', async () => {
    const signals: AbortSignal[] = [];
    const h = harness([endpoint(0)], {
      healthCheck: {
        probe: (_endpoint, signal) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    });
    while (signals.length < 1) await h.clock.advance(10);
    await h.clock.advance(985);
    expect(signals[0]?.aborted).toBe(false);
    await h.clock.advance(15);
    expect(signals[0]?.aborted).toBe(true);
    await h.clock.advance(20_000);
    expect(h.pool.health().endpoints[0]?.lastError).toBe('UPSTREAM_TIMEOUT (http_response_timeout)');
  });

  test('calls fail fast while the probes say down, without an attempt', async () => {
    const { clock, pool, callThrough, sent } = probed({ value: false });
    await clock.advance(20_000);
    const result = await callThrough();
    expect(failureOf(result)).toMatchObject({ code: 'NO_HEALTHY_UPSTREAM', reason: 'destination_unavailable' });
    expect(result).toMatchObject({ ok: false, retryAfterMs: 1_000, attempts: [] });
    expect(sent).toEqual([]);
    await pool.close();
  });

  test('an active success ends an ejection, after at most 1.2 s although the next probe was 5 s away', async () => {
    const { clock, pool, callThrough, behaviours } = probed({ value: true });
    await clock.advance(6_000);
    behaviours.set(0, fails());
    for (let i = 0; i < 5; i++) await callThrough({ retries: 0 });
    expect(pool.health().endpoints[0]).toMatchObject({ state: 'DOWN', breaker: 'OPEN' });
    await clock.advance(1_200);
    expect(pool.health().endpoints[0]).toMatchObject({ state: 'DEGRADED', breaker: 'HALF_OPEN' });
    behaviours.delete(0);
    for (let i = 0; i < 3; i++) expect((await callThrough()).ok).toBe(true);
    expect(pool.health()).toMatchObject({ state: 'HEALTHY', endpoints: [{ breaker: 'CLOSED' }] });
  });

  test('a port that accepts does not hide a service that fails: one call per term', async () => {
    const { clock, callThrough, behaviours, sent } = probed({ value: true });
    behaviours.set(0, fails());
    for (let i = 0; i < 5; i++) await callThrough({ retries: 0 });
    sent.length = 0;
    for (let second = 0; second < 120; second++) {
      await clock.advance(1_000);
      await callThrough({ retries: 0 });
    }
    // One by the probe's word, then terms of 10, 20, 40, 60 s.
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(sent.length).toBeGreaterThanOrEqual(3);
  });

  test('rests while paused, and stops at close with nothing left', async () => {
    const { clock, pool, probes } = probed({ value: true }, [endpoint(0), endpoint(1)]);
    await clock.advance(10_000);
    pool.setPaused(true);
    expect(clock.pending).toBe(0);
    const before = probes.length;
    await clock.advance(60_000);
    expect(probes.length).toBe(before);
    pool.setPaused(false);
    await clock.advance(10_000);
    expect(probes.length).toBeGreaterThan(before);
    await pool.close();
    expect(clock.pending).toBe(0);
  });

  test('a probe in flight at close is aborted and reports nothing', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    let seen: AbortSignal | undefined;
    const h = harness([endpoint(0)], {
      healthCheck: {
        probe: (_endpoint, signal) => {
          seen = signal;
          return promise;
        },
      },
    });
    while (seen === undefined) await h.clock.advance(10);
    await h.pool.close();
    expect(seen.aborted).toBe(true);
    reject(refused());
    await h.clock.advance(10_000);
    expect(h.pool.health().endpoints[0]?.lastError).toBeUndefined();
    expect(h.clock.pending).toBe(0);
  });

  test('a new interval holds from the next wait on', async () => {
    const { clock, pool, probes, gaps } = probed({ value: true });
    await clock.advance(10_000);
    pool.reconfigure({ probeIntervalMs: 20_000 });
    const before = probes.length;
    await clock.advance(200_000);
    expect(Math.min(...gaps().slice(before))).toBeGreaterThanOrEqual(16_000);
  });
});
