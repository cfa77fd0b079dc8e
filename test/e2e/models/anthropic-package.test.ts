import { createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type MessagesGateway, MODELS, startMessagesGateway } from './anthropic-setup.ts';

/** Another client of the format, which checks the shape of what it is given, and asks for tools in its own way. */
let gateway: MessagesGateway;
let language: (model: string) => LanguageModelV4;
beforeAll(async () => {
  gateway = await startMessagesGateway();
  language = createAnthropic({ baseURL: `${gateway.weir.url}/v1`, apiKey: gateway.key });
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.vendor.clearFixtures();
});

const ask: LanguageModelV4CallOptions = {
  maxOutputTokens: 99,
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'weather?' }] }],
  tools: [{ type: 'function', name: 'weather', inputSchema: { type: 'object' } }],
};
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, input_tokens: 10, output_tokens: 5 };

describe.each(Object.values(MODELS))('%s', (model) => {
  test('a call of a tool, whole and in a stream', async () => {
    gateway.vendor.onMessage('weather?', { toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }], usage });
    const call = { type: 'tool-call', toolName: 'weather', input: '{"city":"Oslo"}' };
    const whole = await language(model).doGenerate(ask);
    expect(whole.content).toMatchObject([call]);
    expect(whole.finishReason.unified).toBe('tool-calls');
    expect(whole.usage).toMatchObject({ inputTokens: { total: 10 }, outputTokens: { total: 5 } });

    const parts: LanguageModelV4StreamPart[] = [];
    const { stream } = await language(model).doStream(ask);
    for await (const part of stream) parts.push(part);
    expect(parts).toContainEqual(expect.objectContaining(call));
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: { total: 10 }, outputTokens: { total: 5 } },
    });
  });
});
