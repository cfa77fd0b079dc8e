import { afterEach, describe, expect, test } from '@jest/globals';
import { failure, promptRig, type Rig, TRANSLATE } from './support.ts';

let rig: Rig;
afterEach(() => rig.close());

const DOWN = { kind: 'fail', failure: failure() } as const;
const says = (text: string) => ({ kind: 'text', text }) as const;

describe('what is kept', () => {
  const hot = { ...TRANSLATE, parameters: { temperature: 1 } };
  const cold = { ...TRANSLATE, parameters: { temperature: 0 } };
  const scripts = { 'first/large': [says('Bonjour')], 'second/small': [] };
  const kinds = async (...asked: readonly (readonly [object, object?])[]) => {
    const found: string[] = [];
    for (const [args, more] of asked) found.push((await rig.ask(args as never, more)).kind);
    return found;
  };

  test('nothing that chance had a hand in', async () => {
    rig = await promptRig(hot, scripts);
    expect(await kinds([{ text: 'a' }], [{ text: 'a' }])).toEqual(['FRESH', 'FRESH']);
  });

  test('answers at temperature 0, for whoever asked the same', async () => {
    rig = await promptRig(cold, scripts);
    expect(await kinds([{ text: 'a' }], [{ text: 'a' }], [{ text: 'b' }])).toEqual(['FRESH', 'CACHED', 'FRESH']);
    expect(await kinds([{ text: 'a' }, { callerId: 'berta' }])).toEqual(['FRESH']);
    await rig.clock.advance(3_700_000);
    expect(await kinds([{ text: 'a' }])).toEqual(['FRESH']);
  });

  test('whatever the policy says to keep, for everybody when it says PUBLIC', async () => {
    rig = await promptRig(hot, scripts, { cache: { ttlSeconds: 60, scope: 'PUBLIC' } });
    expect(await kinds([{ text: 'a' }], [{ text: 'a' }, { callerId: 'berta' }])).toEqual(['FRESH', 'CACHED']);
  });

  test('long texts too, each its own', async () => {
    rig = await promptRig(
      {
        ...cold,
        variables: [
          { name: 'text', type: 'String!' },
          { name: 'to', type: 'Int' },
        ],
      },
      scripts,
    );
    const long = 'x'.repeat(5_000);
    expect(await kinds([{ text: `${long}1` }], [{ text: `${long}2` }], [{ text: `${long}1` }])).toEqual([
      'FRESH',
      'FRESH',
      'CACHED',
    ]);
  });

  test('a stale answer stands in for models that are down', async () => {
    rig = await promptRig(cold, scripts, { cache: { ttlSeconds: 1 } });
    await rig.ask({ text: 'a' });
    rig.models.script('first/large', DOWN);
    rig.models.script('second/small', DOWN);
    await rig.clock.advance(5_000);
    const pending = rig.ask({ text: 'a' });
    await rig.clock.advance(2_000);
    expect(await pending).toMatchObject({ kind: 'STALE', value: 'Bonjour' });
  });
});
