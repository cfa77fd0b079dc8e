import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';
import { type ChatServer, json, startChatServer } from './support/chat-server.ts';

/**
 * What reaches Anthropic of a request is the same whether its official client asks there itself, or asks Weir, which
 * hands it on: both are recorded by one server.
 */
let vendor: ChatServer;
let weir: TestGateway;
let direct: Anthropic;
let throughWeir: Anthropic;

const MODEL = 'claude-sonnet-4-6';
const VENDOR_KEY = 'vendor-key-of-the-account';

beforeAll(async () => {
  vendor = await startChatServer();
  vendor.answer = (response, body) => {
    if (!(JSON.parse(body) as { stream?: boolean }).stream) return json(response, 200, MESSAGE);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of EVENTS) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  };
  weir = await startTestGateway();
  const input = {
    name: 'claude',
    kind: 'ANTHROPIC',
    baseUrl: `${vendor.url}/v1`,
    credential: { apiKey: VENDOR_KEY },
    models: [{ name: MODEL }],
  };
  const set = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }';
  const { errors } = await weir.admin(set, { input });
  expect(errors).toEqual([]);
  direct = new Anthropic({ apiKey: VENDOR_KEY, baseURL: vendor.url, maxRetries: 0 });
  throughWeir = new Anthropic({ apiKey: TEST_ADMIN_KEY, baseURL: weir.url, maxRetries: 0 });
});
afterAll(async () => {
  await weir.close();
  await vendor.close();
});
afterEach(() => {
  vendor.requests.length = 0;
});

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: MODEL,
  content: [{ type: 'text', text: 'Good day.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 3, cache_read_input_tokens: 4 },
};

const EVENTS = [
  { type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Good day.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
  { type: 'message_stop' },
];

type Params = Omit<Anthropic.MessageCreateParams, 'model'>;

const hello: Params = { max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] };
const weather: Anthropic.Tool = {
  name: 'weather',
  description: 'How the weather is.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const CASES: readonly (readonly [string, Params])[] = [
  ['text', hello],
  ['a stream', { ...hello, stream: true }],
  ['a system message, and what else there is', { ...hello, system: 'Be brief.', stop_sequences: ['X', 'Y'] }],
  [
    'a system message in blocks',
    {
      ...hello,
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'And kind.' },
      ],
    },
  ],
  ['who asks', { ...hello, metadata: { user_id: 'ann' } }],
  [
    'images and documents',
    {
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
            {
              type: 'document',
              title: 'Report',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQ=' },
            },
            { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Call me Ishmael.' } },
            { type: 'text', text: 'see' },
          ],
        },
      ],
    },
  ],
  ['tools', { ...hello, tools: [weather], tool_choice: { type: 'any', disable_parallel_tool_use: true } }],
  ['one tool', { ...hello, tools: [weather], tool_choice: { type: 'tool', name: 'weather' } }],
  [
    'a conversation with results of tools',
    {
      max_tokens: 100,
      tools: [weather],
      tool_choice: { type: 'auto' },
      messages: [
        { role: 'user', content: 'weather?' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
            { type: 'tool_use', id: 'toolu_2', name: 'weather', input: { city: 'Rome' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: '9 °C' },
            {
              type: 'tool_result',
              tool_use_id: 'toolu_2',
              content: [
                { type: 'text', text: '19 °C' },
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
                { type: 'image', source: { type: 'url', url: 'https://example.com/rome.png' } },
              ],
            },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    },
  ],
  ['a budget for thinking', { ...hello, max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 2000 } }],
  [
    'thinking as the model likes, and effort',
    { ...hello, thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } },
  ],
  ['no thinking', { ...hello, thinking: { type: 'disabled' } }],
  [
    'thoughts handed back, and a tool that failed',
    {
      max_tokens: 3000,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      tools: [weather],
      messages: [
        { role: 'user', content: 'weather?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Oslo, then.', signature: 'sealed' },
            { type: 'redacted_thinking', data: 'unreadable' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'No such city.', is_error: true }],
        },
      ],
    },
  ],
  [
    'marks of what is to be kept',
    {
      max_tokens: 100,
      tools: [{ ...weather, cache_control: { type: 'ephemeral' } }],
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hello', cache_control: { type: 'ephemeral' } }] },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: 'toolu_1',
              name: 'weather',
              input: { city: 'Oslo' },
              cache_control: { type: 'ephemeral' },
            },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '9 °C' }] },
      ],
    },
  ],
  ['a mark for all of it', { ...hello, cache_control: { type: 'ephemeral', ttl: '5m' } }],
];

test('features in the making that are asked for go with it', async () => {
  const betas = { headers: { 'anthropic-beta': 'context-1m-2025-08-07, interleaved-thinking-2025-05-14' } };
  const params = { ...hello, model: `claude/${MODEL}` } as Anthropic.MessageCreateParamsNonStreaming;
  await throughWeir.messages.create(params, betas);
  const sent = String(vendor.requests[0]?.headers['anthropic-beta']).split(',').sort();
  expect(sent).toEqual(['context-1m-2025-08-07', 'interleaved-thinking-2025-05-14']);
});

describe('what Anthropic is sent', () => {
  test.each(CASES)('%s', async (_, params) => {
    await ask(direct, MODEL, params);
    await ask(throughWeir, `claude/${MODEL}`, params);
    const [expected, sent] = vendor.requests;
    if (expected === undefined || sent === undefined) throw new Error('both must have come');
    expect(sent.path).toBe(expected.path);
    expect(normal(JSON.parse(sent.body))).toEqual(normal(JSON.parse(expected.body)));
    expect(credentialOf(sent.headers)).toBe(credentialOf(expected.headers));
    expect(sent.headers['content-type']).toBe(expected.headers['content-type']);
    // Of the two that there are. Both take these requests; the older takes sampling as well.
    expect(sent.headers['anthropic-version']).toBe('2023-06-01');
    expect(JSON.stringify(sent)).not.toContain(TEST_ADMIN_KEY);
  });
});

async function ask(client: Anthropic, model: string, params: Params): Promise<void> {
  const answer = await client.messages.create({ ...params, model } as Anthropic.MessageCreateParams);
  if (!('controller' in answer)) return expect(answer.content).toMatchObject([{ type: 'text', text: 'Good day.' }]);
  for await (const _ of answer);
}

/** Clients may send a key in either. */
function credentialOf(headers: ChatServer['requests'][number]['headers']): unknown {
  return headers['x-api-key'] ?? headers.authorization?.replace('Bearer ', '');
}

type Json = { readonly [name: string]: unknown };

/**
 * The same words for the same: a text is short for a list of one block of text, and `false` says what happens anyway.
 * Tools of streams come with `eager_input_streaming`, so that a long call is not mistaken for a model that has stopped.
 */
function normal({ system, messages, tools, stream, ...rest }: Json): Json {
  return {
    ...rest,
    system: system === undefined ? [] : blocks(system),
    messages: (messages as Json[]).map((message) => ({ ...message, content: blocks(message.content) })),
    tools: ((tools ?? []) as Json[]).map(({ eager_input_streaming, ...tool }) => {
      expect(eager_input_streaming).toBe(eager_input_streaming === undefined ? undefined : stream);
      return tool;
    }),
    stream: stream ?? false,
  };
}

function blocks(content: unknown): unknown {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
