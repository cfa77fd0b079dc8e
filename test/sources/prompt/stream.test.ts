import { afterEach, describe, expect, test } from '@jest/globals';
import { drained, failure, promptRig, REVIEW, type Rig, TRANSLATE } from './support.ts';

let rig: Rig;
afterEach(() => rig.close());

const GOOD = JSON.stringify({ stars: 4, mood: 'GOOD', tags: ['kind'], author: null });
const DOWN = { kind: 'fail', failure: failure() } as const;

describe('a streamed answer', () => {
  const pieces = (...given: readonly string[]) => ({ kind: 'pieces', pieces: given }) as const;

  test('comes in pieces, the last with the value and what it took', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [pieces('Bon', 'jour')], 'second/small': [] });
    const { deltas, last } = await drained(rig.stream({ text: 'Hello' }));
    expect(deltas.join('')).toBe('Bonjour');
    expect(last).toMatchObject({
      kind: 'FRESH',
      done: true,
      value: 'Bonjour',
      usage: {
        model: 'first/large',
        inputTokens: 10,
        outputTokens: 7,
        cachedTokens: 2,
        reasoningTokens: 1,
        costUsd: 0.001,
      },
    });
  });

  test('of a declared type comes as JSON, and at last as a value', async () => {
    rig = await promptRig(REVIEW, { 'first/large': [pieces(GOOD.slice(0, 5), GOOD.slice(5))], 'second/small': [] });
    const { deltas, last } = await drained(rig.stream({ text: 'Fine.' }));
    expect(JSON.parse(deltas.join(''))).toEqual(last?.value);
  });

  test('that breaks before its first piece is the next model’s', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [DOWN], 'second/small': [pieces('Sal', 'ut')] });
    const pending = drained(rig.stream({ text: 'Hello' }));
    await rig.clock.advance(1_000);
    const { deltas, last } = await pending;
    expect(deltas.join('')).toBe('Salut');
    expect(last).toMatchObject({ kind: 'BACKUP', usage: { model: 'second/small' } });
  });

  test.each([
    ['a fault', failure('UPSTREAM_ERROR', { reason: 'http_response_incomplete' }), 'UPSTREAM_ERROR'],
    ['another', failure('UPSTREAM_INVALID_RESPONSE'), 'UPSTREAM_INVALID_RESPONSE'],
  ] as const)(
    'that breaks after a piece with %s ends with the failure, and nobody else goes on',
    async (_name, ending, code) => {
      rig = await promptRig(
        TRANSLATE,
        {
          'first/large': [{ kind: 'pieces', pieces: ['Bon'], ending }],
          'second/small': [pieces('Salut')],
        },
        { fallback: { value: 'instead' } },
      );
      const pending = drained(rig.stream({ text: 'Hello' }));
      await rig.clock.advance(2_000);
      const { deltas, ended } = await pending;
      expect(deltas).toEqual(['Bon']);
      expect(ended).toMatchObject({ kind: 'ENDED', failure: { code, retryable: true } });
      expect(rig.models.asked).toHaveLength(1);
    },
  );

  test('that is not of the declared type ends with a failure: nothing can follow what was given out', async () => {
    const good = '{"stars":4,"tags":[]}';
    rig = await promptRig(
      REVIEW,
      { 'first/large': [pieces('{"stars"', ':"x"}'), pieces(good)], 'second/small': [pieces(good)] },
      { fallback: { value: JSON.parse(good) } },
    );
    const { deltas, ended } = await drained(rig.stream({ text: 'Fine.' }));
    expect(deltas.join('')).toBe('{"stars":"x"}');
    expect(ended).toMatchObject({ kind: 'ENDED', failure: { code: 'UPSTREAM_INVALID_RESPONSE' } });
    expect(rig.models.asked).toHaveLength(1);
  });

  test('of models that are all down is the fallback, in one piece', async () => {
    rig = await promptRig(
      TRANSLATE,
      { 'first/large': [DOWN], 'second/small': [DOWN] },
      { fallback: { value: 'instead' } },
    );
    const pending = drained(rig.stream({ text: 'Hello' }));
    await rig.clock.advance(2_000);
    expect(await pending).toMatchObject({ deltas: ['instead'], last: { kind: 'FALLBACK', value: 'instead' } });
  });

  test('is kept like any other', async () => {
    rig = await promptRig(
      { ...TRANSLATE, parameters: { temperature: 0 } },
      { 'first/large': [pieces('a', 'b')], 'second/small': [] },
    );
    await drained(rig.stream({ text: 'Hello' }));
    expect(await drained(rig.stream({ text: 'Hello' }))).toMatchObject({
      deltas: ['ab'],
      last: { kind: 'CACHED', value: 'ab', usage: null },
    });
  });

  test('ends when its reader leaves, and the model is told', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [{ kind: 'silent' }], 'second/small': [] });
    const abort = new AbortController();
    const next = rig.stream({ text: 'Hello' }, { signal: abort.signal }).next();
    await rig.clock.advance(10);
    expect(rig.models.open).toBe(1);
    abort.abort();
    expect(await next).toMatchObject({ value: { kind: 'ENDED', failure: { reason: 'cancelled' } } });
    await rig.clock.advance(10);
    expect(rig.models.open).toBe(0);
  });

  test('ends when its reader ends it, also while he waits', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [{ kind: 'silent' }], 'second/small': [] });
    const events = rig.stream({ text: 'Hello' });
    const waiting = events.next();
    await rig.clock.advance(10);
    expect(rig.models.open).toBe(1);
    expect(await events.return?.()).toEqual({ done: true, value: undefined });
    await waiting;
    await rig.clock.advance(10);
    expect([rig.models.open, (await events.next()).done]).toEqual([0, true]);
  });

  test('has the timeouts of the policy for its pieces', async () => {
    rig = await promptRig(
      TRANSLATE,
      { 'first/large': [pieces('a')], 'second/small': [] },
      { firstTokenMs: 700, nextTokenMs: 300 },
    );
    await drained(rig.stream({ text: 'Hello' }));
    expect(rig.models.asked[0]?.context).toMatchObject({ firstTokenMs: 700, nextTokenMs: 300, timeoutMs: 60_000 });
  });
});
