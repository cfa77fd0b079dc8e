import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type MessagesGateway, MODELS, startMessagesGateway } from './anthropic-setup.ts';

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

const MODEL = MODELS.OPENAI_COMPATIBLE;
const say = (content: string) => [{ role: 'user' as const, content }];
/** As the stand-in tells it in either format. */
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, input_tokens: 10, output_tokens: 5 };

/** What the vendor was sent last, in the one form that the stand-in keeps. */
const sent = () => gateway.vendor.getLastRequest()?.body as unknown as Record<string, unknown>;

/** The error that a call of the client ends with. */
async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  try {
    await call;
  } catch (error: unknown) {
    if (error instanceof Anthropic.APIError) return error;
    throw error;
  }
  throw new Error('the call was answered');
}

const weather = {
  name: 'weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

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
    gateway.vendor.onMessage('hello', { content: text, usage });
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

describe('refused', () => {
  const create = (more: object) =>
    errorOf(client.messages.create({ model: MODEL, max_tokens: 9, messages: say('hello'), ...more }));

  test.each<[string, object, number, string]>([
    ['a parameter Weir cannot hand on', { container: 'c' }, 400, 'container'],
    ['one that this vendor has no place for', { model: MODELS.OPENAI, top_k: 3 }, 400, 'top_k'],
    ['no length', { max_tokens: undefined }, 400, 'max_tokens'],
    ['a tool that the vendor runs', { tools: [{ type: 'web_search_20250305', name: 's' }] }, 400, 'tools[0].type'],
    ['an unknown provider', { model: 'nobody/small' }, 404, 'model'],
    ['a model without a provider', { model: 'gpt-4o' }, 404, 'model'],
    ['a prompt the caller may not see', { model: 'prompt/secretive' }, 404, 'model'],
  ])('%s', async (_, more, status, param) => {
    const error = await create(more);
    expect(error).toMatchObject({ status, error: { type: 'error', error: { param } } });
    expect(error.type).toBe(status === 404 ? 'not_found_error' : 'invalid_request_error');
    expect(error.errorCode).toBe(status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST');
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });

  test('what is asked for in headers', async () => {
    for (const [name, value] of [
      ['anthropic-beta', 'context-1m-2025-08-07'],
      ['anthropic-version', '2023-01-01'],
      ['anthropic-workspace-id', 'w'],
    ] as const) {
      const ask = { max_tokens: 9, messages: say('hello') };
      for (const model of [MODEL, 'prompt/translate']) {
        const error = await errorOf(client.messages.create({ ...ask, model }, { headers: { [name]: value } }));
        expect([error.status, problemsOf(error)]).toMatchObject([400, [{ path: name }]]);
      }
    }
  });

  test('a caller without a key of Weir’s', async () => {
    for (const key of ['sk-ant-somebody-elses', 'weir_sk_wrong']) {
      const ask = { model: MODEL, max_tokens: 9, messages: say('hello') };
      const error = await errorOf(gateway.anthropicWith(key).messages.create(ask));
      expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
      expect(error).toMatchObject({ status: 401, type: 'authentication_error', errorCode: 'UNAUTHENTICATED' });
      expect(error.requestID).toMatch(/^[\w-]{16}$/);
      const inHeader = await gateway.post('/v1/messages', ask, { 'x-api-key': key });
      expect(inHeader.status).toBe(401);
    }
  });

  test('counting tokens, which Weir could only guess, and other routes', async () => {
    const error = await errorOf(client.messages.countTokens({ model: MODEL, messages: say('hello') }));
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ type: 'not_found_error', errorCode: 'NOT_FOUND' });
    expect(await errorOf(client.messages.batches.retrieve('b').then())).toMatchObject({ errorCode: 'NOT_FOUND' });
    expect(await errorOf(client.get('/v1/messages'))).toMatchObject({ status: 404, type: 'not_found_error' });
    const slash = await gateway.post('/v1/messages/', {});
    expect([slash.status, await slash.json()]).toMatchObject([400, { type: 'error', error: { param: 'model' } }]);
  });

  test('a body that cannot be read, and one that is too large', async () => {
    for (const [body, status, type] of [
      ['{', 400, 'invalid_request_error'],
      ['[]', 400, 'invalid_request_error'],
      [JSON.stringify({ model: 'x'.repeat(11 * 1024 * 1024) }), 413, 'request_too_large'],
    ] as const) {
      const answer = await gateway.post('/v1/messages', body);
      expect([answer.status, await answer.json()]).toMatchObject([status, { type: 'error', error: { type } }]);
    }
  });
});

