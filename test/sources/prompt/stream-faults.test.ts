import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryCallCache } from '../../../src/cache/index.ts';
import { systemClock } from '../../../src/runtime/index.ts';
import type { Policy, SourceConnection } from '../../../src/sources/index.ts';
import { promptKind } from '../../../src/sources/prompt/index.ts';
import { account } from '../../models/support/accounts.ts';
import { type ModelsSetup, setUpModels } from '../../models/support/setup.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { drained } from './support.ts';

// Streams of prompts over real HTTP, before a model server that breaks them.

const CONTENT = 'Good day to you.';
const PROMPT = {
  template: 'Say {{what}}.',
  variables: [{ name: 'what', type: 'String!' }],
  models: ['acme/large', 'acme/small'],
};

let server: LLMock;
let setup: ModelsSetup;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 4 });
  await server.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  server.clearFixtures();
  const models = [{ name: 'large' }, { name: 'small' }];
  setup = await setUpModels([account('OPENAI_COMPATIBLE', { baseUrl: `${server.url}/v1`, models })]);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await setup.close();
});

async function connect(policy: Policy = {}): Promise<SourceConnection> {
  const clock = systemClock;
  const { models } = setup;
  const services = { http: undefined as never, clock, models, signal: new AbortController().signal };
  const definition = await promptKind.read(PROMPT, 'say', services);
  const cache = createMemoryCallCache({ clock });
  const connection = promptKind.connect(definition, await promptKind.describe(definition, 'say'), {
    ...services,
    name: 'say',
    revision: 1,
    settings: { policy: { firstTokenMs: 300, nextTokenMs: 300, ...policy }, operationPolicies: {}, paused: false },
    cache,
    random: seededRandom(),
  });
  closers.push(
    () => cache.close(),
    () => connection.close(),
  );
  return connection;
}

function streamOf(connection: SourceConnection) {
  const events = connection.subscribe?.(
    'sayStream',
    { arguments: { what: 'hello' } },
    {
      requestId: 'r1',
      callerId: 'anna',
      headers: {},
      deadline: systemClock.now() + 20_000,
      signal: new AbortController().signal,
      maxStaleMs: undefined,
      takeUpstreamCall: () => true,
    },
  );
  if (events === undefined) throw new Error('A prompt must have streams.');
  return drained(events[Symbol.asyncIterator]());
}

const error = (status: number, type: string) => ({ error: { message: 'oops', type }, status });

describe('a stream that breaks before its first piece is the next model’s', () => {
  test.each<readonly [string, () => unknown]>([
    ['429', () => server.on({ model: 'large' }, error(429, 'rate_limit_error'))],
    ['500', () => server.on({ model: 'large' }, error(500, 'server_error'))],
    ['quota', () => server.on({ model: 'large' }, error(429, 'insufficient_quota'))],
    ['drop', () => server.on({ model: 'large' }, { content: CONTENT }, { chaos: { dropRate: 1 } })],
    ['malformed', () => server.on({ model: 'large' }, { content: CONTENT }, { chaos: { malformedRate: 1 } })],
    ['disconnect', () => server.on({ model: 'large' }, { content: CONTENT }, { chaos: { disconnectRate: 1 } })],
    [
      'slow first token',
      () => server.on({ model: 'large' }, { content: CONTENT }, { streamingProfile: { ttft: 450 } }),
    ],
  ])('%s', async (_name, arrange) => {
    arrange();
    server.on({ model: 'small' }, { content: CONTENT });
    const { deltas, last } = await streamOf(await connect());
    expect(deltas.join('')).toBe(CONTENT);
    expect(last).toMatchObject({ kind: 'BACKUP', value: CONTENT, usage: { model: 'acme/small' } });
  });
});

describe('a stream that breaks later ends with the failure', () => {
  test.each<readonly [string, object, string]>([
    ['cut off', { truncateAfterChunks: 3, latency: 20 }, 'UPSTREAM_INVALID_RESPONSE'],
    ['stalled', { streamingProfile: { ttft: 1, tps: 6 } }, 'UPSTREAM_TIMEOUT'],
  ])('%s', async (_name, options, code) => {
    server.on({ model: 'large' }, { content: CONTENT }, options);
    server.on({ model: 'small' }, { content: 'Not this.' });
    const connection = await connect({ firstTokenMs: 2_000, nextTokenMs: 80 });
    const { deltas, ended } = await streamOf(connection);
    expect(CONTENT.startsWith(deltas.join(''))).toBe(true);
    expect(deltas).not.toHaveLength(0);
    expect(ended).toMatchObject({ kind: 'ENDED', failure: { code, retryable: true } });
    expect(setup.events).toMatchObject([{ failure: { code }, figures: { model: 'large' } }]);
    expect(setup.events[0]?.figures.tokens.output).toBeGreaterThan(0);
    expect(connection.health().endpoints[0]?.lastError).toContain(code);
  });
});
