import { afterEach, describe, expect, test } from '@jest/globals';
import type { ModelTime } from '../../../src/sources/index.ts';
import { answer, Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.ladder.close());

/** A request that began with the clock, and is at `ms` now. */
async function at(ms: number, time: Partial<ModelTime> = {}) {
  rig = new Rig();
  const now = rig.clock.now();
  const modelTime: ModelTime = { deadline: now + 60_000, otherCallMs: 10_000, asked: true, ...time };
  const context = { deadline: now + 10_000, modelTime };
  await rig.clock.advance(ms);
  return { context, began: now };
}

describe.each(['run', 'mutate'] as const)('a call of another source: %s', (kind) => {
  const lateCall = async (ms: number, time: Partial<ModelTime> = {}) => {
    const { context } = await at(ms, time);
    rig.upstream = async () => answer('here');
    const outcome = await rig[kind]({ context });
    return { outcome, leftMs: rig.seen[0]?.context.remainingMs };
  };

  test('has its own time after a model took more than the request would have had', async () => {
    const { outcome, leftMs } = await lateCall(12_000);
    expect(outcome).toMatchObject({ kind: 'FRESH', value: 'here' });
    expect(leftMs).toBe(10_000);
  });

  test('has no more than what is left of the whole', async () => {
    expect((await lateCall(55_000)).leftMs).toBe(5_000);
    expect((await lateCall(60_000)).outcome).toMatchObject({ kind: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' } });
  });

  test('is bounded by the time of a request, and never has less than before', async () => {
    expect((await lateCall(12_000, { otherCallMs: 2_000 })).leftMs).toBe(2_000);
    expect((await lateCall(3_000, { deadline: 5_000 })).leftMs).toBe(7_000);
  });

  test('has what is left of the request as long as no model was asked', async () => {
    expect((await lateCall(4_000, { asked: false })).leftMs).toBe(6_000);
    expect((await lateCall(12_000, { asked: false })).outcome).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'DEADLINE_EXCEEDED' },
    });
  });
});