// Each with a model of its own: what one of them did counts against its health.
describe('when the vendor fails', () => {
  const ask = (model: string, content: string) => ({ model, max_tokens: 99, messages: say(content) });

  test('a rate limit is told with when to come back', async () => {
    gateway.vendor.onMessage('busy', { error: { message: 'slow down' }, status: 429, retryAfter: 3 });
    const error = await errorOf(client.messages.create(ask('acme/busy', 'busy')));
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ type: 'rate_limit_error', errorCode: 'UPSTREAM_OVERLOADED' });
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(error.error)).not.toContain('slow down');
  });

  test('a failure of its own is one of the gateway’s upstream', async () => {
    gateway.vendor.onMessage('fail', { error: { message: 'on fire' }, status: 500 });
    const error = await errorOf(client.messages.create(ask('acme/fails', 'fail')));
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({ status: 502, type: 'api_error', errorCode: 'UPSTREAM_ERROR' });
    expect(JSON.stringify(error.error)).not.toContain('on fire');
  });

  test('arguments of a tool that are no JSON are not made up', async () => {
    gateway.vendor.onMessage('weather?', { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city' }] });
    const error = await errorOf(client.messages.create({ ...ask('acme/cut', 'weather?'), tools: [weather] }));
    expect(error).toMatchObject({ status: 502, errorCode: 'UPSTREAM_INVALID_RESPONSE' });
  });

  test('a stream that breaks before its first piece is an answer of its own; after it, an event, and no end', async () => {
    gateway.vendor.onMessage('once', { content: 'Never said.' }, { chaos: { disconnectRate: 1 } });
    const before = await errorOf(client.messages.create({ ...ask('acme/once', 'once'), stream: true }));
    expect(before.status).toBeGreaterThanOrEqual(500);

    const long = 'A rather long answer that breaks off';
    gateway.vendor.onMessage('break', { content: long }, { truncateAfterChunks: 4, latency: 10 });
    const raw = await gateway.post('/v1/messages', { ...ask('acme/breaks', 'break'), stream: true });
    const text = await raw.text();
    expect(raw.status).toBe(200);
    expect(text).toContain('"type":"text_delta"');
    expect(text).not.toContain('message_stop');
    expect(text).toMatch(/event: error\ndata: \{"type":"error","error":\{.*"code":"UPSTREAM_/);

    const helper = client.messages.stream(ask('acme/breaks', 'break'));
    expect(await errorOf(helper.finalMessage())).toMatchObject({ errorCode: expect.stringMatching(/^UPSTREAM_/) });
    const stream = await client.messages.create({ ...ask('acme/breaks', 'break'), stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    expect(await errorOf(read())).toMatchObject({ errorCode: expect.stringMatching(/^UPSTREAM_/) });
  });

  test('a client that goes away ends the call', async () => {
    gateway.vendor.onMessage('slow', { content: 'word '.repeat(8) }, { streamingProfile: { tps: 20 } });
    const settled = new Promise((resolve) => gateway.weir.gateway.modelCalls.on(resolve));
    const stream = await client.messages.create({ ...ask('acme/slow', 'slow'), stream: true });
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    expect(await settled).toMatchObject({ streamed: true, callerId: gateway.keyId, failure: { reason: 'cancelled' } });
  });
});

test('a budget that is used up is 429, says until when, and is not tried again', async () => {
  gateway.vendor.onMessage('hello', { content: 'Good day.', usage });
  const input = { kind: 'KEY', id: gateway.keyId };
  const set = 'mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }';
  await gateway.must(set, { input: { ...input, requestsPerMinute: 1 } });
  const twice = gateway.anthropicWith(gateway.key, 2);
  const ask = () => twice.messages.create({ model: MODEL, max_tokens: 9, messages: say('hello') });
  expect(await ask()).toMatchObject({ type: 'message' });
  const error = await errorOf(ask());
  expect(error).toMatchObject({
    status: 429,
    errorCode: 'BUDGET_EXCEEDED',
    error: { error: { code: 'BUDGET_EXCEEDED', window: 'requestsPerMinute', limit: 1 } },
  });
  expect(Number(error.headers?.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(gateway.vendor.getRequests()).toHaveLength(1);
  await gateway.must('mutation ($kind: BudgetSubjectKind!, $id: ID!) { removeBudget(kind: $kind, id: $id) }', input);
});

/** The places that an answer blames. */
function problemsOf(error: InstanceType<typeof Anthropic.APIError>): readonly { readonly path: string }[] {
  const body = error.error as { error: { problems?: readonly { readonly path: string }[] } };
  return body.error.problems ?? [];
}
