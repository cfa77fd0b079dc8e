import { afterEach, describe, expect, test } from '@jest/globals';
import type { PromptFigures } from '../../../src/sources/prompt/index.ts';
import { failure, promptRig, REVIEW, type Rig, TRANSLATE, textOf } from './support.ts';

let rig: Rig;
afterEach(() => rig.close());

const GOOD = JSON.stringify({ stars: 4, mood: 'GOOD', tags: ['kind'], author: null });
const says = (text: string) => ({ kind: 'text', text }) as const;

describe('a prompt in plain text', () => {
  test('asks the first model: system message of the owner, inputs as JSON of the user', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [says('Bonjour')], 'second/small': [says('Salut')] });
    const outcome = await rig.ask({ text: 'Hello', to: 'FR' });
    expect(outcome).toMatchObject({ kind: 'FRESH', value: 'Bonjour', attempts: [{ endpoint: 0, result: 'ok' }] });
    const [asked] = rig.models.asked;
    expect(asked?.target).toEqual({ provider: 'first', model: 'large' });
    expect(asked?.request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(textOf(asked?.request.messages[0])).toMatch(
      /^Translate the input "text" into the input "to"\.\n\nThe inputs/,
    );
    expect(textOf(asked?.request.messages[1])).toBe('{"text":"Hello","to":"FR"}');
    expect(asked?.context).toMatchObject({ source: 'shop', callerId: 'anna', requestId: 'r1' });
  });

  test('a variable that is not given has its default', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [says('Bonjour')], 'second/small': [] });
    await rig.ask({ text: 'Hello' });
    expect(textOf(rig.models.asked[0]?.request.messages[1])).toBe('{"text":"Hello","to":"FR"}');
  });

  test('every variable over its length is refused with its place, and no model is asked', async () => {
    const variables = [...TRANSLATE.variables, { name: 'terms', type: '[String!]', maxLength: 2 }];
    const input = { ...TRANSLATE, template: 'Translate {{text}} into {{to}} by {{terms}}.', variables, history: true };
    // A fallback is no answer to what was not asked.
    rig = await promptRig(
      input,
      { 'first/large': [says('Bonjour')], 'second/small': [] },
      { fallback: { value: 'nothing' } },
    );
    const history = Array.from({ length: 101 }, () => ({ role: 'USER', text: 'x'.repeat(2_000) }));
    const outcome = await rig.ask({ text: 'x'.repeat(201), to: 'FR', terms: ['a', 'b', 'c'], history });
    if (outcome.kind !== 'FAILED') throw new Error(outcome.kind);
    expect(outcome.attempts).toEqual([]);
    const error = outcome.failure.toClientError('shop', 1);
    expect(error.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      source: 'shop',
      reason: 'http_request_error',
      retryable: false,
      attempts: 0,
      problems: [
        { path: 'text', message: 'Expected at most 200 characters; got 201.' },
        { path: 'terms', message: 'Expected at most 2 items; got 3.' },
        { path: 'history', message: 'Expected at most 100 messages; got 101.' },
        { path: 'history', message: 'Expected at most 200000 characters in all; got 202000.' },
      ],
    });
    expect(rig.models.asked).toHaveLength(0);
    expect(rig.connection.health().endpoints).toMatchObject([
      { state: 'UNKNOWN', lastError: undefined },
      { state: 'UNKNOWN', lastError: undefined },
    ]);
  });

  test('what is too long inside a list is told by its index', async () => {
    const input = {
      ...TRANSLATE,
      variables: [{ name: 'text', type: '[[String!]!]!' }, ...TRANSLATE.variables.slice(1)],
    };
    rig = await promptRig(input, { 'first/large': [says('Bonjour')], 'second/small': [] });
    const long = 'x'.repeat(20_001);
    const outcome = await rig.ask({ text: [['a', long], Array.from({ length: 101 }, () => 'a')] });
    if (outcome.kind !== 'FAILED') throw new Error(outcome.kind);
    expect(outcome.failure.toClientError('shop', 0).details.problems).toEqual([
      { path: 'text.0.1', message: 'Expected at most 20000 characters; got 20001.' },
      { path: 'text.1', message: 'Expected at most 100 items; got 101.' },
    ]);
  });

  test('once it is asked, its request has the time of models, and other calls in it a time of their own', async () => {
    rig = await promptRig(TRANSLATE, { 'first/large': [{ kind: 'silent' }], 'second/small': [{ kind: 'silent' }] });
    const { modelTime } = rig.context();
    if (modelTime === undefined) throw new Error('Expected a request that may ask models.');
    const pending = rig.ask({ text: 'Hello', to: 'FR' }, { modelTime });
    expect(modelTime.asked).toBe(true);
    await rig.clock.advance(59_000);
    expect(rig.models.open).toBe(1);
    await rig.clock.advance(2_000);
    expect(await pending).toMatchObject({ kind: 'FAILED', attempts: [{ endpoint: 0 }, { endpoint: 1 }] });
  });

  test('a variable called history is one like any other where no conversation is taken', async () => {
    const input = {
      ...TRANSLATE,
      template: 'Judge {{history}}.',
      variables: [{ name: 'history', type: '[String!]!' }],
    };
    rig = await promptRig(input, { 'first/large': [says('Fine.')], 'second/small': [] });
    expect(await rig.ask({ history: ['a war'] })).toMatchObject({ kind: 'FRESH', value: 'Fine.' });
    expect(rig.models.asked[0]?.request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('figures are sums of all times a model was asked, in vain too', async () => {
    rig = await promptRig(TRANSLATE, {
      'first/large': [{ kind: 'fail', failure: failure(), billed: true }],
      'second/small': [says('Salut')],
    });
    const pending = rig.ask({ text: 'Hello', to: 'FR' });
    await rig.clock.advance(1_000);
    const outcome = await pending;
    expect(outcome).toMatchObject({ kind: 'BACKUP', value: 'Salut' });
    const figures = outcome.figures as unknown as PromptFigures;
    expect(figures).toMatchObject({
      provider: 'second',
      model: 'small',
      finishReason: 'stop',
      tokens: { input: 20, output: 5, cachedInput: 4, cacheWrite: 0, reasoning: 2 },
      usd: 0.002,
    });
    expect(figures.calls.map(({ provider }) => provider)).toEqual(['first', 'second']);
  });
});

describe('a typed answer', () => {
  test('its type is the schema that the model is given, and its value is of the type', async () => {
    rig = await promptRig(REVIEW, { 'first/large': [says(GOOD)], 'second/small': [] });
    const outcome = await rig.ask({ text: 'Fine.' });
    expect(outcome).toMatchObject({ kind: 'FRESH', value: JSON.parse(GOOD) });
    expect(rig.models.asked[0]?.request.output).toEqual({
      kind: 'json',
      name: 'Review',
      schema: {
        description: 'What is to be thought of it.',
        type: 'object',
        additionalProperties: false,
        required: ['stars', 'mood', 'tags', 'author'],
        properties: {
          stars: { type: 'integer' },
          mood: { type: ['string', 'null'], enum: ['GOOD', 'BAD', null] },
          tags: { type: 'array', items: { type: 'string' } },
          author: {
            type: ['object', 'null'],
            additionalProperties: false,
            required: ['name'],
            properties: { name: { type: 'string' } },
          },
        },
      },
    });
  });

  test.each([
    ['a block of Markdown', `\`\`\`json\n${GOOD}\n\`\`\``],
    ['without what is nullable', '{"stars":4,"tags":["kind"],"mood":"GOOD"}'],
  ])('%s is taken', async (_name, text) => {
    rig = await promptRig(REVIEW, { 'first/large': [says(text)], 'second/small': [] });
    expect(await rig.ask({ text: 'Fine.' })).toMatchObject({ kind: 'FRESH', value: JSON.parse(GOOD) });
    expect(rig.models.asked).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'Four stars!', 'expected JSON'],
    ['another type', '{"stars":"4","tags":[]}', '$.stars: expected a 32-bit integer; got a string'],
    ['too large an integer', '{"stars":4000000000,"tags":[]}', '$.stars: expected a 32-bit integer'],
    ['no such value', '{"stars":4,"tags":[],"mood":"SECRET"}', '$.mood: expected one of GOOD, BAD'],
    ['null in a list', '{"stars":4,"tags":[null]}', '$.tags[0]: expected a string; got null'],
    ['something more', '{"stars":4,"tags":[],"SECRET":1}', 'expected no property but stars'],
  ])('%s is told to the model once, which repairs it', async (_name, wrong, told) => {
    rig = await promptRig(REVIEW, { 'first/large': [says(wrong), says(GOOD)], 'second/small': [] });
    const outcome = await rig.ask({ text: 'Fine.' });
    expect(outcome).toMatchObject({ kind: 'FRESH', value: JSON.parse(GOOD), attempts: [{ endpoint: 0 }] });
    const messages = rig.models.asked[1]?.request.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(textOf(messages[2])).toBe(wrong);
    expect(textOf(messages[3])).toContain(told);
    expect((outcome.figures as unknown as PromptFigures).calls).toHaveLength(2);
  });

  test('what cannot be repaired is the next model’s, and nothing of it is in the failure', async () => {
    rig = await promptRig(
      REVIEW,
      { 'first/large': [says('SECRET')], 'second/small': [says('SECRET')] },
      { retries: 1 },
    );
    const pending = rig.ask({ text: 'Fine.' });
    await rig.clock.advance(1_000);
    const outcome = await pending;
    if (outcome.kind !== 'FAILED') throw new Error(outcome.kind);
    expect(outcome.failure.code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(outcome.failure.message).not.toContain('SECRET');
    expect(outcome.attempts.map(({ endpoint }) => endpoint)).toEqual([0, 1]);
    expect(rig.models.asked.map(({ target }) => target.provider)).toEqual(['first', 'first', 'second', 'second']);
    expect(outcome.figures).toMatchObject({ usd: 0.004 });
  });

  test('repairs come from the retry budget', async () => {
    rig = await promptRig(REVIEW, { 'first/large': [says('no')], 'second/small': [says('no')] }, { retries: 0 });
    for (let i = 0; i < 10; i++) await rig.ask({ text: `${i}` });
    // Three a second without a word of the clock, and a fifth of one for each call.
    expect(rig.models.asked.length).toBeGreaterThanOrEqual(13);
    expect(rig.models.asked.length).toBeLessThanOrEqual(15);
  });
});
