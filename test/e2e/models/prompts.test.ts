import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;
beforeAll(async () => {
  gateway = await startModelsGateway();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.vendor.clearFixtures();
  gateway.vendor.clearRequests();
});

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into answers of every shape
  readonly body: any;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${gateway.weir.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

describe('POST /prompts/{name}', () => {
  test('text, with how it was served', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour', usage });
    const { status, headers, body } = await post('/prompts/translate', { text: 'Good day', to: 'FR' });
    expect([status, headers.get('weir-model'), headers.get('weir-outcome')]).toEqual([200, 'acme/small', 'FRESH']);
    expect(headers.get('weir-cost-usd')).toBe('0.00002');
    expect(body).toEqual({
      value: 'Bonjour',
      outcome: 'FRESH',
      model: 'acme/small',
      usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0, costUsd: 0.00002 },
    });
  });

  test('a typed answer, for a caller without a key where the prompt is public', async () => {
    gateway.vendor.onMessage('Emma', { content: '{"good":true,"reasons":["wit"]}' });
    const { status, body } = await post('/prompts/judge', { text: 'Emma', words: 3 }, { authorization: '' });
    expect([status, body.value]).toEqual([200, { good: true, reasons: ['wit'] }]);
  });

  test('as server-sent events', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour à tous', usage }, { latency: 30 });
    const sse = { accept: 'text/event-stream' };
    const { headers, body } = await post('/prompts/translate', { text: 'Good day' }, sse);
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('weir-model')).toBe('acme/small');
    const events = (body as string).trimEnd().split('\n\n');
    const deltas = events.slice(0, -1).map((event) => JSON.parse(event.replace(/^data: /, '')).delta);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe('Bonjour à tous');
    const [name, data] = (events.at(-1) ?? '').split('\n');
    expect(name).toBe('event: done');
    expect(JSON.parse(data?.replace('data: ', '') ?? '')).toMatchObject({
      outcome: 'FRESH',
      model: 'acme/small',
      usage: { inputTokens: 10, costUsd: 0.00002 },
    });
  });

  test.each<[string, string, unknown, Record<string, string>, number, object]>([
    [
      'a missing and an unknown variable',
      'translate',
      { txt: 'a' },
      {},
      400,
      { problems: [{ path: 'txt' }, { path: 'text' }] },
    ],
    ['a value of another type', 'translate', { text: 'a', to: 'XX' }, {}, 400, { problems: [{ path: 'to' }] }],
    ['a text over its length', 'translate', { text: 'a'.repeat(2001) }, {}, 400, { code: 'BAD_USER_INPUT' }],
    ['no object', 'translate', [], {}, 400, { code: 'BAD_REQUEST' }],
    ['no JSON', 'translate', '{', {}, 400, { code: 'BAD_REQUEST' }],
    ['a body over the limit', 'translate', { text: 'a'.repeat(300_000) }, {}, 413, { code: 'BAD_REQUEST' }],
    ['a prompt that is not there', 'nothing', {}, {}, 404, { code: 'NOT_FOUND' }],
    ['a prompt the caller may not see', 'secretive', { x: 'a' }, {}, 404, { code: 'NOT_FOUND' }],
    ['no key where one is needed', 'translate', { text: 'a' }, { authorization: '' }, 404, { code: 'NOT_FOUND' }],
    ['a key that is none', 'judge', {}, { authorization: 'Bearer weir_sk_x' }, 401, { code: 'UNAUTHENTICATED' }],
    [
      'staleness that is no number',
      'translate',
      { text: 'a' },
      { 'weir-max-stale': 'x' },
      400,
      { code: 'BAD_REQUEST' },
    ],
  ])('%s: refused', async (_, name, body, headers, status, extensions) => {
    const answer = await post(`/prompts/${name}`, body, headers);
    expect({ status: answer.status, errors: answer.body.errors }).toMatchObject({ status, errors: [{ extensions }] });
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });

  test('a vendor that fails is told as a code, without its own words', async () => {
    gateway.vendor.onMessage('Good day', { error: { message: 'vendor words' }, status: 500 });
    const { status, body } = await post('/prompts/judge', { text: 'Good day', words: 1 });
    expect(status).toBeGreaterThanOrEqual(500);
    expect(body.errors[0].extensions).toMatchObject({ source: 'judge', retryable: true });
    expect(JSON.stringify(body)).not.toContain('vendor words');
  });
});

