import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readChatRequest } from '../../../src/server/openai/read/chat-request.ts';
import { RequestRefused } from '../../../src/server/way-in/refused.ts';

const user = { role: 'user', content: 'Hi' };
const read = (more: Record<string, unknown> = {}) => readChatRequest({ model: 'p/m', messages: [user], ...more });

/** The places that are refused. */
function refused(body: unknown): readonly string[] {
  try {
    readChatRequest(body);
  } catch (error: unknown) {
    if (error instanceof RequestRefused) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const call = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } });
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });

function image(url: string, detail?: string) {
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
}
function parts(...content: unknown[]) {
  return { role: 'user', content };
}
const filePlaces = ['messages[0].content[0].file.file_id', 'messages[0].content[0].file.file_data'];

describe('messages', () => {
  test('every role and every kind of part', () => {
    const { request } = read({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'system', content: [{ type: 'text', text: 'And kind.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'auto' } },
            { type: 'image_url', image_url: { url: 'data:image/PNG;base64,AAEC' } },
            { type: 'input_audio', input_audio: { data: 'AAEC', format: 'mp3' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAEC' } },
          ],
        },
        { role: 'assistant', content: null, refusal: null, annotations: [], tool_calls: [call('c1', 'look')] },
        { role: 'tool', tool_call_id: 'c1', content: 'seen' },
      ],
    });
    const data = Buffer.from([0, 1, 2]);
    expect(request.messages).toEqual([
      { role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] },
      { role: 'system', parts: [{ kind: 'text', text: 'And kind.' }] },
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'See' },
          { kind: 'file', mediaType: 'image/*', data: new URL('https://example.com/a.png') },
          { kind: 'file', mediaType: 'image/png', data },
          { kind: 'file', mediaType: 'audio/mpeg', data },
          { kind: 'file', mediaType: 'application/pdf', data, name: 'a.pdf' },
        ],
      },
      { role: 'assistant', parts: [{ kind: 'toolCall', id: 'c1', name: 'look', arguments: '{}' }] },
      { role: 'tool', parts: [{ kind: 'toolResult', id: 'c1', name: 'look', text: 'seen' }] },
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['no messages', [], ['messages']],
    ['messages that are no list', 'hi', ['messages']],
    ['a message that is no object', ['hi'], ['messages[0]']],
    ['an unknown role', [{ role: 'function', content: '' }], ['messages[0].role']],
    ['a name that is none', [{ ...user, name: 7 }], ['messages[0].name']],
    ['no content', [{ role: 'user' }], ['messages[0].content']],
    [
      'a system message with an image',
      [{ role: 'system', content: [image('https://a.example')] }],
      ['messages[0].content'],
    ],
    ['a file by id', [parts({ type: 'file', file: { file_id: 'f' } })], filePlaces],
    ['an unknown part', [parts({ type: 'video' })], ['messages[0].content[0].type']],
    ['an unknown detail', [parts(image('https://a.example', 'most'))], ['messages[0].content[0].image_url.detail']],
    ['a local file as an image', [parts(image('file:///etc/passwd'))], ['messages[0].content[0].image_url.url']],
    ['base64 that is none', [parts(image('data:image/png;base64,%%'))], ['messages[0].content[0].image_url.url']],
    ['a result of no call', [user, { role: 'tool', tool_call_id: 'x', content: '' }], ['messages[1].tool_call_id']],
    ['cache hints', [parts({ type: 'text', text: 'a', cache_control: {} })], ['messages[0].content[0].cache_control']],
  ])('%s: refused with the place', (_, messages, places) => {
    expect(refused({ model: 'p/m', messages })).toEqual(places);
  });
});

