import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  errorOf,
  type MessagesGateway,
  MODEL,
  MODELS,
  problemsOf,
  say,
  startMessagesGateway,
  usage,
  weather,
} from './anthropic-setup.ts';

let gateway: MessagesGateway;
let client: Anthropic;
beforeAll(async () => {
  gateway = await startMessagesGateway();
  client = gateway.anthropic;
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.vendor.clearFixtures();
  gateway.vendor.clearRequests();
});

/** What the vendor was sent last, in the one form that the stand-in keeps. */
const sent = () => gateway.vendor.getLastRequest()?.body as unknown as Record<string, unknown>;

describe.each(Object.entries(MODELS))('%s', (_, model) => {
  test('text, with what it took and Weir’s own headers', async () => {
    gateway.vendor.onMessage('hello', { content: 'Good day.', usage });
    const { data, response, request_id } = await client.messages
      .create({
        model,
        max_tokens: 20,
        system: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: ' And kind.' },
        ],
        messages: say('hello'),
        stop_sequences: ['X'],
      })
      .withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'Good day.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 5, cost: (10 * 1 + 5 * 2) / 1e6 },
    });
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'weir-model': model,
      'weir-outcome': 'FRESH',
      'weir-cost-usd': '0.00002',
      'cache-control': 'no-store',
    });
    expect(data.id).toBe(`msg_${headers['x-request-id']}`);
    expect(request_id).toBe(headers['x-request-id']);
    const { messages, max_tokens } = sent();
    expect(max_tokens).toBe(20);
    expect(messages).toMatchObject([{ role: 'system', content: 'Be brief. And kind.' }, { role: 'user' }]);
    expect(JSON.stringify(gateway.vendor.getLastRequest()?.headers)).not.toContain(gateway.key);
  });

  test('a stream, in Anthropic’s order of events', async () => {
    const text = 'Good day to you, and to everybody else.';
    gateway.vendor.onMessage('hello', { content: text, usage }, { latency: 30 });
    const { data, response } = await client.messages
      .create({ model, max_tokens: 20, messages: say('hello'), stream: true })
      .withResponse();
    const events: Anthropic.MessageStreamEvent[] = [];
    for await (const event of data) events.push(event);
    expect(response.headers.get('weir-model')).toBe(model);
    const types = events.map(({ type }) => type).filter((type) => type !== 'content_block_delta');
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events.length).toBeGreaterThan(10);

    const stream = client.messages.stream({ model, max_tokens: 20, messages: say('hello') });
    expect(await stream.finalText()).toBe(text);
    expect(await stream.finalMessage()).toMatchObject({ model, stop_reason: 'end_turn', usage: { output_tokens: 5 } });
  });

  test('tools: called whole and in a stream, and their results handed back', async () => {
    const calls = [
      { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
      { id: 'call_2', name: 'weather', arguments: '{"city":"Rome"}' },
    ];
    gateway.vendor.onMessage('weather?', { toolCalls: calls });
    const ask = {
      model,
      max_tokens: 99,
      messages: say('weather?'),
      tools: [weather],
      tool_choice: { type: 'any' as const },
    };
    const expected = calls.map((call) => ({
      type: 'tool_use',
      id: call.id,
      name: 'weather',
      input: JSON.parse(call.arguments),
    }));
    const whole = await client.messages.create(ask);
    expect(whole).toMatchObject({ stop_reason: 'tool_use', content: expected });
    const streamed = await client.messages.stream(ask).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'tool_use', content: expected });

    gateway.vendor.clearFixtures();
    gateway.vendor.on({ toolCallId: 'call_2' }, { content: 'Rain in both.' });
    const results = [
      { type: 'tool_result' as const, tool_use_id: 'call_1', content: '9 °C' },
      { type: 'tool_result' as const, tool_use_id: 'call_2', content: [{ type: 'text' as const, text: '19 °C' }] },
    ];
    const told = await client.messages.create({
      ...ask,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      messages: [
        ...say('weather?'),
        { role: 'assistant', content: streamed.content },
        { role: 'user', content: results },
      ],
    });
    expect(told.content).toMatchObject([{ type: 'text', text: 'Rain in both.' }]);
    expect(sent().tools).toMatchObject([{ function: { name: 'weather', parameters: weather.input_schema } }]);
    expect(sent().messages).toMatchObject([
      { role: 'user' },
      { tool_calls: calls.map(({ id }) => ({ id })) },
      { role: 'tool', tool_call_id: 'call_1', content: '9 °C' },
      { role: 'tool', tool_call_id: 'call_2', content: '19 °C' },
    ]);
  });

  test('a length that was reached is said so', async () => {
    gateway.vendor.onMessage('long', { content: 'Once upon', finishReason: 'length' });
    const ask = { model, max_tokens: 2, messages: say('long') };
    expect(await client.messages.create(ask)).toMatchObject({ stop_reason: 'max_tokens' });
    expect(await client.messages.stream(ask).finalMessage()).toMatchObject({ stop_reason: 'max_tokens' });
  });
});

test.each([false, true])('the client’s own loop of tools, streamed: %s', async (stream) => {
  gateway.vendor.on({ toolCallId: 'call_1' }, { content: 'Rain.' });
  gateway.vendor.onMessage('weather?', {
    toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }],
  });
  const asked: unknown[] = [];
  const run = async (input: unknown) => {
    asked.push(input);
    return '9 °C';
  };
  const tools = [{ ...weather, run, parse: (input: unknown) => input }];
  const runner = client.beta.messages.toolRunner({
    model: MODEL,
    max_tokens: 99,
    messages: say('weather?'),
    tools,
    stream,
  });
  expect((await runner).content).toMatchObject([{ type: 'text', text: 'Rain.' }]);
  expect(asked).toEqual([{ city: 'Oslo' }]);
});

