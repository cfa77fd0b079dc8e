import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ChatServer, chunk, completion, events, json, startChatServer } from '../../models/support/chat-server.ts';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;
let vendor: ChatServer;
let client: OpenAI;
beforeAll(async () => {
  [gateway, vendor] = await Promise.all([startModelsGateway(), startChatServer()]);
  client = gateway.client;
  const credential = { apiKey: 'vendor-key' };
  // `odd` for faults, which count against a model's health.
  const models = [{ name: 'small', prices: { input: 1, output: 2 } }, { name: 'odd' }];
  for (const input of [
    { name: 'oai', kind: 'OPENAI', baseUrl: `${vendor.url}/v1`, credential, models },
    { name: 'local', kind: 'OPENAI_COMPATIBLE', baseUrl: `${vendor.url}/v1`, models },
    { name: 'claude', kind: 'ANTHROPIC', baseUrl: `${vendor.url}/v1`, credential, models },
  ]) {
    await gateway.must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', { input });
  }
});
afterAll(() => Promise.all([gateway.close(), vendor.close()]));
beforeEach(() => {
  vendor.requests.length = 0;
  vendor.answer = (response) => json(response, 200, completion({ content: 'Good day.' }, { usage: USAGE }));
});

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const say = (content: string) => [{ role: 'user' as const, content }];
const sent = (): Record<string, unknown> => JSON.parse(vendor.requests.at(-1)?.body ?? '{}');

async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof OpenAI.APIError) return error;
  throw new Error(`the call was answered: ${JSON.stringify(error)}`);
}

/** What only OpenAI's format has words for. */
const ALONE = {
  logit_bias: { 50256: -100 },
  logprobs: true,
  top_logprobs: 1,
  prediction: { type: 'content' as const, content: 'Good' },
  verbosity: 'low' as const,
  store: true,
  metadata: { team: 'search' },
  safety_identifier: 's1',
  prompt_cache_key: 'k1',
  prompt_cache_retention: '24h' as const,
};

describe.each(['oai/small', 'local/small'])('%s', (model) => {
  test('is handed all of them, as they are', async () => {
    const messages = [{ role: 'user' as const, content: 'Hi', name: 'ann' }];
    await client.chat.completions.create({ model, messages, ...ALONE, service_tier: 'default' });
    expect(sent()).toEqual({ model: 'small', messages, ...ALONE, service_tier: 'default' });
  });

  test('is handed nothing that was not said', async () => {
    await client.chat.completions.create({ model, messages: say('Hi'), n: 1, logprobs: false });
    expect(sent()).toEqual({ model: 'small', messages: say('Hi') });
  });
});

test('a vendor with no words for them refuses each by its name, and says whose they are', async () => {
  const image = { type: 'image_url' as const, image_url: { url: 'https://a.example/a.png', detail: 'low' as const } };
  const messages = [{ role: 'user' as const, content: [image], name: 'ann' }];
  const error = await errorOf(client.chat.completions.create({ model: 'claude/small', messages, ...ALONE, n: 2 }));
  expect(error).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  const { problems } = error.error as { problems: { path: string; message: string }[] };
  expect(problems.map(({ path }) => path).sort()).toEqual(
    [...Object.keys(ALONE), 'n', 'messages.name', 'messages.content.image_url.detail'].sort(),
  );
  expect(problems[0]?.message).toContain('claude cannot honour it for small');
  // It keeps nothing, and has no tiers.
  const kept = { store: false, service_tier: 'default' as const };
  expect(
    await errorOf(client.chat.completions.create({ model: 'claude/small', messages: say('Hi'), ...kept, n: 2 })),
  ).toMatchObject({ param: 'n', error: { problems: [{ path: 'n' }] } });
  const tier = client.chat.completions.create({ model: 'oai/small', messages: say('Hi'), service_tier: 'flex' });
  expect(await errorOf(tier)).toMatchObject({ status: 400, param: 'service_tier' });
  expect(vendor.requests).toHaveLength(0);
});

