import { describe, expect, test } from '@jest/globals';
import { costOf } from '../../src/models/catalogue/cost.ts';
import { describeModel, modelNames } from '../../src/models/catalogue/describe.ts';
import type { ProviderKind, TokenUsage } from '../../src/models/index.ts';
import { account } from './support/accounts.ts';

const AT = new Date('2026-06-01T12:00:00Z');

function tokens(input: number, output: number, more: Partial<TokenUsage> = {}): TokenUsage {
  return { input, output, cachedInput: 0, cacheWrite: 0, reasoning: 0, ...more };
}

/** Computed by hand from the vendors' price pages: USD for a million tokens, times tokens. */
const CASES: readonly [string, ProviderKind, string, TokenUsage, number][] = [
  // 2.50 in, 1.25 cached, 10.00 out: 12,000 x 2.50 + 8,000 x 1.25 + 3,000 x 10 = 30,000 + 10,000 + 30,000
  ['OpenAI, cached input', 'OPENAI', 'gpt-4o', tokens(20_000, 3000, { cachedInput: 8000 }), 0.07],
  // 1.25 in, 10.00 out, and reasoning is billed as output: 40,000 x 1.25 + 10,000 x 10 = 50,000 + 100,000
  ['OpenAI, reasoning', 'OPENAI', 'gpt-5', tokens(40_000, 10_000, { reasoning: 9000 }), 0.15],
  // 3.00 in, 0.30 read, 3.75 written, 15.00 out:
  // 10,000 x 3 + 50,000 x 0.30 + 20,000 x 3.75 + 2,000 x 15 = 30,000 + 15,000 + 75,000 + 30,000
  [
    'Anthropic, cache read and written',
    'ANTHROPIC',
    'claude-sonnet-4-20250514',
    tokens(80_000, 2000, { cachedInput: 50_000, cacheWrite: 20_000 }),
    0.15,
  ],
  // up to 200,000 tokens: 1.25 in, 10.00 out: 200,000 x 1.25 + 1,000 x 10 = 250,000 + 10,000
  ['Gemini, at the end of the lower tier', 'GOOGLE', 'gemini-2.5-pro', tokens(200_000, 1000), 0.26],
  // above 200,000: 2.50 in, 0.25 cached, 15.00 out, for all of them:
  // 200,000 x 2.50 + 100,000 x 0.25 + 2,000 x 15 = 500,000 + 25,000 + 30,000
  ['Gemini, long context', 'GOOGLE', 'gemini-2.5-pro', tokens(300_000, 2000, { cachedInput: 100_000 }), 0.555],
  ['Gemini on Vertex is the same list', 'GOOGLE_VERTEX', 'gemini-2.5-pro', tokens(200_000, 1000), 0.26],
  // 2.00 in, 6.00 out: 50,000 x 2 + 5,000 x 6 = 100,000 + 30,000
  ['Mistral', 'MISTRAL', 'mistral-large-latest', tokens(50_000, 5000), 0.13],
  // 0.59 in, 0.79 out: 1,000,000 x 0.59 + 100,000 x 0.79 = 590,000 + 79,000
  ['Groq', 'GROQ', 'llama-3.3-70b-versatile', tokens(1_000_000, 100_000), 0.669],
  // 3.00 in, 0.75 cached, 15.00 out: 10,000 x 3 + 20,000 x 0.75 + 1,000 x 15 = 30,000 + 15,000 + 15,000
  ['xAI', 'XAI', 'grok-4', tokens(30_000, 1000, { cachedInput: 20_000, reasoning: 600 }), 0.06],
  // 2.50 in, 10.00 out: 100,000 x 2.5 + 5,000 x 10 = 250,000 + 50,000
  ['Cohere', 'COHERE', 'command-r-plus', tokens(100_000, 5000), 0.3],
  // 0.80 in, 0.20 cached, 3.20 out: 50,000 x 0.80 + 50,000 x 0.20 + 10,000 x 3.20 = 40,000 + 10,000 + 32,000
  [
    'Nova on Bedrock',
    'AMAZON_BEDROCK',
    'amazon.nova-pro-v1:0',
    tokens(100_000, 10_000, { cachedInput: 50_000 }),
    0.082,
  ],
  // Azure lists what it shares with OpenAI at OpenAI's price.
  ['Azure', 'AZURE_OPENAI', 'gpt-4o', tokens(20_000, 3000, { cachedInput: 8000 }), 0.07],
  // 0.02 in: 1,000,000 x 0.02
  ['an embedding', 'OPENAI', 'text-embedding-3-small', tokens(1_000_000, 0), 0.02],
];

