import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;
let client: OpenAI;
beforeAll(async () => {
  gateway = await startModelsGateway();
  client = gateway.client;
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.vendor.clearFixtures();
  gateway.vendor.clearRequests();
});

const MODEL = 'acme/small';
const say = (content: string) => [{ role: 'user' as const, content }];
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** What the vendor was sent last. */
const sent = () => gateway.vendor.getLastRequest()?.body as unknown as Record<string, unknown>;

/** The error that a call of the client ends with. */
async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error: unknown) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('the call was answered');
}

describe('a model by its own name', () => {
  test('text, with what it took and Weir’s own headers', async () => {
    gateway.vendor.onMessage('hello', { content: 'Good day.', usage });
    const { data, response } = await client.chat.completions
      .create({ model: MODEL, messages: say('hello'), temperature: 0.5, max_completion_tokens: 20, seed: 7, stop: 'X' })
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: MODEL,
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Good day.', refusal: null } },
      ],
      usage: { ...usage, cost: (10 * 1 + 5 * 2) / 1e6 },
    });
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'weir-model': MODEL,
      'weir-outcome': 'FRESH',
      'weir-cost-usd': '0.00002',
      'cache-control': 'no-store',
    });
    expect(data.id).toBe(`chatcmpl-${headers['x-request-id']}`);
    expect(sent()).toMatchObject({ model: 'small', temperature: 0.5, seed: 7, stop: ['X'] });
    expect(JSON.stringify(gateway.vendor.getLastRequest()?.headers)).not.toContain(gateway.key);
  });

  test('a stream, with its usage at the end', async () => {
    const text = 'Good day to you, and to everybody else.';
    gateway.vendor.onMessage('hello', { content: text, usage }, { latency: 30 });
    const { data, response } = await client.chat.completions
      .create({ model: MODEL, messages: say('hello'), stream: true, stream_options: { include_usage: true } })
      .withResponse();
    const chunks = [];
    for await (const chunk of data) chunks.push(chunk);
    expect(response.headers.get('weir-model')).toBe(MODEL);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(text);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } });
  });

  test('tools: called whole and in a stream, and their results handed back', async () => {
    const call = { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' };
    gateway.vendor.onMessage('weather?', { toolCalls: [call] });
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }];
    const ask = { model: MODEL, messages: say('weather?'), tools, tool_choice: 'auto' as const };
    const whole = await client.chat.completions.create(ask);
    const expected = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: call.arguments } };
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [expected] },
    });
    const streamed = await client.chat.completions.stream(ask).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject(expected);

    gateway.vendor.clearFixtures();
    gateway.vendor.on({ toolCallId: 'call_1' }, { content: 'Rain.' });
    const message = whole.choices[0]?.message;
    if (message === undefined) throw new Error('no choice');
    const result = { role: 'tool' as const, tool_call_id: 'call_1', content: '9 °C' };
    const told = await client.chat.completions.create({ ...ask, messages: [...say('weather?'), message, result] });
    expect(told.choices[0]?.message.content).toBe('Rain.');
    expect(sent().tools).toMatchObject(tools);
    expect(sent().messages).toMatchObject([{ role: 'user' }, { tool_calls: [expected] }, result]);
  });

  test('structured output', async () => {
    gateway.vendor.onMessage('book', { content: '{"title":"Emma"}' });
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const answer = await client.chat.completions.parse({
      model: MODEL,
      messages: say('book'),
      response_format: { type: 'json_schema', json_schema: { name: 'book', schema, strict: true } },
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ title: 'Emma' });
    expect(sent().response_format).toMatchObject({ json_schema: { name: 'book', schema } });
  });

  test('images: as data and by URL', async () => {
    gateway.vendor.onMessage('see', { content: 'A cat.' });
    const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
    const urls = ['data:image/png;base64,AAEC', 'https://example.com/cat.png'];
    const content = [{ type: 'text' as const, text: 'see' }, ...urls.map(image)];
    await client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
    expect(sent().messages).toMatchObject([{ content: [{ type: 'text' }, ...urls.map(image)] }]);
  });

  test('embeddings, which the client decodes from base64, or as numbers', async () => {
    const embedding = [0.25, -1, 3];
    gateway.vendor.onEmbedding('a', { embedding });
    const decoded = await client.embeddings.create({ model: MODEL, input: ['a', 'a'] });
    expect(decoded.data.map((each) => [...each.embedding])).toEqual([embedding, embedding]);
    const plain = await client.embeddings.create({ model: MODEL, input: 'a', encoding_format: 'float' });
    expect(plain).toMatchObject({ object: 'list', model: MODEL, data: [{ object: 'embedding', index: 0, embedding }] });
    const sized = await client.embeddings.create({ model: MODEL, input: 'a', dimensions: 3, user: 'u1' });
    expect(sized.data[0]?.embedding).toHaveLength(3);
    expect(await errorOf(client.embeddings.create({ model: MODEL, input: 'a', dimensions: 2 }))).toMatchObject({
      status: 400,
      code: 'UPSTREAM_REJECTED',
      param: 'dimensions',
    });
  });

  test('the list: of registered providers, and prompts that the caller may use', async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([MODEL, 'prompt/translate', 'prompt/judge']));
    expect(ids).not.toContain('prompt/secretive');
    expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: 'model', owned_by: 'acme' });
    expect(await errorOf(client.models.retrieve('acme/none'))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});

