import { describe, expect, test } from '@jest/globals';
import type { ModelRequest, ProviderAccount, ProviderKind } from '../../../src/models/index.ts';
import { chatUrl } from '../../../src/models/openai-format/destination.ts';
import { account, CANARY } from '../support/accounts.ts';
import { ChatRig } from '../support/chat-rig.ts';
import { ask, callContext, failureOf } from '../support/setup.ts';

const rig = new ChatRig();
const LOOK = { name: 'look', description: 'Look closer.', parameters: { type: 'object' }, strict: true };

/** What is sent to a server of this kind. */
async function sent(kind: ProviderKind, model: string, request: ModelRequest, more: Partial<ProviderAccount> = {}) {
  await rig.start([account(kind, { baseUrl: `${rig.server.url}/v1`, ...more })]);
  await rig.setup.models.generate({ provider: 'acme', model }, request, callContext());
  const [one] = rig.server.requests.slice(-1);
  if (one === undefined) throw new Error('nothing was sent');
  return { ...one, body: JSON.parse(one.body) as Record<string, unknown> };
}

describe('the name of the length of an answer', () => {
  const length: ModelRequest = ask('x', { parameters: { maxOutputTokens: 50 } });
  test.each<[ProviderKind, string, ModelRequest, string]>([
    ['OPENAI', 'gpt-4o', length, 'max_tokens'],
    ['OPENAI', 'gpt-5-mini', length, 'max_completion_tokens'],
    ['OPENAI', 'o3', length, 'max_completion_tokens'],
    ['OPENAI', 'ft:o4-mini:acme::1', length, 'max_completion_tokens'],
    [
      'OPENAI',
      'next',
      ask('x', { parameters: { maxOutputTokens: 50, reasoningEffort: 'low' } }),
      'max_completion_tokens',
    ],
    ['AZURE_OPENAI', 'gpt-4o', length, 'max_tokens'],
    ['AZURE_OPENAI', 'gpt-5-mini', length, 'max_completion_tokens'],
    ['OPENAI_COMPATIBLE', 'openai/gpt-5-mini', length, 'max_tokens'],
  ])('%s %s', async (kind, model, request, name) => {
    const { body } = await sent(kind, model, request);
    expect(body[name]).toBe(50);
    expect(Object.keys(body).filter((each) => each.startsWith('max_'))).toEqual([name]);
  });

  test('a deployment is what it is declared to be based on', async () => {
    const models = [{ name: 'prod-chat', baseModel: 'gpt-5-mini' }];
    const { body } = await sent('AZURE_OPENAI', 'prod-chat', length, { models });
    expect(body).toMatchObject({ model: 'prod-chat', max_completion_tokens: 50 });
    const { body: named } = await sent('AZURE_OPENAI', 'gpt-5', length, {
      models: [{ name: 'gpt-5', baseModel: 'gpt-4o' }],
    });
    expect(named).toHaveProperty('max_tokens', 50);
  });
});

test('what reasons is asked as any other: tools, a schema and effort as they were given', async () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const { body } = await sent(
    'OPENAI',
    'gpt-5',
    ask('x', {
      parameters: { reasoningEffort: 'minimal' },
      tools: [LOOK],
      toolChoice: 'required',
      parallelToolCalls: false,
      output: { kind: 'json', schema, name: 'answer', description: 'An answer.' },
    }),
  );
  expect(body).toEqual({
    model: 'gpt-5',
    messages: [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'x' },
    ],
    reasoning_effort: 'minimal',
    tools: [{ type: 'function', function: LOOK }],
    tool_choice: 'required',
    parallel_tool_calls: false,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', description: 'An answer.', schema, strict: true },
    },
  });
});

