import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { account } from './support/accounts.ts';
import { type ChatServer, chunk, events, startChatServer } from './support/chat-server.ts';
import {
  ask,
  callContext,
  failureOf,
  type ModelsSetup,
  readAll,
  setUpModels,
  streamed,
  type Told,
} from './support/setup.ts';

const target = { provider: 'acme', model: 'gpt-4o' };
const USAGE = { prompt_tokens: 30, completion_tokens: 2, total_tokens: 32 };
const END = [chunk({}, 'stop'), { ...chunk({}), choices: [], usage: USAGE }, '[DONE]'];

let server: ChatServer;
let setup: ModelsSetup;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  server = await startChatServer();
  server.answer = (response) => {
    server.open.push(response);
    events(response, chunk({ role: 'assistant', content: '' }));
  };
  setup = await setUpModels([account('OPENAI', { baseUrl: `${server.url}/v1` })], { clock });
});

afterEach(async () => {
  await setup.close();
  await server.close();
});

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

function begin(more: Parameters<typeof callContext>[0] = {}): AsyncIterator<readonly Told[], undefined> {
  return streamed(setup.models, target, ask('hello'), callContext(more))[Symbol.asyncIterator]();
}

describe('the pace of a stream', () => {
  test('no first token in time, though the vendor has begun to answer', async () => {
    const failed = failureOf(begin({ firstTokenMs: 1000 }).next() as Promise<unknown>);
    await eventually(() => server.open.length === 1);
    await clock.advance(999);
    expect(setup.events).toEqual([]);
    await clock.advance(1);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'http_response_timeout', retryable: true });
    await eventually(() => server.open[0]?.destroyed === true);
    expect(clock.pending).toBe(0);
  });

  test('no next token in time; what was used by then counts', async () => {
    const stream = begin({ nextTokenMs: 500 });
    const first = stream.next();
    await eventually(() => server.open.length === 1);
    events(server.open[0] as never, chunk({ content: 'Good day to you' }));
    expect((await first).value).toEqual([{ kind: 'text', delta: 'Good day to you' }]);
    const failed = failureOf(stream.next() as Promise<unknown>);
    await clock.advance(500);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'connection_read_timeout' });
    const [event] = setup.events;
    expect(event?.figures).toMatchObject({ tokensReported: false, tokens: { output: 4 } });
    expect(event?.figures.tokens.input).toBeGreaterThan(0);
    expect(event?.figures.usd).toBeGreaterThan(0);
    await eventually(() => server.open[0]?.destroyed === true);
  });

  test('an answer is over when the vendor says so, though its connection stays open', async () => {
    const stream = begin({ nextTokenMs: 500 });
    const first = stream.next();
    await eventually(() => server.open.length === 1);
    events(server.open[0] as never, chunk({ content: 'Good day' }), ...END);
    expect((await first).value).toEqual([{ kind: 'text', delta: 'Good day' }]);
    expect((await stream.next()).value).toMatchObject([{ kind: 'finish' }]);
    expect(await stream.next()).toMatchObject({ done: true });
    expect(setup.events[0]?.figures).toMatchObject({
      tokensReported: true,
      finishReason: 'stop',
      tokens: { output: 2 },
    });
    expect(server.open[0]?.destroyed).toBe(false);
    await clock.advance(1000);
    await eventually(() => server.open[0]?.destroyed === true);
    expect(clock.pending).toBe(0);
  });

  test('the whole attempt has an end too', async () => {
    const failed = failureOf(begin({ timeoutMs: 800 }).next() as Promise<unknown>);
    await eventually(() => server.open.length === 1);
    await clock.advance(800);
    expect((await failed).code).toBe('UPSTREAM_TIMEOUT');
  });

  test('ending it early cancels the request, also while a token is awaited, and settles', async () => {
    setup.limit({ kind: 'PROVIDER', id: 'acme' }, { tokensPerMinute: 100_000 });
    const stream = begin();
    const first = stream.next();
    await eventually(() => server.open.length === 1);
    events(server.open[0] as never, chunk({ content: 'Good day' }));
    await first;
    const waiting = Promise.resolve(stream.next()).catch(() => ({ done: true }));
    await stream.return?.();
    expect((await waiting).done).toBe(true);
    await eventually(() => server.open[0]?.destroyed === true);
    expect(setup.events).toHaveLength(1);
    expect(setup.events[0]?.failure).toMatchObject({ reason: 'cancelled' });
    const [status] = setup.budgets.status();
    expect(status).toMatchObject({ reserved: 0 });
    expect(status?.spent).toBeGreaterThan(0);
  });

  test('the caller’s signal ends it', async () => {
    const caller = new AbortController();
    const failed = failureOf(begin({ signal: caller.signal }).next() as Promise<unknown>);
    await eventually(() => server.open.length === 1);
    caller.abort();
    expect(await failed).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false });
    await eventually(() => server.open[0]?.destroyed === true);
  });
});