describe('the probabilities of tokens', () => {
  const of = (token: string) => ({
    content: [{ token, logprob: -0.1, bytes: [...Buffer.from(token)], top_logprobs: [] }],
    refusal: null,
  });
  const ask = { model: 'oai/small', messages: say('Hi'), logprobs: true };

  test('whole', async () => {
    const choice = { index: 0, message: { content: 'Good' }, finish_reason: 'stop', logprobs: of('Good') };
    vendor.answer = (response) => json(response, 200, { choices: [choice], usage: USAGE });
    const answer = await client.chat.completions.create(ask);
    expect(answer.choices[0]?.logprobs).toEqual(of('Good'));
  });

  test('streamed, with the text they came with, also where that is no character yet', async () => {
    const piece = (content: string, token: string) => ({
      ...chunk({}),
      choices: [{ index: 0, delta: { content }, logprobs: of(token), finish_reason: null }],
    });
    vendor.answer = (response) => {
      events(response, piece('', 'x'), piece('Good', 'Good'), piece(' day', ' day'), chunk({}, 'stop'), '[DONE]');
      response.end();
    };
    const read = [];
    for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true })) {
      const [choice] = choices;
      if (choice?.logprobs) read.push([choice.delta.content, choice.logprobs.content?.[0]?.token]);
    }
    expect(read).toEqual([
      ['', 'x'],
      ['Good', 'Good'],
      [' day', ' day'],
    ]);
    const final = await client.chat.completions.stream(ask).finalChatCompletion();
    expect(final.choices[0]?.logprobs?.content?.map(({ token }) => token)).toEqual(['x', 'Good', ' day']);
    const without = await client.chat.completions.stream({ ...ask, logprobs: false }).finalChatCompletion();
    expect(without.choices[0]?.logprobs).toBeNull();
  });

  test('what is none is a fault of the vendor', async () => {
    const choice = { index: 0, message: { content: 'Good' }, finish_reason: 'stop', logprobs: 'high' };
    vendor.answer = (response) => json(response, 200, { choices: [choice], usage: USAGE });
    const error = await errorOf(client.chat.completions.create({ ...ask, model: 'oai/odd' }));
    expect(error).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });
});

describe('several answers to one request', () => {
  const choice = (index: number, content: string, finish_reason = 'stop') => ({
    index,
    message: { role: 'assistant', content },
    finish_reason,
  });
  const answerWith = (...choices: object[]): void => {
    vendor.answer = (response) => json(response, 200, { choices, usage: USAGE });
  };
  const ask = { model: 'oai/small', messages: say('Hi'), n: 3 };

  test('come whole, with the tokens and the cost of all of them', async () => {
    answerWith(choice(0, 'One'), choice(1, 'Two', 'length'), choice(2, '', 'content_filter'));
    const { data, response } = await client.chat.completions.create(ask).withResponse();
    expect(sent()).toMatchObject({ n: 3 });
    expect(data.choices.map((each) => [each.index, each.message.content, each.finish_reason])).toEqual([
      [0, 'One', 'stop'],
      [1, 'Two', 'length'],
      [2, '', 'content_filter'],
    ]);
    expect(data.usage).toMatchObject({ ...USAGE, cost: (10 * 1 + 5 * 2) / 1e6 });
    expect(response.headers.get('weir-cost-usd')).toBe('0.00002');
  });

  test('of which the first was filtered are still answers; all of them filtered are none', async () => {
    answerWith(choice(0, '', 'content_filter'), choice(1, 'Two'));
    const answer = await client.chat.completions.create(ask);
    expect(answer.choices.map((each) => each.finish_reason)).toEqual(['content_filter', 'stop']);
    answerWith(choice(0, '', 'content_filter'), choice(1, '', 'content_filter'));
    expect(await errorOf(client.chat.completions.create(ask))).toMatchObject({ status: 422, code: 'CONTENT_FILTERED' });
  });

  test('are each reserved in budgets', async () => {
    const input = { kind: 'PROVIDER', id: 'oai' };
    await gateway.must('mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', {
      input: { ...input, tokensPerMinute: 1000 },
    });
    const error = await errorOf(client.chat.completions.create({ ...ask, max_tokens: 400 }));
    expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED', error: { retryable: false } });
    answerWith(choice(0, 'One'), choice(1, 'Two'));
    const two = await client.chat.completions.create({ ...ask, n: 2, max_tokens: 400 });
    expect(two.choices).toHaveLength(2);
    expect(sent()).toMatchObject({ n: 2, max_tokens: 400 });
    await gateway.must('mutation ($kind: BudgetSubjectKind!, $id: ID!) { removeBudget(kind: $kind, id: $id) }', input);
  });

  test('streamed are refused by name', async () => {
    const error = await errorOf(client.chat.completions.create({ ...ask, stream: true }));
    expect(error).toMatchObject({ status: 400, param: 'n' });
    expect(vendor.requests).toHaveLength(0);
  });
});

test('a prompt says what it does itself, and has no speakers', async () => {
  const ask = { model: 'prompt/translate', messages: say('{"text":"x"}') };
  for (const more of [{ metadata: { a: 'b' } }, { n: 2 }, { logprobs: true }]) {
    const error = await errorOf(client.chat.completions.create({ ...ask, ...more }));
    expect(error).toMatchObject({ status: 400, param: Object.keys(more)[0] });
  }
  const named = [{ role: 'user' as const, content: '{"text":"x"}', name: 'ann' }];
  const error = await errorOf(client.chat.completions.create({ ...ask, messages: named }));
  expect(error).toMatchObject({ status: 400, param: 'messages[0].name' });
});