test('a model that would refuse tools while it reasons is told not to, unless somebody said how much', async () => {
  const tools = ask('x', { tools: [LOOK] });
  const models = [{ name: 'prod-chat', baseModel: 'gpt-5.6-sol' }];
  const effort = async (...args: Parameters<typeof sent>) => (await sent(...args)).body.reasoning_effort;
  expect(await effort('OPENAI', 'gpt-5.6-terra', tools)).toBe('none');
  expect(await effort('AZURE_OPENAI', 'prod-chat', tools, { models })).toBe('none');
  expect(await effort('OPENAI', 'gpt-5.6-terra', { ...tools, parameters: { reasoningEffort: 'low' } })).toBe('low');
  expect(await effort('OPENAI', 'gpt-5.6-terra', ask('x'))).toBeUndefined();
  expect(await effort('OPENAI', 'gpt-5.4', tools)).toBeUndefined();
  expect(await effort('OPENAI_COMPATIBLE', 'openai/gpt-5.6-terra', tools)).toBeUndefined();
});

test('the arguments of a call are handed back as they came', async () => {
  const toolCall = { kind: 'toolCall', id: 'c', name: 'look', arguments: '{ "id": 12345678901234567890 }' } as const;
  const { body } = await sent('OPENAI', 'gpt-4o', ask('x', { messages: [{ role: 'assistant', parts: [toolCall] }] }));
  expect(body.messages).toMatchObject([{ tool_calls: [{ function: { arguments: toolCall.arguments } }] }]);
});

describe('Azure', () => {
  const azure = (baseUrl: string, apiVersion?: string) => ({
    baseUrl: `${rig.server.url}${baseUrl}`,
    options: apiVersion === undefined ? {} : { apiVersion },
  });

  test('a dated version of the API stands under the deployment', async () => {
    const { path, headers } = await sent('AZURE_OPENAI', 'prod', ask('x'), azure('/openai', '2025-04-01-preview'));
    expect(path).toBe('/openai/deployments/prod/chat/completions?api-version=2025-04-01-preview');
    expect(headers).toMatchObject({ 'api-key': CANARY });
    expect(headers.authorization).toBeUndefined();
  });

  test('any other version, behind a proxy, is the path’s', async () => {
    const { path } = await sent('AZURE_OPENAI', 'prod', ask('x'), azure('/proxy'));
    expect(path).toBe('/proxy/chat/completions');
  });

  test.each([
    ['https://r.openai.azure.com/openai', '/openai/v1/chat/completions?api-version=v1'],
    ['https://r.openai.azure.com/openai/v1', '/openai/v1/chat/completions'],
    ['https://r.services.ai.azure.com/api/projects/p/openai', '/api/projects/p/openai/v1/chat/completions'],
  ])('at %s', (baseUrl, path) => {
    expect(chatUrl(account('AZURE_OPENAI', { baseUrl }), baseUrl, 'prod')).toBe(new URL(path, baseUrl).href);
  });
});

describe('files', () => {
  const file = (mediaType: string, data: Uint8Array | URL, more: object = {}) => ({
    kind: 'file' as const,
    mediaType,
    data,
    ...more,
  });
  const withFile = (part: ReturnType<typeof file>): ModelRequest =>
    ask('x', { messages: [{ role: 'user', parts: [{ kind: 'text', text: 'see' }, part] }] });
  const bytes = new Uint8Array([1, 2, 3]);
  const url = new URL('https://images.example/a.png');

  test.each([
    [file('image/png', bytes), { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } }],
    [file('image/*', url, { detail: 'low' }), { type: 'image_url', image_url: { url: url.href, detail: 'low' } }],
    [file('audio/wav', bytes), { type: 'input_audio', input_audio: { data: 'AQID', format: 'wav' } }],
    [
      file('application/pdf', bytes, { name: 'a.pdf' }),
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AQID' } },
    ],
    [file('video/mp4', bytes), { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AQID' } }],
    [file('text/csv', Buffer.from('a;b')), { type: 'text', text: 'a;b' }],
  ])('%#', async (part, expected) => {
    const { body } = await sent('OPENAI_COMPATIBLE', 'm', withFile(part));
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'see' }, expected] }]);
  });

  test.each([file('application/pdf', url), file('audio/ogg', bytes), file('video/mp4', bytes)])(
    'no place for it: %#',
    async (part) => {
      await rig.start([account('OPENAI', { baseUrl: `${rig.server.url}/v1` })]);
      const failure = await failureOf(rig.generate(withFile(part)));
      expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', elsewhere: true });
      expect(rig.server.requests).toHaveLength(0);
    },
  );
});