describe('refused', () => {
  const create = (more: object) =>
    errorOf(client.chat.completions.create({ model: MODEL, messages: say('hello'), ...more }));

  test.each<[string, object, object]>([
    [
      'a parameter Weir cannot hand on',
      { web_search_options: {} },
      { status: 400, code: 'BAD_REQUEST', param: 'web_search_options' },
    ],
    ['an unknown provider', { model: 'nobody/small' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['a model without a provider', { model: 'small' }, { status: 404, code: 'model_not_found', param: 'model' }],
    [
      'a prompt the caller may not see',
      { model: 'prompt/secretive' },
      { status: 404, code: 'model_not_found', param: 'model' },
    ],
  ])('%s', async (_, more, expected) => {
    expect(await create(more)).toMatchObject(expected);
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });

  test('a caller without a key of Weir’s', async () => {
    for (const key of ['sk-somebody-elses', 'weir_sk_wrong']) {
      const error = await errorOf(gateway.clientWith(key).models.list());
      expect(error).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', type: 'authentication_error' });
      expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    }
  });

  test('a body that cannot be read, one that is too large, and an unknown route', async () => {
    const url = `${gateway.weir.url}/v1`;
    const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' };
    const post = (body: string) => fetch(`${url}/chat/completions`, { method: 'POST', headers, body });
    for (const [answer, status] of [
      [await post('{'), 400],
      [await post('[]'), 400],
      [await post(JSON.stringify({ model: 'x'.repeat(11 * 1024 * 1024) })), 413],
      [await fetch(`${url}/assistants`, { headers }), 404],
      [await fetch(`${url}/chat/completions`, { headers }), 404],
    ] as const) {
      const body = (await answer.json()) as { error: Record<string, unknown> };
      expect([answer.status, body.error.type]).toEqual([status, 'invalid_request_error']);
    }
  });
});

// Each with a model of its own: what one of them did counts against its health.
describe('when the vendor fails', () => {
  test('a rate limit is told with when to come back; a busy vendor is asked again first', async () => {
    gateway.vendor.onMessage('busy', { error: { message: 'slow down' }, status: 429, retryAfter: 3 });
    const error = await errorOf(client.chat.completions.create({ model: 'acme/busy', messages: say('busy') }));
    expect(error).toMatchObject({ status: 429, code: 'UPSTREAM_OVERLOADED' });
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(error.error)).not.toContain('slow down');
  });

  test('a stream that breaks before its first piece is an answer of its own; after it, an event, and no end', async () => {
    gateway.vendor.onMessage('once', { content: 'Never said.' }, { chaos: { disconnectRate: 1 } });
    const before = await errorOf(
      client.chat.completions.create({ model: 'acme/once', messages: say('once'), stream: true }),
    );
    expect(before.status).toBeGreaterThanOrEqual(500);

    gateway.vendor.onMessage(
      'break',
      { content: 'A rather long answer that breaks off' },
      { truncateAfterChunks: 4, latency: 10 },
    );
    const raw = await fetch(`${gateway.weir.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'acme/breaks', messages: say('break'), stream: true }),
    });
    const text = await raw.text();
    expect(raw.status).toBe(200);
    expect(text).toContain('"content":"');
    expect(text).not.toContain('[DONE]');
    expect(text).toMatch(/data: \{"error":\{.*"code":"UPSTREAM_/);

    const stream = await client.chat.completions.create({ model: 'acme/breaks', messages: say('break'), stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    expect(await errorOf(read())).toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
  });

  test('a client that goes away ends the call', async () => {
    gateway.vendor.onMessage('slow', { content: 'word '.repeat(8) }, { streamingProfile: { tps: 20 } });
    const settled = new Promise((resolve) => gateway.weir.gateway.modelCalls.on(resolve));
    const stream = await client.chat.completions.create({ model: 'acme/slow', messages: say('slow'), stream: true });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    expect(await settled).toMatchObject({ streamed: true, callerId: gateway.keyId, failure: { reason: 'cancelled' } });
  });
});
