import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BudgetWindow } from '../../src/access/index.ts';
import type { ModelRequest, ProviderAccount } from '../../src/models/index.ts';
import { Secret } from '../../src/runtime/index.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { account, CANARY } from './support/accounts.ts';
import { type ChatServer, completion, json, startChatServer } from './support/chat-server.ts';
import { ask, callContext, failureOf, type ModelsSetup, readAll, setUpModels } from './support/setup.ts';

const target = { provider: 'acme', model: 'gpt-4o' };
const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 500,
  total_tokens: 1500,
  prompt_tokens_details: { cached_tokens: 400 },
  completion_tokens_details: { reasoning_tokens: 300 },
};

let server: ChatServer;
let setup: ModelsSetup;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  server = await startChatServer();
  server.answer = (response) => json(response, 200, completion({ content: 'Good day.' }, { usage: USAGE }));
  setup = await start([account('OPENAI', { baseUrl: `${server.url}/v1` })]);
});

afterEach(async () => {
  await setup.close();
  await server.close();
});

async function start(accounts: readonly ProviderAccount[]): Promise<ModelsSetup> {
  await setup?.close();
  setup = await setUpModels(accounts, { clock, googleTokenUrl: `${server.url}/token` });
  return setup;
}

const generate = (request: ModelRequest = ask('hello'), more: Parameters<typeof callContext>[0] = {}) =>
  setup.models.generate(target, request, callContext(more));

const spent = (window: BudgetWindow) => setup.budgets.status().find((one) => one.window === window);

describe('what a call is told as', () => {
  test('tokens and cost as the vendor reported them', async () => {
    const { figures } = await generate();
    expect(figures).toEqual({
      ...target,
      tokens: { input: 1000, output: 500, cachedInput: 400, cacheWrite: 0, reasoning: 300 },
      tokensReported: true,
      // 600 x 2.50 + 400 x 1.25 + 500 x 10.00
      usd: expect.closeTo(0.007, 12),
      finishReason: 'stop',
    });
    expect(setup.events).toEqual([
      {
        at: new Date(clock.now()),
        requestId: 'r1',
        callerId: 'k1',
        source: 'translate',
        streamed: false,
        durationMs: 0,
        firstTokenMs: undefined,
        figures,
        failure: undefined,
      },
    ]);
  });

  test('an estimate of our own when the vendor does not say', async () => {
    server.answer = (response) => json(response, 200, completion({ content: 'Good day.' }));
    const { figures } = await generate();
    expect(figures).toMatchObject({ tokensReported: false, tokens: { output: 3 } });
    expect(figures.tokens.input).toBeGreaterThan(0);
  });

  test.each([
    ['an empty answer', completion({ content: '' })],
    ['JSON that is cut off', '{"choices": [{"mess'],
    ['no choices', { ...completion({ content: 'x' }), choices: [] }],
    ['another format', { hello: 1 }],
  ])('%s is a fault', async (_name, body) => {
    server.answer = (response) => json(response, 200, body);
    expect(await failureOf(generate())).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', countsAgainstHealth: true });
  });

  test('a refusal and a content filter, with what they took', async () => {
    server.answer = (response) => json(response, 200, completion({ content: null, refusal: 'No.' }, { usage: USAGE }));
    expect((await failureOf(generate())).code).toBe('MODEL_REFUSED');
    server.answer = (response) =>
      json(response, 200, completion({ content: 'Go' }, { usage: USAGE }, 'content_filter'));
    expect((await failureOf(generate())).code).toBe('CONTENT_FILTERED');
    expect(setup.events.map(({ figures }) => figures.tokens.input)).toEqual([1000, 1000]);
  });

  test('no failure carries what was asked or answered', async () => {
    server.answer = (response) => json(response, 200, '{"secret answer": ');
    const failure = await failureOf(generate(ask('a secret question')));
    const written = inspect(failure, { depth: 10, showHidden: true }) + JSON.stringify(failure);
    expect(written).not.toContain('secret question');
    expect(written).not.toContain('secret answer');
  });
});