describe('the end of a stream', () => {
  const answer = (...data: readonly unknown[]): void => {
    server.answer = (response) => {
      events(response, ...data);
      response.end();
    };
  };
  const read = () => readAll(streamed(setup.models, target, ask('hello'), callContext()));

  test('text, as one where it comes together, then the figures', async () => {
    answer(chunk({ content: 'Good' }), chunk({ content: ' day' }), ...END);
    expect(await read()).toEqual([
      { kind: 'text', delta: 'Good day' },
      {
        kind: 'finish',
        figures: {
          ...target,
          tokens: { input: 30, output: 2, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
          tokensReported: true,
          usd: expect.closeTo((30 * 2.5 + 2 * 10) / 1e6, 12),
          finishReason: 'stop',
        },
      },
    ]);
  });

  test.each(['OPENAI', 'AZURE_OPENAI', 'MISTRAL', 'GROQ', 'DEEPSEEK', 'OPENAI_COMPATIBLE'] as const)(
    'without a finish reason it is a fault: %s',
    async (kind) => {
      const other = await setUpModels([account(kind, { baseUrl: `${server.url}/v1` })], { clock });
      answer(chunk({ content: 'Good' }), '[DONE]');
      expect(await failureOf(readAll(streamed(other.models, target, ask('hello'), callContext())))).toMatchObject({
        code: 'UPSTREAM_INVALID_RESPONSE',
        retryable: true,
      });
      await other.close();
    },
  );

  test('an event that is no JSON is a fault', async () => {
    answer(chunk({ content: 'Good' }), '{"choices": [', ...END);
    expect(await failureOf(read())).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', countsAgainstHealth: true });
  });

  test('an answer that says nothing is a fault', async () => {
    answer(...END);
    expect((await failureOf(read())).code).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  test('an error event is what the vendor says it is', async () => {
    answer(chunk({ content: 'Good' }), { error: { message: 'busy', type: 'overloaded_error', code: null } });
    expect((await failureOf(read())).code).toBe('UPSTREAM_OVERLOADED');
    answer({ error: { message: 'oops', type: 'server_error', code: null } });
    expect((await failureOf(read())).code).toBe('UPSTREAM_ERROR');
  });

  test('a content filter and a refusal have codes of their own, and their tokens count', async () => {
    answer(chunk({ content: 'Goo' }), chunk({}, 'content_filter'), END[1], '[DONE]');
    expect(await failureOf(read())).toMatchObject({ code: 'CONTENT_FILTERED', countsAgainstHealth: false });
    answer(chunk({ refusal: 'I cannot' }), ...END);
    expect(await failureOf(read())).toMatchObject({ code: 'MODEL_REFUSED', retryable: false, elsewhere: false });
    expect(setup.events.map(({ figures }) => figures.tokens.input)).toEqual([30, 30]);
  });

  test('what reads slowly is not a slow model', async () => {
    const stream = begin({ nextTokenMs: 100, timeoutMs: 1_000_000 });
    for (let i = 0; i < 10; i++) {
      const next = stream.next();
      await eventually(() => server.open.length === 1);
      events(server.open[0] as never, chunk({ content: `${i} ` }));
      expect((await next).value).toMatchObject([{ kind: 'text' }]);
      await clock.advance(1000);
    }
    events(server.open[0] as never, ...END);
    server.open[0]?.end();
    expect((await stream.next()).value).toMatchObject([{ kind: 'finish' }]);
  });
});
