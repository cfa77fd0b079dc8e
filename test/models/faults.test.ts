import { inspect } from 'node:util';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { UpstreamFailure } from '../../src/errors/index.ts';
import { CANARY } from './support/accounts.ts';
import type { ChatServer } from './support/chat-server.ts';
import { startCohereServer } from './support/cohere.ts';
import { ask, callContext, failureOf, type ModelsSetup, readAll, setUpModels, streamed } from './support/setup.ts';
import { VENDORS } from './support/vendors.ts';

let server: LLMock;

beforeAll(async () => {
  server = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 4 });
  await server.start();
});

afterAll(() => server.stop());

/** Faults that the stand-in injects before an answer begins, and what they are told as. */
const ANSWERS = [
  {
    name: '429',
    arrange: () => server.onMessage('hello', error('slow down', 429, 'rate_limit_error')),
    failure: {
      code: 'UPSTREAM_OVERLOADED',
      retryable: true,
      countsAgainstHealth: false,
      status: 429,
      retryAfterMs: 7000,
    },
  },
  {
    name: '500',
    arrange: () => server.onMessage('hello', error('oops', 500, 'server_error')),
    failure: { code: 'UPSTREAM_ERROR', retryable: true, countsAgainstHealth: true, status: 500 },
  },
  {
    name: '503',
    arrange: () => server.onMessage('hello', error('oops', 503, 'unavailable')),
    failure: { code: 'UPSTREAM_ERROR', retryable: true, countsAgainstHealth: true, status: 503 },
  },
  {
    name: '401',
    arrange: () => server.onMessage('hello', error(`Incorrect API key: ${CANARY}`, 401, 'invalid_api_key')),
    failure: { code: 'UPSTREAM_ERROR', reason: 'http_request_denied', retryable: false, elsewhere: true, status: 401 },
  },
  {
    name: '404',
    arrange: () => server.onMessage('hello', error('no such model', 404, 'not_found')),
    failure: { code: 'UPSTREAM_ERROR', reason: 'destination_not_found', retryable: false, elsewhere: true },
  },
  {
    name: 'insufficient quota',
    arrange: () => server.onMessage('hello', error('pay first', 429, 'insufficient_quota', 'insufficient_quota')),
    failure: { code: 'QUOTA_EXCEEDED', retryable: false, elsewhere: true, countsAgainstHealth: true },
  },
  {
    name: 'dropped by the server',
    arrange: () => server.onMessage('hello', { content: 'Good day.' }, { chaos: { dropRate: 1 } }),
    failure: { code: 'UPSTREAM_ERROR', retryable: true, countsAgainstHealth: true },
  },
  {
    name: 'malformed',
    arrange: () => server.onMessage('hello', { content: 'Good day.' }, { chaos: { malformedRate: 1 } }),
    failure: { code: 'UPSTREAM_INVALID_RESPONSE', retryable: true, countsAgainstHealth: true },
  },
  {
    name: 'disconnected',
    arrange: () => server.onMessage('hello', { content: 'Good day.' }, { chaos: { disconnectRate: 1 } }),
    failure: { code: 'UPSTREAM_ERROR', reason: 'connection_terminated', retryable: true },
  },
] as const;

function error(message: string, status: number, type: string, code?: string) {
  return { error: { message, type, ...(code === undefined ? {} : { code }) }, status, retryAfter: 7 };
}

/** Nothing that a log, an error report or a client could write of a failure has the credential in it. */
function expectNoCanary(failure: UpstreamFailure): void {
  const written = [
    failure.message,
    failure.stack,
    failure.detail,
    JSON.stringify(failure),
    inspect(failure, { depth: 10, showHidden: true }),
    JSON.stringify(failure.toClientError('translate', 1)),
    JSON.stringify(failure.upstreamAnswer),
  ];
  for (const text of written) expect(text ?? '').not.toContain(CANARY);
}

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

  test.each(ANSWERS)('$name', async ({ arrange, failure: expected }) => {
    arrange();
    const failure = await failureOf(setup.models.generate(target, ask('hello'), callContext()));
    expect(failure).toMatchObject(expected);
    expectNoCanary(failure);
    expect(setup.events).toMatchObject([{ failure, figures: { tokensReported: false } }]);
    const broken = await failureOf(readAll(streamed(setup.models, target, ask('hello'), callContext())));
    expect(broken.code).toBe(expected.code);
    expectNoCanary(broken);
  });

  test('a stream that is cut off is a fault, after what came', async () => {
    server.onMessage('hello', { content: 'Good day to you, dear reader.' }, { truncateAfterChunks: 2, latency: 5 });
    const failure = await failureOf(readAll(streamed(setup.models, target, ask('hello'), callContext())));
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', retryable: true, countsAgainstHealth: true });
    const [event] = setup.events;
    expect(event?.failure).toBe(failure);
    expect(event?.figures.tokens.input).toBeGreaterThan(0);
  });

  test('a first token that comes too late', async () => {
    await streamAsCohere(['Good day.'], 400);
    server.onMessage('hello', { content: 'Good day.' }, { streamingProfile: { ttft: 400 } });
    const reading = readAll(streamed(setup.models, target, ask('hello'), callContext({ firstTokenMs: 60 })));
    expect(await failureOf(reading)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'http_response_timeout' });
  });
});
