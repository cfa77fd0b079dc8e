import { afterEach, describe, expect, test } from '@jest/globals';
import { failure, promptRig, REVIEW, type Rig, TRANSLATE } from './support.ts';

let rig: Rig;
afterEach(() => rig.close());

const DOWN = { kind: 'fail', failure: failure() } as const;
const says = (text: string) => ({ kind: 'text', text }) as const;

describe('the ladder', () => {
  test('models stand in for each other in order; then the fallback', async () => {
    const input = { ...TRANSLATE, models: ['first/large', 'second/small', 'third/tiny', 'third/last'] };
    rig = await promptRig(input, {
      'first/large': [DOWN],
      'second/small': [DOWN],
      'third/tiny': [DOWN],
      'third/last': [says('Salut')],
    });
    const first = rig.ask({ text: 'Hello' });
    await rig.clock.advance(2_000);
    expect(await first).toMatchObject({ kind: 'BACKUP', value: 'Salut' });
    expect((await first).attempts.map(({ endpoint }) => endpoint)).toEqual([0, 1, 2, 3]);
    rig.models.script('third/last', DOWN);
    rig.connection.reconfigure(rig.settings({ fallback: { value: '…' } }));
    const second = rig.ask({ text: 'Hello' });
    await rig.clock.advance(2_000);
    expect(await second).toMatchObject({ kind: 'FALLBACK', value: '…' });
  });

  test('a fallback that is not of the declared type is none', async () => {
    rig = await promptRig(
      REVIEW,
      { 'first/large': [DOWN], 'second/small': [DOWN] },
      { fallback: { value: { stars: 'x' } } },
    );
    const pending = rig.ask({ text: 'a' });
    await rig.clock.advance(2_000);
    expect(await pending).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_ERROR' } });
  });

  test('a model that asked to be left alone is left alone', async () => {
    const busy = failure('UPSTREAM_OVERLOADED', { retryAfterMs: 20_000, countsAgainstHealth: false });
    rig = await promptRig(TRANSLATE, {
      'first/large': [{ kind: 'fail', failure: busy }, says('Bonjour')],
      'second/small': [says('Salut')],
    });
    const first = rig.ask({ text: 'Hello' });
    await rig.clock.advance(1_000);
    expect(await first).toMatchObject({ kind: 'BACKUP' });
    expect(await rig.ask({ text: 'Hello' })).toMatchObject({ kind: 'BACKUP', attempts: [{ endpoint: 1 }] });
    await rig.clock.advance(20_000);
    expect(await rig.ask({ text: 'Hello' })).toMatchObject({ kind: 'FRESH', value: 'Bonjour' });
  });

  test('a model that says nothing is given up after its time, within that of the request', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [{ kind: 'silent' }], 'second/small': [says('Salut')] });
    const pending = rig.ask({ text: 'Hello' });
    await rig.clock.advance(29_900);
    expect(rig.models.asked).toHaveLength(1);
    await rig.clock.advance(1_000);
    expect(await pending).toMatchObject({ kind: 'BACKUP', value: 'Salut' });
    expect(rig.models.open).toBe(0);
  });

  test('a caller who leaves ends what was asked for him', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [{ kind: 'silent' }], 'second/small': [] });
    const abort = new AbortController();
    const pending = rig.ask({ text: 'Hello' }, { signal: abort.signal });
    await rig.clock.advance(10);
    abort.abort();
    expect(await pending).toMatchObject({ kind: 'FAILED', failure: { reason: 'cancelled' } });
    await rig.clock.advance(10);
    expect(rig.models.open).toBe(0);
  });

  test('many calls together go out as many as the policy lets at once', async () => {
    rig = await promptRig(
      TRANSLATE,
      { 'first/large': [{ kind: 'silent' }], 'second/small': [] },
      { maxConcurrency: 3 },
    );
    const abort = new AbortController();
    const calls = Array.from({ length: 20 }, (_, index) => ({ arguments: { text: `${index}` } }));
    const pending = rig.connection.call('shop', calls, rig.context({ signal: abort.signal }));
    await rig.clock.advance(10);
    expect(rig.models.open).toBe(3);
    abort.abort();
    expect(await pending).toHaveLength(20);
  });
});
