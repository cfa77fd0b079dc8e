import { describe, expect, test } from '@jest/globals';
import { account } from '../support/accounts.ts';
import { ChatRig } from '../support/chat-rig.ts';
import { chunk, completion, events, json } from '../support/chat-server.ts';
import { ask, callContext, failureOf, readAll, streamed } from '../support/setup.ts';

const rig = new ChatRig();
const target = { provider: 'acme', model: 'local' };

const compatible = () => account('OPENAI_COMPATIBLE', { baseUrl: `${rig.server.url}/v1` });

async function inPieces(...data: readonly unknown[]) {
  await rig.start([compatible()]);
  rig.server.answer = (response) => {
    events(response, ...data);
    response.end();
  };
  return readAll(streamed(rig.setup.models, target, ask('x'), callContext()));
}

async function whole(body: unknown) {
  await rig.start([compatible()]);
  rig.server.answer = (response) => json(response, 200, body);
  return rig.setup.models.generate(target, ask('x'), callContext());
}

describe('what servers of the format do in more than one way', () => {
  test('arguments before the name, no id, no index', async () => {
    const call = (more: object) => chunk({ tool_calls: [more] });
    const read = await inPieces(
      call({ index: 0, function: { arguments: '{"a"' } }),
      call({ index: 0, function: { name: 'look', arguments: ':1' } }),
      call({ index: 0, function: { arguments: '}' } }),
      chunk({}, 'tool_calls'),
    );
    expect(read.slice(0, -1)).toEqual([
      { kind: 'toolCall', index: 0, id: 'r1-0', name: 'look' },
      { kind: 'toolCallDelta', index: 0, delta: '{"a":1' },
      { kind: 'toolCallDelta', index: 0, delta: '}' },
    ]);
    expect(read.at(-1)).toMatchObject({ figures: { finishReason: 'toolCalls', tokensReported: false } });
  });

  test('content in parts, of which what is thought is not told', async () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    const read = await inPieces(chunk({ content: [thinking, { type: 'text', text: 'Good' }] }), chunk({}, 'stop'));
    expect(read[0]).toEqual({ kind: 'text', delta: 'Good' });
    const { parts } = await whole(completion({ content: [thinking, { type: 'text', text: 'Good' }] }));
    expect(parts).toEqual([{ kind: 'text', text: 'Good' }]);
  });
});

describe('what is not of the format is a fault, and does not repeat what came', () => {
  test.each([
    [
      'a call without a name',
      [chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }), chunk({}, 'stop')],
    ],
    ['a text that is none', [chunk({ content: 7 }), chunk({}, 'stop')]],
    ['no choices', [{ id: 'secret-word' }]],
    ['no object', ['"secret-word"']],
    ['tokens that are no number', [chunk({ content: 'x' }, 'stop', { usage: { prompt_tokens: 'secret-word' } })]],
  ])('streamed: %s', async (_name, data) => {
    const failure = await failureOf(inPieces(...data));
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', countsAgainstHealth: true });
    expect(failure.message).not.toContain('secret-word');
  });

  test.each([
    ['no JSON', 'secret-word {'],
    ['no choices', { choices: [] }],
    ['no message', { choices: [{ finish_reason: 'stop' }] }],
    ['a text that is none', completion({ content: 7 })],
    ['a call without a name', completion({ tool_calls: [{ id: 'c', function: { arguments: '{}' } }] })],
  ])('whole: %s', async (_name, body) => {
    const failure = await failureOf(whole(body));
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', countsAgainstHealth: true });
    expect(failure.message).not.toContain('secret-word');
  });
});