describe('destination and credential', () => {
  test('a redirect is not followed, and is a fault', async () => {
    server.answer = (response) => json(response, 307, {}, { location: `${server.url}/elsewhere` });
    expect((await failureOf(generate())).code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(server.requests).toHaveLength(1);
  });

  test.each(['../../admin', 'a/../../b', 'x?key=1', 'x#y', 'x\r\ny', 'a%2e%2e', '..', ''])(
    'a model’s name leads nowhere else: %j',
    async (model) => {
      await start([account('GOOGLE', { baseUrl: `${server.url}/v1beta` })]);
      const call = setup.models.generate({ provider: 'acme', model }, ask('x'), callContext());
      expect(await failureOf(call)).toMatchObject({ code: 'UPSTREAM_REJECTED', neverLeft: true });
      expect(server.requests).toHaveLength(0);
    },
  );

  test('the environment’s keys and base URLs reach no account', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_API_KEY: 'sk-env',
      OPENAI_BASE_URL: 'http://127.0.0.1:1',
      AWS_BEARER_TOKEN_BEDROCK: 'env-token',
      GOOGLE_VERTEX_API_KEY: 'env-key',
    });
    try {
      await start([account('OPENAI_COMPATIBLE', { baseUrl: `${server.url}/v1`, credential: undefined as never })]);
      await generate();
      await start([withoutCredential('OPENAI', { baseUrl: `${server.url}/v1` })]);
      await generate();
      await start([
        account('AMAZON_BEDROCK', {
          baseUrl: server.url,
          credential: { type: 'accessKey', accessKeyId: 'AKID', secretAccessKey: new Secret(CANARY) },
        }),
      ]);
      await failureOf(generate());
      const [compatible, openai, bedrock] = server.requests.map(({ headers }) => headers.authorization);
      expect(compatible).toBeUndefined();
      expect(openai).toBeUndefined();
      expect(bedrock).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\//);
      expect(JSON.stringify(server.requests)).not.toMatch(/sk-env|env-token|env-key/);
    } finally {
      process.env = before;
    }
  });

  test('headers of the account are sent, and go before the package’s own', async () => {
    const headers = [
      { name: 'X-Team', value: 'books' },
      { name: 'Authorization', value: new Secret(`Basic ${CANARY}`) },
    ];
    await start([withoutCredential('OPENAI', { baseUrl: `${server.url}/v1`, headers })]);
    await generate();
    expect(server.requests[0]?.headers).toMatchObject({ 'x-team': 'books', authorization: `Basic ${CANARY}` });
  });

  test('a service account’s token is made once, and kept while it is good', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credential = { type: 'serviceAccount', clientEmail: 'weir@p.example', privateKey: new Secret(pem) } as const;
    await start([account('GOOGLE_VERTEX', { baseUrl: `${server.url}/v1`, credential })]);
    server.answer = (response, body) =>
      body.startsWith('grant_type=')
        ? json(response, 200, { access_token: 'ya29.token', expires_in: 3600 })
        : json(response, 200, {
            candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
          });
    await generate();
    await generate();
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/token',
      '/v1/models/gpt-4o:generateContent',
      '/v1/models/gpt-4o:generateContent',
    ]);
    expect(server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer ya29.token' });
    expect(server.requests[1]?.headers['x-goog-api-key']).toBeUndefined();
    await clock.advance(3_600_000);
    await generate();
    expect(server.requests.filter(({ path }) => path === '/token')).toHaveLength(2);
  });

  test('an account that is gone, or without what says where it leads', async () => {
    await start([account('AZURE_OPENAI')]);
    expect(await failureOf(generate())).toMatchObject({ neverLeft: true, elsewhere: true });
    const other = setup.models.generate({ provider: 'gone', model: 'm' }, ask('x'), callContext());
    expect(await failureOf(other)).toMatchObject({ neverLeft: true, elsewhere: true });
    expect(setup.models.hasProvider('gone')).toBe(false);
  });
});

function withoutCredential(kind: 'OPENAI', more: Partial<ProviderAccount>): ProviderAccount {
  const { credential: _, ...rest } = account(kind, more);
  return rest;
}