describe('prompt/<name> as a model', () => {
  const ask = (model: string, content: string, more: object = {}) =>
    gateway.client.chat.completions.create({ model, messages: [{ role: 'user', content }], ...more });

  test('variables as a JSON object, or the text alone where the prompt needs no more', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour', usage });
    const object = await ask('prompt/translate', '{"text":"Good day","to":"DE"}');
    expect(object).toMatchObject({ model: 'prompt/translate', choices: [{ message: { content: 'Bonjour' } }], usage });
    expect((await ask('prompt/translate', 'Good day')).choices[0]?.message.content).toBe('Bonjour');
  });

  test('a typed answer is its JSON text', async () => {
    gateway.vendor.onMessage('Emma', { content: '{"good":true,"reasons":null}' });
    const answer = await ask('prompt/judge', '{"text":"Emma","words":3}');
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ good: true, reasons: null });
  });

  test('a stream', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour à tous', usage });
    const messages = [{ role: 'user' as const, content: 'Good day' }];
    const stream = gateway.client.chat.completions.stream({
      model: 'prompt/translate',
      messages,
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Bonjour à tous' } });
    expect(final.usage).toMatchObject(usage);
  });

  test('a conversation, where the prompt takes one', async () => {
    gateway.vendor.onMessage('again', { content: 'Once more.' });
    const admin = gateway.clientWith('test-admin-key-0123456789-abcdefghijklmnop');
    const messages = [
      { role: 'user' as const, content: 'Tell me' },
      { role: 'assistant' as const, content: 'Told.' },
      { role: 'user' as const, content: 'again' },
    ];
    const answer = await admin.chat.completions.create({ model: 'prompt/secretive', messages });
    expect(answer.choices[0]?.message.content).toBe('Once more.');
    const sent = JSON.stringify(gateway.vendor.getLastRequest()?.body);
    expect(sent).toContain('Tell me');
    expect(sent).toContain('Told.');
  });

  test.each<[string, string, string, object, string | null]>([
    ['a parameter that is the prompt’s own', 'translate', 'a', { temperature: 1 }, 'temperature'],
    ['a system message', 'translate', 'a', { messages: [{ role: 'system', content: 'x' }] }, 'messages[0]'],
    ['text where variables are needed', 'judge', 'a', {}, 'messages'],
    ['a variable of another type', 'judge', '{"text":"a","words":"many"}', {}, 'words'],
  ])('%s: refused', async (_, name, content, more, param) => {
    const refused = await ask(`prompt/${name}`, content, more).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect((refused as InstanceType<typeof OpenAI.APIError>).param).toBe(param);
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });
});

describe('GET /prompts/openapi.json', () => {
  const document = async (headers: Record<string, string> = { authorization: `Bearer ${gateway.key}` }) =>
    (await fetch(`${gateway.weir.url}/prompts/openapi.json`, { headers })).json() as Promise<{ paths: object }>;

  test('has the prompts that the caller may use', async () => {
    expect(Object.keys((await document()).paths)).toEqual(['/prompts/judge', '/prompts/translate']);
    expect(Object.keys((await document({})).paths)).toEqual(['/prompts/judge']);
  });

  test('is a document that Weir itself can be given, and call its prompts by', async () => {
    gateway.vendor.onMessage('Good day', { content: 'Bonjour', usage });
    await gateway.weir.publish({
      name: 'mirror',
      visibility: 'PUBLIC',
      rest: {
        document: JSON.stringify(await document()),
        endpoints: [{ url: gateway.weir.url }],
        auth: { bearer: { token: gateway.key } },
      },
    });
    const { data, errors } = await gateway.weir.query(
      'mutation { mirror { translate(input: { text: "Good day", to: FR }) { value outcome usage { inputTokens } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.mirror.translate).toEqual({ value: 'Bonjour', outcome: 'FRESH', usage: { inputTokens: 10 } });
    const { warnings } = (
      (await gateway.must('{ source(name: "mirror") { live { warnings { kind path message } } } }')) as {
        source: { live: { warnings: unknown[] } };
      }
    ).source.live;
    expect(warnings).toEqual([]);
  });
});
