import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;
beforeAll(async () => {
  gateway = await startModelsGateway();
});
afterAll(() => gateway.close());
afterEach(() => gateway.must('mutation ($id: ID!) { removeBudget(kind: KEY, id: $id) }', { id: gateway.keyId }));

const MODEL = 'acme/small';
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const say = (content: string) => [{ role: 'user' as const, content }];
const limit = (limits: object) =>
  gateway.must('mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', {
    input: { kind: 'KEY', id: gateway.keyId, ...limits },
  });

async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof OpenAI.APIError) return error;
  throw new Error('the call was answered');
}

test('a budget that is used up is 429, says until when, and is not tried again', async () => {
  gateway.vendor.onMessage('hello', { content: 'Good day.', usage });
  await limit({ requestsPerMinute: 1 });
  const twice = new OpenAI({ apiKey: gateway.key, baseURL: `${gateway.weir.url}/v1`, maxRetries: 2 });
  const ask = () => twice.chat.completions.create({ model: MODEL, messages: say('hello') });
  const answers = [await ask().catch(String), await errorOf(ask())];
  expect(answers[0]).toMatchObject({ object: 'chat.completion' });
  const error = answers[1] as InstanceType<typeof OpenAI.APIError>;
  expect(error).toMatchObject({
    status: 429,
    code: 'BUDGET_EXCEEDED',
    error: { window: 'requestsPerMinute', limit: 1 },
  });
  expect(error.headers?.get('x-should-retry')).toBe('false');
  expect(Number(error.headers?.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(gateway.vendor.getRequests()).toHaveLength(1);
});

test('a budget that calls under way hold may be tried again, after a second', async () => {
  gateway.vendor.onMessage('slow', { content: 'word '.repeat(8) }, { streamingProfile: { tps: 20 } });
  await limit({ usdPerDay: 0.015 });
  const ask = { model: MODEL, messages: say('slow') };
  const stream = await gateway.client.chat.completions.create({ ...ask, stream: true });
  const error = await errorOf(gateway.client.chat.completions.create(ask));
  expect(error).toMatchObject({ status: 429, code: 'BUDGET_EXCEEDED', error: { underWay: true, retryable: true } });
  expect(error.headers?.get('x-should-retry')).toBeNull();
  expect(error.headers?.get('retry-after')).toBe('1');
  stream.controller.abort();
});

test('a call that is larger than its whole budget is not tried again', async () => {
  await limit({ tokensPerMinute: 10 });
  const error = await errorOf(gateway.client.chat.completions.create({ model: MODEL, messages: say('hello') }));
  expect(error).toMatchObject({ status: 429, code: 'BUDGET_EXCEEDED', error: { retryable: false } });
  expect(error.headers?.get('x-should-retry')).toBe('false');
  expect(error.headers?.get('retry-after')).toBeNull();
});
