import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type MessagesGateway, MODELS, startMessagesGateway } from './anthropic-setup.ts';

/** What only Anthropic's format has words for: honoured where a model of Anthropic's is asked, refused everywhere else. */
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

const weather: Anthropic.Tool = { name: 'weather', input_schema: { type: 'object' } };
const thought = { reasoning: 'Oslo, then.', reasoningSignature: 'sealed', redactedThinking: ['unreadable'] };
const ask = {
  model: MODELS.ANTHROPIC,
  max_tokens: 3000,
  thinking: { type: 'enabled' as const, budget_tokens: 1024 },
  messages: [{ role: 'user' as const, content: 'weather?' }],
};
const thoughts = [
  { type: 'redacted_thinking', data: 'unreadable' },
  { type: 'thinking', thinking: 'Oslo, then.', signature: 'sealed' },
];

describe('what a model thinks aloud', () => {
  test('comes with its seal, whole and in a stream', async () => {
    gateway.vendor.onMessage('weather?', { content: 'Rain.', ...thought });
    const content = [...thoughts, { type: 'text', text: 'Rain.' }];
    expect(await client.messages.create(ask)).toMatchObject({ content, stop_reason: 'end_turn' });
    expect(await client.messages.stream(ask).finalMessage()).toMatchObject({ content, stop_reason: 'end_turn' });
  });

  test('goes back to its vendor before the call that it led to', async () => {
    const calls = [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }];
    gateway.vendor.onMessage('weather?', { toolCalls: calls, ...thought });
    const called = await client.messages.stream({ ...ask, tools: [weather] }).finalMessage();
    expect(called).toMatchObject({
      stop_reason: 'tool_use',
      content: [...thoughts, { type: 'tool_use', id: 'call_1' }],
    });

    gateway.vendor.clearFixtures();
    gateway.vendor.on({ toolCallId: 'call_1' }, { content: 'Rain.' });
    const answer = await client.messages.create({
      ...ask,
      tools: [weather],
      messages: [
        ...ask.messages,
        { role: 'assistant', content: called.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '9 °C' }] },
      ],
    });
    expect(answer.content).toMatchObject([{ type: 'text', text: 'Rain.' }]);
  });

  test('is left out of OpenAI’s format', async () => {
    gateway.vendor.onMessage('weather?', { content: 'Rain.', ...thought });
    const create = { model: MODELS.ANTHROPIC, messages: ask.messages };
    const whole = await gateway.client.chat.completions.create(create);
    expect(whole.choices[0]?.message.content).toBe('Rain.');
    const streamed = await gateway.client.chat.completions.stream(create).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe('Rain.');
  });
});

const failed = { type: 'tool_result', tool_use_id: 't', content: 'No such city.', is_error: true };
const titled = { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } };
const linked = { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } };
const pictured = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
const kept = { type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } };

describe.each([MODELS.OPENAI, MODELS.OPENAI_COMPATIBLE])('refused for %s', (model) => {
  test.each<[string, object, string]>([
    ['thinking', { thinking: { type: 'adaptive' } }, 'thinking'],
    ['effort', { output_config: { effort: 'low' } }, 'output_config.effort'],
    ['a mark for all', { cache_control: { type: 'ephemeral' } }, 'cache_control'],
    ['a mark', { messages: [{ role: 'user', content: [kept] }] }, 'cache_control'],
    ['a mark at a tool', { tools: [{ ...weather, cache_control: { type: 'ephemeral' } }] }, 'cache_control'],
    ['a title of a text', { messages: [{ role: 'user', content: [titled] }] }, 'title'],
    ['a document by its URL', { messages: [{ role: 'user', content: [linked] }] }, 'source.url'],
    [
      'a thought of another model',
      { messages: [...ask.messages, { role: 'assistant', content: [thoughts[1]] }, ...ask.messages] },
      'thinking',
    ],
    [
      'an image of a tool',
      {
        messages: [
          ...ask.messages,
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'weather', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [pictured] }] },
        ],
      },
      'tool_result.content',
    ],
    [
      'a tool that failed',
      {
        messages: [
          ...ask.messages,
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'weather', input: {} }] },
          { role: 'user', content: [failed] },
        ],
      },
      'is_error',
    ],
  ])('%s', async (_, more, param) => {
    const create = client.messages.create({ model, max_tokens: 9, messages: ask.messages, ...more });
    await expect(create).rejects.toMatchObject({ status: 400, errorCode: 'BAD_REQUEST', error: { error: { param } } });
    expect(gateway.vendor.getRequests()).toHaveLength(0);
  });
});

test('what this model of Anthropic’s would not take as it stands is refused before it is paid for', async () => {
  const more = { temperature: 0.5, top_p: 0.5 };
  const create = client.messages.create({ ...ask, thinking: { type: 'disabled' }, ...more });
  await expect(create).rejects.toMatchObject({
    status: 400,
    errorCode: 'UPSTREAM_REJECTED',
    error: { error: { param: 'top_p', unsupported: ['top_p'] } },
  });
  expect(gateway.vendor.getRequests()).toHaveLength(0);
});
