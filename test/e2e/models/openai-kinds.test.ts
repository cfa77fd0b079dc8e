import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;
let client: OpenAI;
beforeAll(async () => {
  gateway = await startModelsGateway();
  client = gateway.client;
  const url = gateway.vendor.url;
  const credential = { apiKey: 'vendor-key' };
  for (const input of [
    { name: 'oai', kind: 'OPENAI', baseUrl: `${url}/v1`, credential },
    {
      name: 'azure',
      kind: 'AZURE_OPENAI',
      baseUrl: `${url}/openai`,
      apiVersion: '2024-10-21',
      credential,
      models: [{ name: 'prod-chat', baseModel: 'gpt-5-mini' }],
    },
  ]) {
    await gateway.must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', { input });
  }
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.vendor.clearFixtures();
  gateway.vendor.clearRequests();
});

const say = (content: string) => [{ role: 'user' as const, content }];
const sent = () => gateway.vendor.getLastRequest()?.body as unknown as Record<string, unknown>;
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'weather',
    strict: true,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof OpenAI.APIError) return error;
  throw new Error(`the call was answered: ${JSON.stringify(error)}`);
}

describe.each(['oai/gpt-5-mini', 'azure/prod-chat'])('%s, which reasons', (model) => {
  const asked = { model, max_tokens: 300, reasoning_effort: 'low' as const };

  test('two calls of tools at once, whole and in a stream', async () => {
    const toolCalls = ['Oslo', 'Rome'].map((city, at) => ({
      id: `call_${at}`,
      name: 'weather',
      arguments: JSON.stringify({ city }),
    }));
    gateway.vendor.onMessage('weather?', { toolCalls });
    const ask = { ...asked, messages: say('weather?'), tools: [WEATHER], parallel_tool_calls: true };
    const expected = toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: 'weather', arguments: call.arguments },
    }));
    const whole = await client.chat.completions.create(ask);
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: expected } });
    expect(whole.usage).toMatchObject({ cost: expect.any(Number) });
    expect(sent()).toMatchObject({
      max_completion_tokens: 300,
      reasoning_effort: 'low',
      parallel_tool_calls: true,
      tools: [WEATHER],
    });
    expect(sent()).not.toHaveProperty('max_tokens');
    const streamed = await client.chat.completions.stream(ask).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject(expected);
  });

  test('structured output, held to its schema', async () => {
    gateway.vendor.onMessage('book', { content: '{"title":"Emma"}' });
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const format = { type: 'json_schema' as const, json_schema: { name: 'book', schema, strict: true } };
    const ask = { ...asked, messages: say('book'), response_format: format };
    const answer = await client.chat.completions.parse(ask);
    expect(answer.choices[0]?.message.parsed).toEqual({ title: 'Emma' });
    expect(sent().response_format).toEqual(format);
    const streamed = await client.chat.completions.stream(ask).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ title: 'Emma' });
  });

  test('what the model refuses is told by its name', async () => {
    const message = "Unsupported value: 'temperature' does not support 0.2 with this model.";
    const error = { message, type: 'invalid_request_error', param: 'temperature', code: 'unsupported_value' };
    gateway.vendor.onMessage('cold', { error, status: 400 });
    const told = await errorOf(client.chat.completions.create({ ...asked, messages: say('cold'), temperature: 0.2 }));
    expect(sent()).toMatchObject({ temperature: 0.2 });
    expect(told).toMatchObject({ status: 400, code: 'UPSTREAM_REJECTED', param: 'temperature' });
    expect(JSON.stringify(told.error)).not.toContain('0.2');
  });
});

test('a stream of a tool call that breaks off ends with an error, never with a call', async () => {
  const long = JSON.stringify({ city: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch' });
  gateway.vendor.onMessage(
    'break',
    { toolCalls: [{ id: 'call_1', name: 'weather', arguments: long }] },
    { truncateAfterChunks: 4, latency: 10 },
  );
  const ask = { model: 'oai/gpt-4o', messages: say('break'), tools: [WEATHER] };
  const error = await errorOf(client.chat.completions.stream(ask).finalChatCompletion());
  expect(error).toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
});