describe('parameters', () => {
  test('all that Weir hands on', () => {
    const { request, stream, includeUsage, given } = read({
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      max_completion_tokens: 9,
      stop: 'x',
      seed: -1,
      presence_penalty: 1,
      frequency_penalty: -1,
      reasoning_effort: 'low',
      user: 'u',
      parallel_tool_calls: false,
      tools: [tool('look'), { type: 'function', function: { name: 'bare', strict: true, description: 'd' } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
      stream: true,
      stream_options: { include_usage: true },
    });
    expect({ stream, includeUsage }).toEqual({ stream: true, includeUsage: true });
    expect(given).toContain('temperature');
    expect(request).toEqual({
      messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }],
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 3,
        maxOutputTokens: 9,
        stop: ['x'],
        seed: -1,
        presencePenalty: 1,
        frequencyPenalty: -1,
        reasoningEffort: 'low',
      },
      user: 'u',
      parallelToolCalls: false,
      tools: [
        { name: 'look', parameters: { type: 'object' } },
        { name: 'bare', description: 'd', strict: true, parameters: { type: 'object', properties: {} } },
      ],
      toolChoice: { name: 'look' },
      output: { kind: 'json', name: 'n', schema: { type: 'object' }, strict: true },
    });
  });

  test('what only OpenAI’s format has, by its own names', () => {
    const openAi = {
      logit_bias: { 50256: -100 },
      logprobs: true,
      top_logprobs: 2,
      n: 3,
      prediction: { type: 'content', content: 'ab' },
      verbosity: 'low',
      store: true,
      metadata: { team: 'search' },
      service_tier: 'default',
      safety_identifier: 's',
      prompt_cache_key: 'p',
      prompt_cache_retention: '24h',
    };
    const text = (each: string) => ({ type: 'text', text: each });
    const { request, given } = read({ ...openAi, prediction: { type: 'content', content: [text('a'), text('b')] } });
    expect(request.openAi).toEqual(openAi);
    // The one tier there is says nothing that a prompt would say itself.
    expect(given).toEqual(Object.keys(openAi).filter((name) => name !== 'service_tier'));
  });

  test('names of speakers, and how closely an image is looked at', () => {
    const close = parts(image('https://a.example', 'low'));
    const { request } = read({
      messages: [
        { role: 'system', content: 'x', name: 'ann' },
        { ...close, name: 'bob' },
      ],
    });
    expect(request.messages).toMatchObject([
      { role: 'system', name: 'ann' },
      { role: 'user', name: 'bob', parts: [{ detail: 'low' }] },
    ]);
  });

  test('what says nothing is as if it were not there', () => {
    const none = { n: 1, logprobs: false, service_tier: 'auto', modalities: ['text'], tools: [] };
    const { request, given } = read({ ...none, temperature: null, functions: null, response_format: { type: 'text' } });
    expect(request).toEqual({ messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }], parameters: {} });
    expect(given).toEqual(['response_format']);
  });

  test.each<[Record<string, unknown>, string[]]>([
    [{ n: 2, stream: true }, ['n']],
    [{ n: 0 }, ['n']],
    [{ n: 129 }, ['n']],
    [{ top_logprobs: 2 }, ['top_logprobs']],
    [{ logprobs: true, top_logprobs: 21 }, ['top_logprobs']],
    [{ logprobs: 1 }, ['logprobs']],
    [{ logit_bias: { 1: 200, 2: 'x', 3: 0 } }, ['logit_bias.1', 'logit_bias.2']],
    [{ metadata: { a: 1 }, store: 'yes' }, ['metadata.a', 'store']],
    [{ metadata: 'x', verbosity: 'most' }, ['metadata', 'verbosity']],
    [{ prediction: { type: 'content', content: [image('https://a.example')] } }, ['prediction.content']],
    [{ prediction: { type: 'guess', content: 'x', more: 1 } }, ['prediction.more', 'prediction.type']],
    [{ service_tier: 'flex' }, ['service_tier']],
    [{ web_search_options: {} }, ['web_search_options']],
    [{ functions: [{}], function_call: 'auto' }, ['functions', 'function_call']],
    [{ audio: {}, modalities: ['text', 'audio'] }, ['audio', 'modalities']],
    [{ nonsense: 1 }, ['nonsense']],
    [{ temperature: '1' }, ['temperature']],
    [{ temperature: 3, top_p: -1 }, ['temperature', 'top_p']],
    [{ max_tokens: 0 }, ['max_tokens']],
    [{ max_tokens: 1, max_completion_tokens: 2 }, ['max_tokens']],
    [{ stop: ['a', 1] }, ['stop[1]']],
    [{ stream: 'yes' }, ['stream']],
    [{ stream_options: { include_usage: true } }, ['stream_options']],
    [{ stream: true, stream_options: { include_obfuscation: true } }, ['stream_options.include_obfuscation']],
    [{ tools: [{ type: 'web_search' }] }, ['tools[0].type']],
    [{ tool_choice: 'required' }, ['tool_choice']],
    [{ tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'b' } } }, ['tool_choice.function.name']],
    [{ response_format: { type: 'json_schema' } }, ['response_format.json_schema']],
    [{ response_format: { type: 'grammar' } }, ['response_format.type']],
    [{ model: '' }, ['model']],
    [{ model: 7, messages: undefined, seed: 1.5 }, ['model', 'messages', 'seed']],
  ])('%j: every problem is named', (more, places) => {
    expect([...refused({ model: 'p/m', messages: [user], ...more })].sort()).toEqual([...places].sort());
  });

  test.each([[null], [[]], ['text'], [3]])('%j is no request', (body) => {
    expect(refused(body)).toEqual(['']);
  });
});

test('nothing that JSON can say makes it fail otherwise, and no answer is long', () => {
  const keys = ['model', 'messages', 'role', 'content', 'tools', 'type', 'function', 'stop', 'stream', '__proto__'];
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue(),
      fc.constantFrom('user', 'tool', 'assistant', 'text', 'image_url', 'function'),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 6 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (body) => {
      try {
        readChatRequest(body);
      } catch (error: unknown) {
        expect(error).toBeInstanceOf(RequestRefused);
        expect((error as Error).message.length).toBeLessThan(10_000);
      }
    }),
  );
});
