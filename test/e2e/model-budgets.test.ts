import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ModelCallEvent } from '../../src/models/index.ts';
import { type Answer, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** A model server on loopback: answers what it was asked, with 10 tokens in and 5 out, and remembers who asked. */
interface ModelServer {
  readonly url: string;
  readonly authorizations: string[];
  close(): Promise<void>;
}

async function startModelServer(): Promise<ModelServer> {
  const authorizations: string[] = [];
  const server: Server = createServer(async (request, response) => {
    authorizations.push(request.headers.authorization ?? 'none');
    await textOf(request);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'c1',
        object: 'chat.completion',
        created: 1,
        model: 'small',
        choices: [{ index: 0, message: { role: 'assistant', content: 'done' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const PROMPT = {
  name: 'shorten',
  visibility: 'PUBLIC',
  policy: { maxConcurrency: 500, retries: 0 },
  prompt: {
    template: 'Shorten {{text}}.',
    variables: [{ name: 'text', type: 'String!' }],
    models: ['local/small'],
    parameters: { maxOutputTokens: 5 },
  },
};
const SET_PROVIDER = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }';
const SET_BUDGET = 'mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }';
const REMOVE_BUDGET = 'mutation ($kind: BudgetSubjectKind!, $id: ID!) { removeBudget(kind: $kind, id: $id) }';
const BUDGETS = '{ budgets { kind id limits { window limit reserved spent unpriced } } }';

let weir: TestGateway;
let server: ModelServer;
let other: ModelServer;
let told: ModelCallEvent[] = [];
let asked = 0;

const must = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await weir.admin(query, variables);
  expect(errors).toEqual([]);
  return data;
};
const provider = (over: object = {}) => ({
  input: {
    name: 'local',
    kind: 'OPENAI_COMPATIBLE',
    baseUrl: server.url,
    credential: { apiKey: 'first-key' },
    models: [{ name: 'small', prices: { input: 100, output: 200 } }],
    ...over,
  },
});
/** Never the same twice, so that no answer stands in for another. */
const ask = (headers: Record<string, string> = {}): Promise<Answer> =>
  weir.query('query ($text: String!) { shorten(text: $text) }', { text: `text ${asked++}` }, headers);
const limitsOf = async (kind: string) => {
  const { budgets } = await must(BUDGETS);
  return budgets.find((budget: { kind: string }) => budget.kind === kind)?.limits;
};

beforeAll(async () => {
  [weir, server, other] = await Promise.all([startTestGateway(), startModelServer(), startModelServer()]);
  await must(SET_PROVIDER, provider());
  await weir.publish(PROMPT);
  weir.gateway.modelCalls.on((event) => told.push(event));
});
afterAll(async () => {
  await weir.close();
  await Promise.all([server.close(), other.close()]);
});

describe('budgets, on the way of a request', () => {
  test('200 calls at once on a budget for 50 never pass it, and those that are held back say when to come again', async () => {
    // 0.001 USD in and 0.001 out; what one call takes at most is thought to be more, so fewer than 50 may be let out.
    await must(SET_BUDGET, { input: { kind: 'SOURCE', id: 'shorten', usdPerMonth: 1 } });
    await must(SET_BUDGET, { input: { kind: 'PROVIDER', id: 'local', requestsPerMinute: 1_000_000 } });
    const one = await ask();
    expect(one.errors).toEqual([]);
    expect(await limitsOf('SOURCE')).toMatchObject([
      { window: 'USD_PER_MONTH', spent: 0.002, reserved: 0, unpriced: 0 },
    ]);
    expect(told.at(-1)).toMatchObject({
      callerId: 'anonymous',
      source: 'shorten',
      figures: { provider: 'local', model: 'small', tokens: { input: 10, output: 5 }, usd: 0.002 },
      failure: undefined,
    });

    await must(REMOVE_BUDGET, { kind: 'SOURCE', id: 'shorten' });
    await must(SET_BUDGET, { input: { kind: 'SOURCE', id: 'shorten', usdPerMonth: 50 * 0.002 } });
    const before = server.authorizations.length;
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask()));
    const refused = answers.flatMap(({ errors }) => errors);
    const made = answers.filter(({ errors }) => errors.length === 0).length;
    expect(made).toBeLessThanOrEqual(50);
    expect(made).toBeGreaterThan(10);
    expect(server.authorizations.length - before).toBe(made);
    expect(new Set(refused.map(({ extensions }) => extensions.code))).toEqual(new Set(['BUDGET_EXCEEDED']));
    expect(refused[0]?.extensions).toMatchObject({
      subject: 'SOURCE',
      window: 'usdPerMonth',
      limit: 0.1,
      resetsAt: expect.stringMatching(/-01T00:00:00.000Z$/),
      retryAfterMs: expect.any(Number),
    });
    const [status] = await limitsOf('SOURCE');
    expect(status).toMatchObject({ reserved: 0, spent: expect.closeTo(0.002 * made, 9) });
    await must(REMOVE_BUDGET, { kind: 'SOURCE', id: 'shorten' });
  });

  test('a key has its own, and callers without one share theirs', async () => {
    const { createKey } = await must('mutation { createKey(input: { name: "shop" }) { secret key { id } } }');
    const headers = { authorization: `Bearer ${createKey.secret}` };
    await must(SET_BUDGET, { input: { kind: 'KEY', id: createKey.key.id, usdPerDay: 0 } });
    const refused = await ask(headers);
    expect(refused.errors[0]?.extensions).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      subject: 'KEY',
      window: 'usdPerDay',
    });
    expect(JSON.stringify(refused)).not.toContain(createKey.key.id);
    expect((await ask()).errors).toEqual([]);
    await must(SET_BUDGET, { input: { kind: 'KEY', id: 'anonymous', usdPerDay: 0 } });
    expect((await ask()).errors[0]?.extensions).toMatchObject({ code: 'BUDGET_EXCEEDED', subject: 'KEY' });
    await must(REMOVE_BUDGET, { kind: 'KEY', id: 'anonymous' });
    await must(REMOVE_BUDGET, { kind: 'KEY', id: createKey.key.id });
  });

  test('a model of unknown price is counted as such', async () => {
    await must(SET_PROVIDER, provider({ models: [{ name: 'small' }] }));
    await must(SET_BUDGET, { input: { kind: 'MODEL', id: 'local/small', usdPerDay: 0.01 } });
    expect((await ask()).errors).toEqual([]);
    expect(told.at(-1)?.figures.usd).toBeUndefined();
    expect(await limitsOf('MODEL')).toMatchObject([{ spent: 0, unpriced: 1 }]);
    await must(REMOVE_BUDGET, { kind: 'MODEL', id: 'local/small' });
    await must(SET_PROVIDER, provider());
  });
});

describe('another account of the same name', () => {
  test('is used by calls that start afterwards, with its own credential, at its own place', async () => {
    await must(SET_PROVIDER, provider({ credential: { apiKey: 'second-key' } }));
    expect((await ask()).errors).toEqual([]);
    expect(server.authorizations.at(-1)).toBe('Bearer second-key');
    const before = server.authorizations.length;
    await must(SET_PROVIDER, provider({ baseUrl: other.url, credential: { apiKey: 'third-key' } }));
    for (let at = 0; at < 3; at++) expect((await ask()).errors).toEqual([]);
    expect(other.authorizations).toEqual(['Bearer third-key', 'Bearer third-key', 'Bearer third-key']);
    expect(server.authorizations).toHaveLength(before);
  });

  test('is not taken for the one that failed before it', async () => {
    await must(SET_PROVIDER, provider({ baseUrl: 'http://127.0.0.1:1/v1' }));
    for (let at = 0; at < 8; at++) await ask();
    expect((await ask()).errors[0]?.extensions).toMatchObject({ code: 'NO_HEALTHY_UPSTREAM', reason: 'circuit_open' });
    await must(SET_PROVIDER, provider({ baseUrl: other.url, credential: { apiKey: 'third-key' } }));
    expect((await ask()).errors).toEqual([]);
  });

  test('is not removed while the prompt is published', async () => {
    const { errors } = await weir.admin('mutation { removeProvider(name: "local") }');
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', sources: ['shorten'] });
  });
});

test('after a restart budgets, spending and accounts are there', async () => {
  await must(SET_BUDGET, { input: { kind: 'SOURCE', id: 'shorten', usdPerMonth: 0.05 } });
  let made = 0;
  while ((await ask()).errors.length === 0) made++;
  const before = await limitsOf('SOURCE');
  weir = await weir.restart();
  told = [];
  expect(made).toBeGreaterThan(0);
  expect(before).toMatchObject([{ spent: expect.closeTo(0.002 * made, 9), reserved: 0 }]);
  expect(await limitsOf('SOURCE')).toEqual(before);
  expect((await ask()).errors[0]?.extensions).toMatchObject({ code: 'BUDGET_EXCEEDED', subject: 'SOURCE' });
  await must(REMOVE_BUDGET, { kind: 'SOURCE', id: 'shorten' });
  expect((await ask()).errors).toEqual([]);
  expect(other.authorizations.at(-1)).toBe('Bearer third-key');
});
