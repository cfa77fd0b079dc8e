import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PoolResult } from '../../../src/upstream/index.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { endpoint, failure, harness, refused } from './harness.ts';

const behaviour = fc.constantFrom('good', 'good', 'error', 'refused', 'hangs', 'slow', 'throttled', 'rejected', 'bug');
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('call' as const), idempotent: fc.boolean(), hedge: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 9_000 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('becomes' as const), endpoint: fc.nat(4), behaviour }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('isolate' as const), endpoint: fc.nat(4), isolated: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pause' as const), paused: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('abort' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reset' as const), endpoint: fc.nat(4) }) },
);

/**
 * Random sources under random faults. The reference is what any correct pool must keep: every call ends by its deadline
 * and never rejects; nothing goes to an endpoint that is isolated, ejected, or asked for quiet, nor anywhere while
 * paused; a mutation that may have arrived is not repeated; the better level serves while it is wholly well;
 * and at the end neither timers nor calls are left.
 */
test('keeps its promises under random faults', async () => {
  const priorities = fc.array(fc.nat(2), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      priorities,
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.nat(),
      async (levels, steps, seed) => {
        const endpoints = levels.map((priority, number) => endpoint(number, priority));
        const h = harness(endpoints, { random: seededRandom(seed) });
        const kinds = endpoints.map(() => 'good');
        const isolated = new Set<number>();
        const quietUntil = endpoints.map(() => 0);
        const sent: number[] = [];
        const broken: string[] = [];
        const check = (kept: boolean, what: string): void => {
          if (!kept) broken.push(what);
        };
        let paused = false;
        const trials = endpoints.map(() => 0);
        let caller = new AbortController();
        const ends: Promise<{
          deadline: number;
          endedAt: number;
          sends: number;
          result: PoolResult<unknown>;
          repeatable: boolean;
        }>[] = [];

        const attempt = async (number: number, signal: AbortSignal): Promise<unknown> => {
          const now = h.clock.now();
          const before = h.pool.health().endpoints[number];
          sent.push(number);
          check(!paused, 'an attempt while paused');
          check(!isolated.has(number), 'an attempt at an isolated endpoint');
          check((quietUntil[number] ?? 0) <= now, 'an attempt at an endpoint that asked for quiet');
          check(before?.breaker !== 'OPEN', 'an attempt at an ejected endpoint');
          const trial = before?.breaker === 'HALF_OPEN';
          if (trial) {
            trials[number] = (trials[number] ?? 0) + 1;
            check(trials[number] === 1, 'two trials of an endpoint at once');
            signal.addEventListener('abort', () => {
              trials[number] = 0;
            });
          }
          try {
            switch (kinds[number]) {
              case 'error':
                throw failure();
              case 'refused':
                throw refused();
              case 'hangs':
                return await new Promise(() => {});
              case 'slow':
                await new Promise<void>((resolve) => h.clock.setTimer(resolve, 700));
                return number;
              case 'throttled':
                if (!signal.aborted) quietUntil[number] = h.clock.now() + 4_000;
                throw failure({ code: 'UPSTREAM_OVERLOADED', countsAgainstHealth: false, retryAfterMs: 4_000 });
              case 'rejected':
                throw failure({ code: 'UPSTREAM_REJECTED', countsAgainstHealth: false, retryable: false });
              case 'bug':
                throw new TypeError('bug');
              default:
                return number;
            }
          } finally {
            if (trial) trials[number] = 0;
          }
        };

        const call = (idempotent: boolean, hedge: boolean): void => {
          const deadline = h.clock.now() + 8_000;
          let sends = 0;
          let repeatable = true;
          const result = h.pool.call({
            attempt: (context) => {
              sends++;
              check(sends === 1 || idempotent || repeatable, 'a mutation repeated that may have arrived');
              if (kinds[context.endpoint.number] !== 'refused') repeatable = false;
              check(context.timeoutMs <= deadline - h.clock.now(), 'an attempt beyond the deadline');
              return attempt(context.endpoint.number, context.signal);
            },
            idempotent,
            deadline,
            attemptTimeoutMs: 2_000,
            retries: 3,
            signal: caller.signal,
            ...(hedge ? { hedgeAfterMs: 100 } : {}),
          });
          ends.push(result.then((r) => ({ deadline, endedAt: h.clock.now(), sends, result: r, repeatable })));
        };

        for (const happens of steps) {
          switch (happens.type) {
            case 'call': {
              const states = h.pool.health().endpoints;
              const best = Math.min(...levels);
              const top = states.filter((e) => e.priority === best);
              const sentBefore = sent.length;
              call(happens.idempotent, happens.hedge);
              const first = sent[sentBefore];
              if (first !== undefined && top.every((e) => e.state === 'HEALTHY')) {
                check(levels[first] === best, 'a backup used while all primaries are well');
              }
              break;
            }
            case 'time':
              await h.clock.advance(happens.ms);
              break;
            case 'becomes':
              if (happens.endpoint < levels.length) kinds[happens.endpoint] = happens.behaviour;
              break;
            case 'isolate':
              if (happens.endpoint >= levels.length) break;
              h.pool.isolate(happens.endpoint, happens.isolated);
              if (happens.isolated) isolated.add(happens.endpoint);
              else isolated.delete(happens.endpoint);
              break;
            case 'pause':
              paused = happens.paused;
              h.pool.setPaused(paused);
              break;
            case 'abort':
              caller.abort();
              caller = new AbortController();
              break;
            case 'reset':
              if (happens.endpoint >= levels.length) break;
              h.pool.resetBreaker(happens.endpoint);
              quietUntil[happens.endpoint] = 0;
              trials[happens.endpoint] = 0;
              break;
          }
          await h.clock.advance(0);
        }
        await h.clock.advance(20_000);
        for (const end of await Promise.all(ends)) {
          expect(end.endedAt).toBeLessThanOrEqual(end.deadline);
          expect(end.result.attempts).toHaveLength(end.sends);
          if (end.result.ok && end.result.endpoint.priority > 0) expect(end.result.failure).toBeDefined();
        }
        expect(broken).toEqual([]);
        await h.clock.advance(5_000);
        expect(h.clock.pending).toBe(0);
        await h.pool.close();
      },
    ),
    { seed: 30, numRuns: 150 },
  );
}, 60_000);