describe('the cost of a call', () => {
  test.each(CASES)('%s', (_name, kind, model, used, usd) => {
    expect(costOf(account(kind), model, used, AT)).toBeCloseTo(usd, 9);
  });

  test('an unknown price is none, never zero', () => {
    expect(costOf(account('OPENAI'), 'no-such-model', tokens(1000, 1000), AT)).toBeUndefined();
    expect(
      costOf(account('OPENAI_COMPATIBLE', { baseUrl: 'http://127.0.0.1:1/v1' }), 'm', tokens(1, 1), AT),
    ).toBeUndefined();
    // An embedding model's list has no price of output.
    expect(costOf(account('OPENAI'), 'text-embedding-3-small', tokens(1, 1), AT)).toBeUndefined();
  });

  test('a compatible server is known by its URL', () => {
    const groq = account('OPENAI_COMPATIBLE', { baseUrl: 'https://api.groq.com/openai/v1' });
    expect(costOf(groq, 'llama-3.3-70b-versatile', tokens(1_000_000, 100_000), AT)).toBeCloseTo(0.669, 9);
  });

  test('what the owner declares goes before the list, for all of the prices', () => {
    const prices = { input: 1, output: 4, cachedInput: 0.5 };
    const declared = account('OPENAI', { models: [{ name: 'gpt-4o', prices }] });
    // 12,000 x 1 + 8,000 x 0.5 + 3,000 x 4 = 12,000 + 4,000 + 12,000
    expect(costOf(declared, 'gpt-4o', tokens(20_000, 3000, { cachedInput: 8000 }), AT)).toBeCloseTo(0.028, 12);
    // Without a price of its own, what is written to the cache is input.
    expect(costOf(declared, 'gpt-4o', tokens(1000, 0, { cacheWrite: 1000 }), AT)).toBeCloseTo(0.001, 12);
  });

  test('a deployment costs what the model does that it is based on', () => {
    const models = [{ name: 'prod-chat', baseModel: 'gpt-4o' }];
    const used = tokens(20_000, 3000, { cachedInput: 8000 });
    expect(costOf(account('AZURE_OPENAI', { models }), 'prod-chat', used, AT)).toBeCloseTo(0.07, 9);
  });

  test('figures that contradict themselves are no error', () => {
    expect(costOf(account('OPENAI'), 'gpt-4o', tokens(10, 10, { cachedInput: 99, reasoning: 99 }), AT)).toBeGreaterThan(
      0,
    );
  });
});

describe('what is known of a model', () => {
  test('from the list', () => {
    expect(describeModel(account('OPENAI'), 'gpt-4o', AT)).toEqual({
      contextTokens: 128_000,
      maxOutputTokens: undefined,
      inputs: undefined,
      prices: { input: 2.5, output: 10, cachedInput: 1.25, cacheWrite: undefined },
    });
    expect(describeModel(account('GOOGLE'), 'gemini-2.5-pro', AT)?.prices).toMatchObject({ input: 1.25, output: 10 });
    expect(describeModel(account('OPENAI'), 'no-such-model', AT)).toBeUndefined();
  });

  test('what the owner declares goes first', () => {
    const models = [
      { name: 'gpt-4o', contextTokens: 1000, inputs: ['text', 'image'] },
      { name: 'own', maxOutputTokens: 9, prices: { input: 1, output: 2 } },
    ];
    const declared = account('OPENAI', { models });
    expect(describeModel(declared, 'gpt-4o', AT)).toMatchObject({
      contextTokens: 1000,
      inputs: ['text', 'image'],
      prices: { input: 2.5 },
    });
    expect(describeModel(declared, 'own', AT)).toEqual({
      contextTokens: undefined,
      maxOutputTokens: 9,
      inputs: undefined,
      prices: { input: 1, output: 2, cachedInput: 1, cacheWrite: 1 },
    });
    expect(modelNames(declared)).toEqual(expect.arrayContaining(['gpt-4o', 'own', 'gpt-5']));
  });

  test('a server of one’s own has the models that were declared', () => {
    const local = account('OPENAI_COMPATIBLE', {
      baseUrl: 'http://127.0.0.1:1',
      models: [{ name: 'b' }, { name: 'a' }],
    });
    expect(modelNames(local)).toEqual(['a', 'b']);
  });
});
