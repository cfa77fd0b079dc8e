import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProviderKind } from '../../src/models/index.ts';
import { account } from './support/accounts.ts';
import { type ChatServer, events, startChatServer } from './support/chat-server.ts';
import { COHERE_END, cohereBeginning } from './support/cohere.ts';
import { ask, callContext, failureOf, readAll, setUpModels, streamed } from './support/setup.ts';

/** One vendor's stream as its documentation has it: the beginning, then the end that says why it finished. */
interface WireFormat {
  readonly kind: ProviderKind;
  readonly beginning: readonly object[];
  readonly end: readonly object[];
}

const FORMATS: readonly WireFormat[] = [
  {
    kind: 'COHERE',
    beginning: cohereBeginning('Good ', 'day.'),
    end: COHERE_END,
  },
  {
    kind: 'ANTHROPIC',
    beginning: [
      {
        type: 'message_start',
        message: {
          id: 'm1',
          type: 'message',
          role: 'assistant',
          model: 'claude',
          content: [],
          stop_reason: null,
          usage: { input_tokens: 7, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Good day.' } },
      { type: 'content_block_stop', index: 0 },
    ],
    end: [
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
      { type: 'message_stop' },
    ],
  },
  {
    kind: 'GOOGLE',
    beginning: [{ candidates: [{ content: { role: 'model', parts: [{ text: 'Good day.' }] }, index: 0 }] }],
    end: [
      {
        candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
      },
    ],
  },
  {
    kind: 'XAI',
    beginning: [
      {
        type: 'response.created',
        response: { id: 'r1', object: 'response', created_at: 1, model: 'grok-4', status: 'in_progress', output: [] },
      },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { type: 'message', id: 'i1', role: 'assistant', status: 'in_progress', content: [] },
      },
      { type: 'response.output_text.delta', item_id: 'i1', output_index: 0, content_index: 0, delta: 'Good day.' },
    ],
    end: [
      {
        type: 'response.completed',
        response: {
          id: 'r1',
          object: 'response',
          created_at: 1,
          model: 'grok-4',
          status: 'completed',
          output: [],
          usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 },
        },
      },
    ],
  },
];

describe.each(FORMATS)('the stream of $kind', ({ kind, beginning, end }) => {
  let server: ChatServer;

  beforeEach(async () => {
    server = await startChatServer();
  });
  afterEach(() => server.close());

  async function reading<T>(
    data: readonly object[],
    use: (read: Promise<readonly unknown[]>) => Promise<T>,
  ): Promise<T> {
    server.answer = (response) => {
      events(response, ...data);
      response.end();
    };
    const setup = await setUpModels([account(kind, { baseUrl: `${server.url}/v1` })]);
    try {
      return await use(readAll(streamed(setup.models, { provider: 'acme', model: 'm' }, ask('hello'), callContext())));
    } finally {
      await setup.close();
    }
  }

  test('text, and the figures', async () => {
    const read = await reading([...beginning, ...end], (all) => all);
    expect(read).toContainEqual({ kind: 'text', delta: expect.stringContaining('day.') });
    expect(read.at(-1)).toMatchObject({
      kind: 'finish',
      figures: { tokens: { input: 7, output: 3 }, tokensReported: true, finishReason: 'stop' },
    });
  });

  test('without its end it is a fault', async () => {
    expect(await reading(beginning, failureOf)).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      retryable: true,
      countsAgainstHealth: true,
    });
  });
});

test('Anthropic’s own word for a refusal', async () => {
  const server = await startChatServer();
  const refused = { type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 3 } };
  const beginning = FORMATS.find(({ kind }) => kind === 'ANTHROPIC')?.beginning ?? [];
  server.answer = (response) => {
    events(response, ...beginning, refused, { type: 'message_stop' });
    response.end();
  };
  const setup = await setUpModels([account('ANTHROPIC', { baseUrl: `${server.url}/v1` })]);
  const call = readAll(streamed(setup.models, { provider: 'acme', model: 'm' }, ask('hello'), callContext()));
  expect((await failureOf(call)).code).toBe('MODEL_REFUSED');
  await setup.close();
  await server.close();
});
