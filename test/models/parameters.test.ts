import { describe, expect, test } from '@jest/globals';
import type { OpenAiParameters } from '../../src/models/index.ts';
import { account } from './support/accounts.ts';
import { ChatRig, target } from './support/chat-rig.ts';
import { json } from './support/chat-server.ts';
import { ask, callContext, failureOf, readAll, streamed } from './support/setup.ts';

const rig = new ChatRig();

describe('parameters', () => {
  test('what a vendor has no place for is refused by name, before anything leaves', async () => {
    const request = ask('x', { parameters: { topK: 4, temperature: 0 } });
    expect(rig.setup.models.unsupported(target, request)).toEqual(['topK']);
    const failure = await failureOf(rig.generate(request));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', elsewhere: true, shown: { unsupported: ['topK'] } });
    await failureOf(readAll(streamed(rig.setup.models, target, request, callContext())));
    expect(rig.server.requests).toHaveLength(0);
    expect(rig.setup.events).toEqual([]);
  });

  test.each([
    ['OPENAI', 'o3'],
    ['AZURE_OPENAI', 'gpt-5'],
    ['DEEPSEEK', 'deepseek-reasoner'],
    ['ANTHROPIC', 'claude-opus-4-7'],
  ] as const)(
    'what the package leaves out for a model is found before it is sent, or passed on: %s %s',
    async (kind, model) => {
      await rig.start([account(kind, { baseUrl: `${rig.server.url}/v1` })]);
      const request = ask('x', { parameters: { temperature: 0.3, topP: 0.4 } });
      const outcome = await rig.setup.models
        .generate({ provider: 'acme', model }, request, callContext())
        .catch((e: unknown) => e);
      const [sent] = rig.server.requests;
      if (sent === undefined) expect(outcome).toMatchObject({ shown: { unsupported: ['temperature', 'topP'] } });
      else expect(JSON.parse(sent.body)).toMatchObject({ temperature: 0.3, top_p: 0.4 });
    },
  );

  test.each<[object, object]>([
    [
      { message: "Unsupported value: 'top_p' does not support 0.4.", param: 'top_p', code: 'unsupported_value' },
      { unsupported: ['topP'] },
    ],
    [
      {
        message: 'Function tools with reasoning_effort are not supported here.',
        param: 'reasoning_effort',
        code: null,
      },
      { unsupported: ['reasoningEffort'] },
    ],
    [{ message: 'Unsupported: secret-word', param: 'secret-word', code: 'unsupported_value' }, {}],
    [{ message: 'Audio is not supported.', param: 'messages', code: null }, {}],
    [{ message: 'Expected a number.', param: 'top_p', code: 'invalid_type' }, {}],
  ])('what a model refuses is named, and another may still take it: %j', async (error, shown) => {
    rig.server.answer = (response) => json(response, 400, { error: { type: 'invalid_request_error', ...error } });
    const request = ask('x', { parameters: { topP: 0.4 } });
    const failure = await failureOf(
      rig.setup.models.generate({ provider: 'acme', model: 'o3' }, request, callContext()),
    );
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', status: 400, countsAgainstHealth: false });
    expect(failure.elsewhere).toBe('unsupported' in shown);
    expect(failure.shown).toEqual(shown);
  });

  test('all that it can carry, it carries', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    await rig.generate({
      messages: [
        {
          role: 'user',
          parts: [
            { kind: 'text', text: 'What is this?' },
            { kind: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 3]) },
            { kind: 'file', mediaType: 'image/png', data: new URL('https://images.example/a.png') },
          ],
        },
      ],
      parameters: {
        temperature: 0.5,
        topP: 0.9,
        maxOutputTokens: 77,
        stop: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
      },
      output: { kind: 'json', schema, name: 'answer', strict: true },
      tools: [{ name: 'look', description: 'Look closer.', parameters: schema }],
      toolChoice: { name: 'look' },
      parallelToolCalls: false,
      user: 'u1',
    });
    expect(JSON.parse(rig.server.requests[0]?.body ?? '')).toMatchObject({
      model: 'gpt-4o',
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 77,
      stop: ['END'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      user: 'u1',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
            { type: 'image_url', image_url: { url: 'https://images.example/a.png' } },
          ],
        },
      ],
    });
  });

  test.each<['MISTRAL' | 'XAI', OpenAiParameters, object]>([
    ['MISTRAL', { prompt_cache_key: 'k' }, { prompt_cache_key: 'k' }],
    [
      'XAI',
      { prompt_cache_key: 'k', safety_identifier: 's', store: false },
      { prompt_cache_key: 'k', safety_identifier: 's', store: false },
    ],
  ])('what a package has words for is said in them: %s', async (kind, openAi, sent) => {
    await rig.start([account(kind, { baseUrl: `${rig.server.url}/v1` })]);
    expect(rig.setup.models.unsupported(target, ask('x', { openAi }))).toEqual([]);
    await rig.generate(ask('x', { openAi })).catch(() => {});
    expect(JSON.parse(rig.server.requests[0]?.body ?? '')).toMatchObject(sent);
    expect(rig.setup.models.unsupported(target, ask('x', { openAi: { ...openAi, n: 2 } }))).toEqual(['n']);
  });

  test('a message that cannot be is refused', async () => {
    const toolCall = { kind: 'toolCall', id: 'c', name: 'look', arguments: '{' } as const;
    const misplaced = ask('x', { messages: [{ role: 'user', parts: [toolCall] }] });
    expect((await failureOf(rig.generate(misplaced))).neverLeft).toBe(true);
    const noJson = ask('x', { messages: [{ role: 'assistant', parts: [toolCall] }] });
    expect((await failureOf(rig.generate(noJson))).neverLeft).toBe(true);
    expect(rig.server.requests).toHaveLength(0);
  });
});