describe('what a message may have', () => {
  const image = (source: Anthropic.ImageBlockParam['source']) => ({ type: 'image' as const, source });
  const images = [
    image({ type: 'base64', media_type: 'image/png', data: 'AAEC' }),
    image({ type: 'url', url: 'https://example.com/cat.png' }),
  ];
  const ask = (model: string, content: Anthropic.ContentBlockParam[]) =>
    client.messages.create({ model, max_tokens: 9, messages: [{ role: 'user', content }] });

  test('images go to OpenAI’s format as its own', async () => {
    gateway.vendor.onMessage('see', { content: 'A cat.' });
    await ask(MODEL, [{ type: 'text', text: 'see' }, ...images]);
    const urls = ['data:image/png;base64,AAEC', 'https://example.com/cat.png'];
    expect(sent().messages).toMatchObject([
      { content: [{ type: 'text' }, ...urls.map((url) => ({ type: 'image_url', image_url: { url } }))] },
    ]);
  });

  test('sampling, where the vendor of the model takes it, though this client does not know of it', async () => {
    gateway.vendor.onMessage('hello', { content: 'Good day.' });
    const sampling = { temperature: 0.5, metadata: { user_id: 'ann' } };
    await client.messages.create({ model: MODEL, max_tokens: 9, messages: say('hello'), ...sampling });
    expect(sent()).toMatchObject({ temperature: 0.5, user: 'ann' });
  });

  test('a schema for the answer', async () => {
    gateway.vendor.onMessage('book', { content: '{"title":"Emma"}' });
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const format = { type: 'json_schema' as const, schema };
    const answer = await client.messages.parse({
      model: MODEL,
      max_tokens: 99,
      messages: say('book'),
      output_config: { format },
    });
    expect(answer.parsed_output).toEqual({ title: 'Emma' });
    expect(sent().response_format).toMatchObject({ type: 'json_schema', json_schema: { schema } });
  });

  test('a key in x-api-key, with the older version of the format', async () => {
    gateway.vendor.onMessage('hello', { content: 'Good day.' });
    const body = { model: MODEL, max_tokens: 9, messages: say('hello') };
    const answer = await gateway.post('/v1/messages', body, { 'anthropic-version': '2023-06-01' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { content: [{ text: 'Good day.' }] }]);
    expect(JSON.stringify(gateway.vendor.getLastRequest()?.headers)).not.toContain(gateway.key);
  });
});

describe('a prompt as a model', () => {
  const ask = (content: string, more: object = {}) => ({
    model: 'prompt/translate',
    max_tokens: 1000,
    messages: say(content),
    ...more,
  });

  test('its variables are the message; whole and in a stream', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour', usage });
    const variables = JSON.stringify({ text: 'Good day', to: 'DE' });
    const { data, response } = await client.messages.create(ask(variables)).withResponse();
    expect(data).toMatchObject({
      model: 'prompt/translate',
      content: [{ type: 'text', text: 'Bonjour' }],
      usage: { input_tokens: 10, cost: 0.00002 },
    });
    expect(response.headers.get('weir-model')).toBe('acme/small');
    expect(sent().messages).toMatchObject([
      { role: 'system' },
      { role: 'user', content: expect.stringContaining('DE') },
    ]);
    expect(await client.messages.stream(ask('Good day')).finalText()).toBe('Bonjour');
  });

  test.each<[string, object, string[]]>([
    ['a system message', { system: 'Be brief.' }, ['system']],
    ['what it settles itself', { temperature: 1, tools: [weather] }, ['temperature', 'tools']],
    [
      'more than text',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a.example' } }] }] },
      ['messages[0]'],
    ],
    ['a conversation, which it has no history for', { messages: [...say('a'), ...say('b')] }, ['messages']],
    ['no variables of its', { messages: say('{"text": 1}') }, ['text']],
  ])('%s is refused', async (_, more, places) => {
    const error = await errorOf(client.messages.create(ask('Good day', more)));
    expect(error.status).toBe(400);
    expect(problemsOf(error).map(({ path }) => path)).toEqual(places);
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });
});

describe('the list of models', () => {
  test('of registered providers, and prompts that the caller may use', async () => {
    const listed = [];
    for await (const model of client.models.list()) listed.push(model);
    const ids = listed.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...Object.values(MODELS), 'prompt/translate', 'prompt/judge']));
    expect(ids).not.toContain('prompt/secretive');
    const id = MODELS.ANTHROPIC;
    const expected = { type: 'model', id, display_name: id, max_input_tokens: expect.any(Number) };
    expect(listed).toContainEqual(expect.objectContaining(expected));
    expect(await client.models.retrieve(MODELS.ANTHROPIC)).toMatchObject(expected);
    expect((await gateway.client.models.list()).data).toContainEqual(expect.objectContaining({ object: 'model' }));
  });

  test('what is not there, and pages', async () => {
    const none = await errorOf(client.models.retrieve('acme/none').then());
    expect(none).toBeInstanceOf(Anthropic.NotFoundError);
    expect(none).toMatchObject({ type: 'not_found_error', errorCode: 'NOT_FOUND' });
    expect(problemsOf(await errorOf(client.models.list({ limit: 2 }).then()))).toMatchObject([{ path: 'limit' }]);
    expect(await errorOf(client.get('/v1/files'))).toMatchObject({ status: 404, type: 'not_found_error' });
  });
});
