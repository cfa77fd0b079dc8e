import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { account } from './support/accounts.ts';
import { ChatRig, target, USAGE } from './support/chat-rig.ts';
import { completion, json } from './support/chat-server.ts';
import { ask, callContext, failureOf } from './support/setup.ts';

const rig = new ChatRig();

describe('what a call is told as', () => {
  test('tokens and cost as the vendor reported them', async () => {
    const { figures } = await rig.generate();
    expect(figures).toEqual({
      ...target,
      tokens: { input: 1000, output: 500, cachedInput: 400, cacheWrite: 0, reasoning: 300 },
      tokensReported: true,
      // 600 x 2.50 + 400 x 1.25 + 500 x 10.00
      usd: expect.closeTo(0.007, 12),
      finishReason: 'stop',
    });
    expect(rig.setup.events).toEqual([
      {
        at: new Date(rig.clock.now()),
        requestId: 'r1',
        callerId: 'k1',
        source: 'translate',
        streamed: false,
        durationMs: 0,
        firstTokenMs: undefined,
        figures,
        failure: undefined,
      },
    ]);
  });

  test('an estimate of our own when the vendor does not say', async () => {
    rig.server.answer = (response) => json(response, 200, completion({ content: 'Good day.' }));
    const { figures } = await rig.generate();
    expect(figures).toMatchObject({ tokensReported: false, tokens: { output: 3 } });
    expect(figures.tokens.input).toBeGreaterThan(0);
  });

  test.each([
    ['an empty answer', completion({ content: '' })],
    ['JSON that is cut off', '{"choices": [{"mess'],
    ['no choices', { ...completion({ content: 'x' }), choices: [] }],
    ['another format', { hello: 1 }],
  ])('%s is a fault', async (_name, body) => {
    rig.server.answer = (response) => json(response, 200, body);
    expect(await failureOf(rig.generate())).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      countsAgainstHealth: true,
    });
  });

  test('a refusal and a content filter, with what they took', async () => {
    rig.server.answer = (response) =>
      json(response, 200, completion({ content: null, refusal: 'No.' }, { usage: USAGE }));
    expect((await failureOf(rig.generate())).code).toBe('MODEL_REFUSED');
    rig.server.answer = (response) =>
      json(response, 200, completion({ content: 'Go' }, { usage: USAGE }, 'content_filter'));
    expect((await failureOf(rig.generate())).code).toBe('CONTENT_FILTERED');
    expect(rig.setup.events.map(({ figures }) => figures.tokens.input)).toEqual([1000, 1000]);
  });

  test('no failure carries what was asked or answered', async () => {
    rig.server.answer = (response) => json(response, 200, '{"secret answer": ');
    const failure = await failureOf(rig.generate(ask('a secret question')));
    const written = inspect(failure, { depth: 10, showHidden: true }) + JSON.stringify(failure);
    expect(written).not.toContain('secret question');
    expect(written).not.toContain('secret answer');
  });
});

describe('embeddings', () => {
  test('one vector for each text, in order', async () => {
    rig.server.answer = (response, body) => {
      const { input } = JSON.parse(body) as { input: string[] };
      const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1] }));
      json(response, 200, { object: 'list', data, model: 'm', usage: { prompt_tokens: 9, total_tokens: 9 } });
    };
    const model = { provider: 'acme', model: 'text-embedding-3-small' };
    const { vectors, figures } = await rig.setup.models.embed(model, { texts: ['a', 'bcd'] }, callContext());
    expect(vectors).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(figures).toMatchObject({
      tokens: { input: 9, output: 0 },
      tokensReported: true,
      usd: expect.closeTo(1.8e-7, 12),
    });
  });

  test('a vendor without any says so', async () => {
    await rig.start([account('ANTHROPIC', { baseUrl: `${rig.server.url}/v1` })]);
    expect(await failureOf(rig.setup.models.embed(target, { texts: ['a'] }, callContext()))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      shown: { unsupported: ['embeddings'] },
    });
  });
});

test('the models of every account, and a probe of its host', async () => {
  expect(rig.setup.models.list()).toContainEqual({
    ...target,
    description: expect.objectContaining({ contextTokens: 128_000 }),
  });
  await rig.setup.models.probe('acme', new AbortController().signal);
  await rig.server.close();
  const failure = await failureOf(rig.setup.models.probe('acme', new AbortController().signal));
  expect(failure.reason).toBe('connection_refused');
});
