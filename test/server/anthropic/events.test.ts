import { expect, test } from '@jest/globals';
import type { ModelEvent, ModelFigures } from '../../../src/models/index.ts';
import { createEventWriter } from '../../../src/server/anthropic/write/events.ts';
import type { EventStream } from '../../../src/server/way-in/event-stream.ts';

const tokens = { input: 10, output: 5, cachedInput: 4, cacheWrite: 3, reasoning: 2 };
const figures: ModelFigures = {
  provider: 'p',
  model: 'm',
  tokens,
  tokensReported: true,
  usd: undefined,
  finishReason: 'stop',
};

/** What is written of some pieces, from the start to the finish. */
function written(...pieces: readonly ModelEvent[]): Record<string, unknown>[] {
  const events: Record<string, unknown>[] = [];
  const stream = {
    send(data: string, event?: string) {
      const read = JSON.parse(data) as Record<string, unknown>;
      expect(read.type).toBe(event);
      events.push(read);
    },
  };
  const to = stream as unknown as EventStream;
  const writer = createEventWriter({ id: 'msg_1', model: 'p/m' }, () => ({ type: 'error' }));
  writer.begin(to);
  for (const piece of pieces) writer.piece(to, piece);
  writer.finish(to, figures);
  return events;
}

test('each block begins when the one before it has ended, and has a number of its own', () => {
  const events = written(
    { kind: 'thinking', block: '0', delta: 'Hm' },
    { kind: 'thinking', block: '0', delta: '.' },
    { kind: 'thinkingSigned', block: '0', signature: 's' },
    { kind: 'thinkingSigned', block: '1', signature: 't' },
    { kind: 'sealedThinking', data: 'd' },
    { kind: 'text', delta: 'I ' },
    { kind: 'text', delta: 'look.' },
    { kind: 'toolCall', index: 0, id: 'a', name: 'look' },
    { kind: 'toolCallDelta', index: 0, delta: '{}' },
    { kind: 'toolCall', index: 1, id: 'b', name: 'look' },
    { kind: 'text', delta: 'So.' },
  );
  const told = events.slice(1, -2).map(({ type, index, content_block, delta }) => {
    const { type: kind } = (content_block ?? delta ?? {}) as { type?: string };
    return [String(type).replace('content_block_', ''), index, ...(kind === undefined ? [] : [kind])].join(' ');
  });
  expect(told).toEqual([
    'start 0 thinking',
    'delta 0 thinking_delta',
    'delta 0 thinking_delta',
    'delta 0 signature_delta',
    'stop 0',
    'start 1 thinking',
    'delta 1 signature_delta',
    'stop 1',
    'start 2 redacted_thinking',
    'stop 2',
    'start 3 text',
    'delta 3 text_delta',
    'delta 3 text_delta',
    'stop 3',
    'start 4 tool_use',
    'delta 4 input_json_delta',
    'stop 4',
    'start 5 tool_use',
    'stop 5',
    'start 6 text',
    'delta 6 text_delta',
    'stop 6',
  ]);
});

test('the end says how, and what it took; calls of tools are waited for, whatever the vendor says of the end', () => {
  const [delta, stop] = written({ kind: 'toolCall', index: 0, id: 'a', name: 'look' }).slice(-2);
  expect(delta).toEqual({
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: {
      input_tokens: 3,
      cache_creation_input_tokens: 3,
      cache_read_input_tokens: 4,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
      server_tool_use: null,
      cost: null,
    },
  });
  expect(stop).toEqual({ type: 'message_stop' });
  expect(written().at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' } });
});

test('a call that goes on after another has begun is a fault of the vendor', () => {
  const call = (index: number) => ({ kind: 'toolCall', index, id: `c${index}`, name: 'look' }) as const;
  const late = () => written(call(0), call(1), { kind: 'toolCallDelta', index: 0, delta: '{' });
  expect(late).toThrow(expect.objectContaining({ code: 'UPSTREAM_INVALID_RESPONSE' }));
});
