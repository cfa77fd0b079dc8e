import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ModelEvent, ModelRequest, ModelTarget } from '../../../src/models/index.ts';
import { createModelTargets, type ModelTargets, type TargetContext } from '../../../src/sources/prompt/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedModels } from '../../support/scripted-models.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { failure } from './support.ts';

const LARGE = { provider: 'first', model: 'large' };
const SMALL = { provider: 'second', model: 'small' };
const REQUEST: ModelRequest = { messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }], parameters: {} };
const DOWN = { kind: 'fail', failure: failure(), billed: true } as const;

let clock: FakeClock;
let models: ScriptedModels;
let targets: ModelTargets;

beforeEach(() => {
  clock = new FakeClock();
  models = new ScriptedModels(clock, {
    'first/large': [{ kind: 'text', text: 'Hello' }],
    'second/small': [{ kind: 'text', text: 'Salut' }],
  });
  targets = createModelTargets({ models, clock, random: seededRandom() });
});
afterEach(() => targets.close());

const context = (more: Partial<TargetContext> = {}): TargetContext => ({
  requestId: 'r1',
  callerId: 'anna',
  deadline: clock.now() + 60_000,
  signal: new AbortController().signal,
  ...more,
});

/** A stream under way: what was told so far, each with the model that says it, and how it ends. */
function begin(list: readonly ModelTarget[], told: TargetContext) {
  const pieces: [string, ModelEvent][] = [];
  const ended = targets.stream(list, REQUEST, told, (events, { model }) => {
    for (const event of events) pieces.push([model, event]);
    return undefined;
  });
  return { told: pieces, ended };
}

describe('models by their own names', () => {
  test('the first target answers', async () => {
    const outcome = await targets.chat([LARGE, SMALL], REQUEST, context());
    expect(outcome).toMatchObject({ ok: true, target: LARGE, answer: { parts: [{ text: 'Hello' }] } });
    expect(outcome.figures).toHaveLength(1);
    expect(models.asked[0]?.context).toMatchObject({ source: undefined, callerId: 'anna' });
  });

  test('the next one stands in for it, and what the first took counts', async () => {
    models.script('first/large', DOWN);
    const pending = targets.chat([LARGE, SMALL], REQUEST, context());
    await clock.advance(1_000);
    const outcome = await pending;
    expect(outcome).toMatchObject({ ok: true, target: SMALL, failure: { code: 'UPSTREAM_ERROR' } });
    expect(outcome.figures.map(({ provider }) => provider)).toEqual(['first', 'second']);
  });

  test('one that fails again and again is left alone for a while', async () => {
    models.script('first/large', DOWN);
    for (let i = 0; i < 6; i++) {
      const pending = targets.chat([LARGE], REQUEST, context());
      await clock.advance(1_000);
      expect(await pending).toMatchObject({ ok: false });
    }
    const asked = models.asked.length;
    expect(await targets.chat([LARGE], REQUEST, context())).toMatchObject({
      ok: false,
      failure: { code: 'NO_HEALTHY_UPSTREAM', reason: 'circuit_open' },
      retryAfterMs: expect.any(Number),
    });
    expect(models.asked).toHaveLength(asked);
    expect(targets.health([LARGE])?.state).toBe('DOWN');
    expect(await targets.embed([SMALL], { texts: ['ab'] }, context())).toMatchObject({
      ok: true,
      answer: { vectors: [[2]] },
    });
  });

  test('embeddings that fail do not keep chats of the same name from being asked', async () => {
    const embed = async () => {
      const pending = targets.embed([LARGE], { texts: ['ab'] }, context());
      await clock.advance(1_000);
      return pending;
    };
    models.script('first/large', DOWN);
    for (let at = 0; at < 8; at++) await embed();
    models.script('first/large', { kind: 'text', text: 'Hello' });
    expect(await embed()).toMatchObject({ ok: false, failure: { reason: 'circuit_open' } });
    expect(await targets.chat([LARGE], REQUEST, context())).toMatchObject({ ok: true });
    expect(targets.health([LARGE])?.state).toBe('HEALTHY');
    models.accountChanges.emit({ name: 'first' });
    expect(await embed()).toMatchObject({ ok: true });
  });

  test('one that is left alone is asked again once another account has taken its place', async () => {
    models.script('first/large', DOWN);
    const ask = async () => {
      const pending = targets.chat([LARGE], REQUEST, context());
      await clock.advance(1_000);
      return pending;
    };
    for (let at = 0; at < 8; at++) await ask();
    models.script('first/large', { kind: 'text', text: 'Back' });
    models.accountChanges.emit({ name: 'second' });
    expect(await ask()).toMatchObject({ ok: false, failure: { reason: 'circuit_open' } });
    models.accountChanges.emit({ name: 'first' });
    expect(await ask()).toMatchObject({ ok: true, answer: { parts: [{ text: 'Back' }] } });
  });

  test('a stream tells every piece, and who says it', async () => {
    models.script('second/small', { kind: 'pieces', pieces: ['Sal', '', 'ut'] });
    models.script('first/large', DOWN);
    const { told, ended } = begin([LARGE, SMALL], context());
    await clock.advance(1_000);
    expect(await ended).toMatchObject({ ok: true, target: SMALL, answer: { figures: { model: 'small' } } });
    expect(told).toEqual([
      ['small', { kind: 'text', delta: 'Sal' }],
      ['small', { kind: 'text', delta: 'ut' }],
    ]);
  });

  test('a stream that breaks after a piece ends with the failure', async () => {
    models.script('first/large', { kind: 'pieces', pieces: ['Hel'], ending: failure() });
    const { told, ended } = begin([LARGE, SMALL], context());
    expect(await ended).toMatchObject({ ok: false, failure: { retryable: true }, attempts: [{ endpoint: 0 }] });
    expect(told).toHaveLength(1);
    expect(models.asked).toHaveLength(1);
  });

  test('a stream whose reader has gone ends the call', async () => {
    models.script('first/large', { kind: 'silent' });
    const abort = new AbortController();
    const { ended } = begin([LARGE], context({ signal: abort.signal }));
    await clock.advance(10);
    expect(models.open).toBe(1);
    abort.abort();
    expect(await ended).toMatchObject({ ok: false, failure: { reason: 'cancelled' } });
    await clock.advance(10);
    expect([models.open, clock.pending]).toEqual([0, 0]);
  });

  test('any number of names may be called; all end with the targets', async () => {
    for (let i = 0; i < 600; i++) {
      models.script(`first/m${i}`, { kind: 'text', text: 'ok' });
      expect((await targets.chat([{ provider: 'first', model: `m${i}` }], REQUEST, context())).ok).toBe(true);
    }
    expect(targets.health([{ provider: 'first', model: 'm0' }])).toBeUndefined();
    models.script('first/large', { kind: 'silent' });
    const pending = targets.chat([LARGE], REQUEST, context());
    await clock.advance(10);
    await targets.close();
    expect(await pending).toMatchObject({ ok: false, failure: { reason: 'cancelled' } });
    expect(await targets.chat([LARGE], REQUEST, context())).toMatchObject({ ok: false });
  });
});