describe('budgets', () => {
  test('an estimate is held while the call goes on, and settled with what it took', async () => {
    setup.limit({ kind: 'MODEL', id: 'acme/gpt-4o' }, { tokensPerMinute: 10_000, usdPerDay: 1 });
    const calling = generate(ask('hello', { parameters: { maxOutputTokens: 2000 } }));
    expect(spent('tokensPerMinute')?.reserved).toBeGreaterThan(2000);
    await calling;
    expect(spent('tokensPerMinute')).toMatchObject({ reserved: 0, spent: 1500 });
    expect(spent('usdPerDay')?.spent).toBeCloseTo(0.007, 6);
  });

  test('200 calls at once do not pass a budget for 50', async () => {
    setup.limit({ kind: 'KEY', id: 'k1' }, { requestsPerMinute: 50 });
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => generate()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    expect(server.requests).toHaveLength(50);
    expect(setup.events).toHaveLength(50);
  });

  test('over a budget nothing leaves, and the client is told which and until when', async () => {
    setup.limit({ kind: 'PROVIDER', id: 'acme' }, { tokensPerMinute: 1100 });
    await generate();
    const failure = await failureOf(generate());
    expect(failure).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      neverLeft: true,
      elsewhere: true,
      countsAgainstHealth: false,
    });
    expect(failure.toClientError('translate', 1).extensions).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      subject: 'PROVIDER',
      window: 'tokensPerMinute',
      limit: 1100,
      resetsAt: expect.any(String),
      retryable: true,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('what never left is given back; what the vendor refused counts as a request', async () => {
    setup.limit({ kind: 'SOURCE', id: 'translate' }, { requestsPerMinute: 10, tokensPerMinute: 100_000 });
    server.answer = (response) => json(response, 500, {});
    await failureOf(generate());
    expect(spent('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 1 });
    expect(spent('tokensPerMinute')).toMatchObject({ reserved: 0, spent: 0 });
    await server.close();
    expect((await failureOf(generate())).neverLeft).toBe(true);
    expect(spent('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 1 });
  });

  test('callers without a key share one budget', async () => {
    setup.limit({ kind: 'KEY', id: 'anonymous' }, { requestsPerMinute: 1 });
    await generate(ask('x'), { callerId: 'anonymous' });
    const failure = await failureOf(generate(ask('x'), { callerId: 'anonymous' }));
    expect(failure).toMatchObject({ code: 'BUDGET_EXCEEDED', elsewhere: false });
  });

  test('an unpriced call is counted as such', async () => {
    setup.limit({ kind: 'PROVIDER', id: 'acme' }, { usdPerDay: 1 });
    const { figures } = await setup.models.generate({ provider: 'acme', model: 'own' }, ask('x'), callContext());
    expect(figures.usd).toBeUndefined();
    expect(spent('usdPerDay')).toMatchObject({ spent: 0, unpriced: 1 });
  });

  test('a call that nobody waits for any more', async () => {
    setup.limit({ kind: 'KEY', id: 'k1' }, { tokensPerMinute: 100_000 });
    server.answer = (response) => void server.open.push(response);
    const caller = new AbortController();
    const failed = failureOf(generate(ask('hello'), { signal: caller.signal }));
    while (server.open.length === 0) await settle();
    caller.abort();
    expect(await failed).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false });
    // The vendor may still bill what it has read.
    expect(spent('tokensPerMinute')).toMatchObject({ reserved: 0 });
    expect(spent('tokensPerMinute')?.spent).toBeGreaterThan(0);
  });
});

describe('parameters', () => {
  test('what a vendor has no place for is refused by name, before anything leaves', async () => {
    const request = ask('x', { parameters: { topK: 4, temperature: 0 } });
    expect(setup.models.unsupported(target, request)).toEqual(['topK']);
    const failure = await failureOf(generate(request));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', elsewhere: true, shown: { unsupported: ['topK'] } });
    await failureOf(readAll(setup.models.stream(target, request, callContext())));
    expect(server.requests).toHaveLength(0);
    expect(setup.events).toEqual([]);
  });

  test('what the vendor’s package leaves out is refused as well', async () => {
    const request = ask('x', { parameters: { temperature: 0 } });
    const call = setup.models.generate({ provider: 'acme', model: 'o3' }, request, callContext());
    expect(await failureOf(call)).toMatchObject({ code: 'UPSTREAM_REJECTED', shown: { unsupported: ['temperature'] } });
  });

  test('all that it can carry, it carries', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    await generate({
      messages: [
        {
          role: 'user',
          parts: [
            { kind: 'text', text: 'What is this?' },
            { kind: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 3]) },
            { kind: 'file', mediaType: 'image/png', data: new URL('https://images.example/a.png') },
          ],
        },
      ],
      parameters: {
        temperature: 0.5,
        topP: 0.9,
        maxOutputTokens: 77,
        stop: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
      },
      output: { kind: 'json', schema, name: 'answer', strict: true },
      tools: [{ name: 'look', description: 'Look closer.', parameters: schema }],
      toolChoice: { name: 'look' },
      parallelToolCalls: false,
      user: 'u1',
    });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      model: 'gpt-4o',
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 77,
      stop: ['END'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      user: 'u1',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
            { type: 'image_url', image_url: { url: 'https://images.example/a.png' } },
          ],
        },
      ],
    });
  });

  test('a message that cannot be is refused', async () => {
    const toolCall = { kind: 'toolCall', id: 'c', name: 'look', arguments: '{' } as const;
    const misplaced = ask('x', { messages: [{ role: 'user', parts: [toolCall] }] });
    expect((await failureOf(generate(misplaced))).neverLeft).toBe(true);
    const noJson = ask('x', { messages: [{ role: 'assistant', parts: [toolCall] }] });
    expect((await failureOf(generate(noJson))).neverLeft).toBe(true);
    expect(server.requests).toHaveLength(0);
  });
});

describe('embeddings', () => {
  test('one vector for each text, in order', async () => {
    server.answer = (response, body) => {
      const { input } = JSON.parse(body) as { input: string[] };
      const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1] }));
      json(response, 200, { object: 'list', data, model: 'm', usage: { prompt_tokens: 9, total_tokens: 9 } });
    };
    const model = { provider: 'acme', model: 'text-embedding-3-small' };
    const { vectors, figures } = await setup.models.embed(model, ['a', 'bcd'], callContext());
    expect(vectors).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(figures).toMatchObject({
      tokens: { input: 9, output: 0 },
      tokensReported: true,
      usd: expect.closeTo(1.8e-7, 12),
    });
  });

  test('a vendor without any says so', async () => {
    await start([account('ANTHROPIC', { baseUrl: `${server.url}/v1` })]);
    expect(await failureOf(setup.models.embed(target, ['a'], callContext()))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      shown: { unsupported: ['embeddings'] },
    });
  });
});

test('the models of every account, and a probe of its host', async () => {
  expect(setup.models.list()).toContainEqual({
    ...target,
    description: expect.objectContaining({ contextTokens: 128_000 }),
  });
  await setup.models.probe('acme', new AbortController().signal);
  await server.close();
  const failure = await failureOf(setup.models.probe('acme', new AbortController().signal));
  expect(failure.reason).toBe('connection_refused');
});
