import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ModelRequest } from '../../src/models/index.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { account } from './support/accounts.ts';
import { type ChatServer, events, startChatServer } from './support/chat-server.ts';
import { ask, callContext, failureOf, type ModelsSetup, setUpModels, streamed, type Told } from './support/setup.ts';

/** A model of Anthropic's that thinks before it answers, whether it does so aloud or not. */
let server: ChatServer;
let setup: ModelsSetup;
let clock: FakeClock;

const usage = { input_tokens: 7, output_tokens: 3 };
const message = { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage };
const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, given: object) => ({ type: 'content_block_delta', index, delta: given });
const stop = (index: number) => ({ type: 'content_block_stop', index });
const end = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];

beforeEach(async () => {
  clock = new FakeClock();
  server = await startChatServer();
  server.answer = (response) => {
    server.open.push(response);
    events(response, { type: 'message_start', message }, block(0, { type: 'thinking', thinking: '', signature: '' }));
  };
  setup = await setUpModels([account('ANTHROPIC', { baseUrl: `${server.url}/v1` })], { clock });
});
afterEach(async () => {
  await setup.close();
  await server.close();
});

const thinking: ModelRequest = {
  ...ask('hello'),
  anthropic: { thinking: { kind: 'adaptive', display: 'omitted' } },
  thoughts: true,
};

function begin(request: ModelRequest): AsyncIterator<readonly Told[], undefined> {
  const context = callContext({ firstTokenMs: 1000, nextTokenMs: 500, timeoutMs: 60_000 });
  return streamed(setup.models, { provider: 'acme', model: 'm' }, request, context)[Symbol.asyncIterator]();
}

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

/** What has been sent is read by then. */
async function read(...sent: readonly object[]): Promise<void> {
  events(server.open[0] as never, ...sent);
  for (let turn = 0; turn < 20; turn++) await settle();
}

test('silence is no fault while it thinks, and one again when it has thought', async () => {
  const stream = begin(thinking);
  const first = stream.next();
  await eventually(() => server.open.length === 1);
  await read();
  await clock.advance(20_000);
  await read(delta(0, { type: 'signature_delta', signature: 'sealed' }));
  expect((await first).value).toEqual([{ kind: 'thinkingSigned', block: '0', signature: 'sealed' }]);
  const failed = failureOf(stream.next() as Promise<unknown>);
  await clock.advance(20_000);
  await read(stop(0));
  await clock.advance(500);
  expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'connection_read_timeout' });
});

test('whoever does not take thoughts is given the answer alone', async () => {
  const stream = begin(ask('hello'));
  const first = stream.next();
  await eventually(() => server.open.length === 1);
  await read(delta(0, { type: 'thinking_delta', thinking: 'Hm.' }), stop(0), block(1, { type: 'text', text: '' }));
  await read(delta(1, { type: 'text_delta', text: 'Good day.' }), stop(1), ...end);
  server.open[0]?.end();
  expect((await first).value).toEqual([{ kind: 'text', delta: 'Good day.' }]);
  expect((await stream.next()).value).toMatchObject([{ kind: 'finish' }]);
});

test('an effort in the words of another format may lengthen the answer by what is thought', async () => {
  server.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ ...message, content: [{ type: 'text', text: 'Good day.' }], stop_reason: 'end_turn' }),
    );
  };
  const request = { ...ask('hello'), parameters: { reasoningEffort: 'low' as const, maxOutputTokens: 100 } };
  const target = { provider: 'acme', model: 'claude-sonnet-4-5' };
  expect(await setup.models.generate(target, request, callContext())).toMatchObject({ parts: [{ text: 'Good day.' }] });
  const { thinking: budget, max_tokens } = JSON.parse(server.requests[0]?.body ?? '');
  expect(max_tokens).toBe(100 + budget.budget_tokens);
});
