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
describe.each(['acme', 'oai', 'claude'])('when the vendor of %s fails', (provider) => {
  const ask = (model: string, content: string) => ({ model, max_tokens: 99, messages: say(content) });

  test('a rate limit is told with when to come back', async () => {
    gateway.vendor.onMessage('busy', { error: { message: 'slow down' }, status: 429, retryAfter: 3 });
    const error = await errorOf(client.messages.create(ask(`${provider}/busy`, 'busy')));
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ type: 'rate_limit_error', errorCode: 'UPSTREAM_OVERLOADED' });
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(error.error)).not.toContain('slow down');
  });

  test('a failure of its own is one of the gateway’s upstream', async () => {
    gateway.vendor.onMessage('fail', { error: { message: 'on fire' }, status: 500 });
    const error = await errorOf(client.messages.create(ask(`${provider}/fails`, 'fail')));
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({ status: 502, type: 'api_error', errorCode: 'UPSTREAM_ERROR' });
    expect(JSON.stringify(error.error)).not.toContain('on fire');
  });

  test('a stream that breaks before its first piece is an answer of its own; after it, an event, and no end', async () => {
    gateway.vendor.onMessage('once', { content: 'Never said.' }, { chaos: { disconnectRate: 1 } });
    const before = await errorOf(client.messages.create({ ...ask(`${provider}/once`, 'once'), stream: true }));
    expect(before.status).toBeGreaterThanOrEqual(500);

    const long = 'A rather long answer that breaks off';
    gateway.vendor.onMessage('break', { content: long }, { truncateAfterChunks: 4, latency: 10 });
    const raw = await gateway.post('/v1/messages', { ...ask(`${provider}/breaks`, 'break'), stream: true });
    const text = await raw.text();
    expect(raw.status).toBe(200);
    expect(text).toContain('"type":"text_delta"');
    expect(text).not.toContain('message_stop');
    expect(text).toMatch(/event: error\ndata: \{"type":"error","error":\{.*"code":"UPSTREAM_/);

    const helper = client.messages.stream(ask(`${provider}/breaks`, 'break'));
    expect(await errorOf(helper.finalMessage())).toMatchObject({ errorCode: expect.stringMatching(/^UPSTREAM_/) });
    const stream = await client.messages.create({ ...ask(`${provider}/breaks`, 'break'), stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    expect(await errorOf(read())).toMatchObject({ errorCode: expect.stringMatching(/^UPSTREAM_/) });
  });

  test('a client that goes away ends the call', async () => {
    gateway.vendor.onMessage('slow', { content: 'word '.repeat(8) }, { streamingProfile: { tps: 20 } });
    const settled = new Promise((resolve) => gateway.weir.gateway.modelCalls.on(resolve));
    const stream = await client.messages.create({ ...ask(`${provider}/slow`, 'slow'), stream: true });
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    expect(await settled).toMatchObject({ streamed: true, callerId: gateway.keyId, failure: { reason: 'cancelled' } });
  });
});

// In Anthropic's own format they are no text that could be none.
test.each(['acme', 'oai'])('arguments of a tool of %s that are no JSON are not made up', async (provider) => {
  gateway.vendor.onMessage('weather?', { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city' }] });
  const error = await errorOf(
    client.messages.create({ model: `${provider}/cut`, max_tokens: 99, messages: say('weather?'), tools: [weather] }),
  );
  expect(error).toMatchObject({ status: 502, errorCode: 'UPSTREAM_INVALID_RESPONSE' });
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
