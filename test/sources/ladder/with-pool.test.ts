import { describe, expect, test } from '@jest/globals';
import type { CallContext, Outcome, Policy } from '../../../src/sources/index.ts';
import { type Answer, createLadder } from '../../../src/sources/ladder/index.ts';
import { createEndpointPool, type Endpoint } from '../../../src/upstream/index.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { answer, type CallOptions, failure, Rig } from './rig.ts';

const PRIMARY_AND_BACKUP: readonly Endpoint[] = [
  { number: 0, url: 'http://primary', priority: 0, weight: 1 },
  { number: 1, url: 'http://backup', priority: 1, weight: 1 },
];

/** The ladder on the endpoint pool it has in earnest. */
function rigWithPool(policy: Policy = {}, endpoints: readonly Endpoint[] = PRIMARY_AND_BACKUP) {
  const rig = new Rig();
  const { clock, cache } = rig;
  const random = seededRandom();
  const pool = createEndpointPool({ source: 'petstore', endpoints, clock, random });
  const settings = { policy, operationPolicies: {}, paused: false };
  const ladder = createLadder({ source: 'petstore', revision: 1, pool, cache, clock, random, settings });
  const down = new Set<number>();
  const attempts: number[] = [];
  const run = async (options: CallOptions = {}, request?: CallContext): Promise<Outcome> => {
    const call = rig.call(options);
    const outcome = ladder.run({
      ...call,
      context: request ?? call.context,
      attempt: async ({ endpoint }): Promise<Answer> => {
        attempts.push(endpoint.number);
        if (down.has(endpoint.number)) throw failure({ neverLeft: true });
        return answer(`from ${endpoint.number}`);
      },
    });
    await clock.advance(1_000); // retries wait for their turn
    return outcome;
  };
  return { clock, down, attempts, run, pool, ladder };
}

describe('with the real endpoint pool', () => {
  test('with a declared answer at hand no endpoint is asked twice; without one, retries go on', async () => {
    const { clock, down, attempts, run } = rigWithPool({ cache: { ttlSeconds: 5 } });
    await run();
    await clock.advance(5_000);
    down.add(0).add(1);
    attempts.length = 0;
    expect(await run()).toMatchObject({ kind: 'STALE' });
    expect(attempts).toEqual([0, 1]);
    attempts.length = 0;
    expect(await run({ args: { id: 2 } })).toMatchObject({ kind: 'FAILED' });
    expect(attempts).toHaveLength(3);
  });

  test('each rung in its turn, and the way back', async () => {
    const { clock, down, attempts, run, pool, ladder } = rigWithPool({ cache: { ttlSeconds: 5 }, softTimeoutMs: 900 });
    expect(await run()).toMatchObject({ kind: 'FRESH', value: 'from 0' });
    expect(await run()).toMatchObject({ kind: 'CACHED' });
    await clock.advance(5_000);
    down.add(0);
    expect(await run()).toMatchObject({ kind: 'BACKUP', value: 'from 1', failure: { reason: 'connection_refused' } });
    await clock.advance(5_000);
    down.add(1);
    expect(await run()).toMatchObject({ kind: 'STALE', value: 'from 1' });
    expect(await run({ args: { id: 2 } })).toMatchObject({ kind: 'FAILED', failure: { code: 'NO_HEALTHY_UPSTREAM' } });

    // Whatever the load, a key of a source that is down is tried once in 5 s at most.
    for (let i = 0; i < 10; i++) await run({ args: { id: 2 } });
    expect(pool.availability()).toBe('down');
    const before = attempts.length;
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => run()));
    expect(outcomes.every((o) => o.kind === 'STALE')).toBe(true);
    expect(attempts.length - before).toBeLessThanOrEqual(3);

    down.clear();
    await clock.advance(120_000);
    const kinds = [(await run()).kind, (await run()).kind, (await run()).kind];
    expect(kinds).toContain('CACHED');
    await ladder.close();
    await pool.close();
    expect(clock.pending).toBe(0);
  });

  test('one request takes everything of a source from one endpoint, while that is well', async () => {
    const four = [0, 1, 2, 3].map((number) => ({ number, url: `http://${number}`, priority: 0, weight: 1 }));
    const { clock, down, attempts, run, pool, ladder } = rigWithPool({}, four);
    const context = { ...new Rig().call().context, deadline: clock.now() + 1e9 };
    const used = new Set<number>();
    for (let request = 0; request < 20; request++) {
      attempts.length = 0;
      const own = { ...context };
      await Promise.all([1, 2, 3].map((id) => run({ args: { request, id } }, own)));
      await run({ args: { request, id: 4 } }, own);
      expect(new Set(attempts).size).toBe(1);
      used.add(attempts[0] ?? -1);
    }
    expect(used.size).toBeGreaterThan(1);

    attempts.length = 0;
    await run({ args: { id: 'first' } }, context);
    const [gone = -1] = attempts;
    down.add(gone);
    expect(await run({ args: { id: 'second' } }, context)).toMatchObject({ kind: 'FRESH' });
    const moved = attempts.at(-1);
    expect(moved).not.toBe(gone);
    await run({ args: { id: 'third' } }, context);
    expect(attempts.at(-1)).toBe(moved);
    await ladder.close();
    await pool.close();
  });
});
