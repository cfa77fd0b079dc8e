import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

const SCRIPT = `
  const { createRequire } = await import('node:module');
  const { registerHooks } = await import('node:module');
  const seen = [];
  registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
  const { createModels } = await import('./src/models/index.ts');
  const account = { name: 'a', kind: 'GROQ', headers: [], options: {}, models: [], version: 1, baseUrl: 'http://127.0.0.1:1' };
  const accounts = { account: () => account, list: () => [account], events: { on: () => () => {} } };
  const budgets = { reserve: () => ({ settle() {}, release() {} }), status: () => [] };
  const http = { request: async () => { throw new Error('no way out'); } };
  const { systemClock } = await import('./src/runtime/index.ts');
  const models = createModels({ accounts, budgets, http, clock: systemClock });
  const vendors = () => [...new Set(seen.map((url) => /node_modules\\/(@ai-sdk\\/[a-z-]+|@pydantic|zod)\\//.exec(url)?.[1]).filter(Boolean))].sort();
  const before = vendors();
  const context = { requestId: 'r', source: undefined, callerId: 'anonymous', signal: new AbortController().signal, timeoutMs: 5000 };
  await models.generate({ provider: 'a', model: 'm' }, { messages: [], parameters: {} }, context).catch(() => {});
  console.log(JSON.stringify({ before, after: vendors() }));
`;

test('no vendor’s package and no price is loaded before a call, and then only the one it takes', () => {
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], { encoding: 'utf8' });
  const { before, after } = JSON.parse(out) as { before: string[]; after: string[] };
  expect(before).toEqual([]);
  expect(after).toContain('@ai-sdk/groq');
  expect(after.filter((name) => /openai|anthropic|google|bedrock|mistral|cohere|xai|deepseek/.test(name))).toEqual([]);
});
