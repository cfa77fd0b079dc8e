import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ModelTool } from '../../src/models/index.ts';
import { CANARY } from './support/accounts.ts';
import type { ChatServer } from './support/chat-server.ts';
import { startCohereServer } from './support/cohere.ts';
import { ask, callContext, type ModelsSetup, readAll, setUpModels, streamed } from './support/setup.ts';
import { VENDORS } from './support/vendors.ts';

const WEATHER: ModelTool = {
  name: 'get_weather',
  description: 'The weather somewhere.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};

let server: LLMock;

beforeAll(async () => {
  server = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 5 });
  await server.start();
});

afterAll(() => server.stop());

describe.each(VENDORS)('$kind', ({ kind, model, account }) => {
  let setup: ModelsSetup;
  let cohere: ChatServer | undefined;
  const target = { provider: 'acme', model };

  beforeEach(async () => {
    server.reset();
    setup = await setUpModels([account(server.url)]);
  });
  afterEach(async () => {
    await setup.close();
    await cohere?.close();
    cohere = undefined;
  });

  /** From now on Cohere's calls go to a server that streams as Cohere does. */
  async function streamAsCohere(pieces: readonly string[], waitMs?: number): Promise<void> {
    if (kind !== 'COHERE') return;
    cohere = await startCohereServer(pieces, waitMs);
    await setup.close();
    setup = await setUpModels([account(cohere.url)]);
  }

  test('text', async () => {
    server.onMessage('hello', { content: 'Good day.' });
    const answer = await setup.models.generate(target, ask('hello'), callContext());
    expect(answer.parts).toEqual([{ kind: 'text', text: 'Good day.' }]);
    expect(answer.figures).toMatchObject({ ...target, finishReason: 'stop' });
    expect(setup.events).toMatchObject([
      { requestId: 'r1', callerId: 'k1', source: 'translate', streamed: false, failure: undefined },
    ]);
  });

  test('a stream', async () => {
    server.onMessage('hello', { content: 'Good day to you.' }, { latency: 10 });
    await streamAsCohere(['Good day', ' to you.']);
    const events = await readAll(streamed(setup.models, target, ask('hello'), callContext()));
    expect(events.map((event) => (event.kind === 'text' ? event.delta : '')).join('')).toBe('Good day to you.');
    expect(events.filter(({ kind }) => kind === 'text').length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ kind: 'finish', figures: { finishReason: 'stop' } });
    expect(setup.events).toMatchObject([{ streamed: true, firstTokenMs: expect.any(Number), failure: undefined }]);
  });

  test('JSON of a schema', async () => {
    server.onMessage('who', { content: '{"name":"Ada"}' });
    const output = { kind: 'json', schema: PERSON, name: 'person' } as const;
    const { parts } = await setup.models.generate(target, ask('who', { output }), callContext());
    expect(parts).toEqual([{ kind: 'text', text: '{"name":"Ada"}' }]);
    expect(String(setup.sent[0]?.body)).toContain('name');
  });

  test('a tool call, whole and streamed', async () => {
    // Google finishes with STOP here; the stand-in would say a word that Google does not know.
    const reason = kind.startsWith('GOOGLE') ? { finishReason: 'stop' } : {};
    const toolCalls = [{ name: 'get_weather', arguments: '{"city":"Rome"}', id: 'call_1' }];
    server.onMessage('weather', { toolCalls, ...reason });
    const request = ask('weather', { tools: [WEATHER], toolChoice: 'auto' });
    const { parts, figures } = await setup.models.generate(target, request, callContext());
    expect(parts).toEqual([
      { kind: 'toolCall', id: expect.any(String), name: 'get_weather', arguments: expect.any(String) },
    ]);
    expect(parts.map((part) => (part.kind === 'toolCall' ? JSON.parse(part.arguments) : part))).toEqual([
      { city: 'Rome' },
    ]);
    expect(figures.finishReason).toBe('toolCalls');
    const events = await readAll(streamed(setup.models, target, request, callContext()));
    expect(events[0]).toMatchObject({ kind: 'toolCall', index: 0, name: 'get_weather' });
    const text = events.map((event) => (event.kind === 'toolCallDelta' ? event.delta : '')).join('');
    expect(JSON.parse(text)).toEqual({ city: 'Rome' });
  });

  test('a conversation with a tool’s result', async () => {
    server.on({ predicate: () => true }, { content: 'It rains.' });
    const request = ask('weather', { tools: [WEATHER] });
    const { parts } = await setup.models.generate(
      target,
      {
        ...request,
        messages: [
          ...request.messages,
          {
            role: 'assistant',
            parts: [{ kind: 'toolCall', id: 'call00001', name: 'get_weather', arguments: '{"city":"Rome"}' }],
          },
          { role: 'tool', parts: [{ kind: 'toolResult', id: 'call00001', name: 'get_weather', text: 'rain' }] },
        ],
      },
      callContext(),
    );
    expect(parts).toEqual([{ kind: 'text', text: 'It rains.' }]);
  });

  test('the credential goes to the vendor, in a header', async () => {
    server.onMessage('hello', { content: 'Good day.' });
    await setup.models.generate(target, ask('hello'), callContext());
    const [request] = setup.sent;
    const headers = JSON.stringify(request?.headers);
    expect(headers).toContain(kind === 'AMAZON_BEDROCK' ? 'Credential=AKIDEXAMPLE/' : CANARY);
    expect(request?.url).not.toContain(CANARY);
    expect(request?.body).not.toContain(CANARY);
  });
});
