import { expect, test } from '@jest/globals';
import { demoModel } from '../../src/demo/prompts.ts';

test.each([
  [{}, 'rules/phrases', 'OPENAI_COMPATIBLE'],
  [{ OPENAI_API_KEY: '' }, 'rules/phrases', 'OPENAI_COMPATIBLE'],
  [{ OPENAI_API_KEY: 'k' }, 'openai/gpt-5-mini', 'OPENAI'],
  [{ ANTHROPIC_API_KEY: 'k' }, 'anthropic/claude-haiku-4-5', 'ANTHROPIC'],
])('with %j the prompts of the demo ask %s', (environment, model, kind) => {
  const made = demoModel(environment, 'http://127.0.0.1:1');
  expect([made.model, made.provider.kind]).toEqual([model, kind]);
  expect(model.startsWith(`${String(made.provider.name)}/`)).toBe(true);
});
