import { setTimeout as pause } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BOOKSHOP } from '../../sources/prompt/prompt-gateway.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { type Answer, startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const ROWS = 200;
const AFFORDED = 120;
const AT_A_TIME = 8;
/** Tokens of each answer, at a dollar each: what is reserved for a call is what it takes. */
const TOKENS = 5;
const QUERY = '{ bookshop { books { title pitch } } }';
const titles = Array.from({ length: ROWS }, (_, row) => `Book ${row}`);

let weir: TestGateway;
let vendor: LLMock;
let upstream: FaultServer;
let inFlight = 0;
let most = 0;

async function must(query: string, input: object): Promise<void> {
  const { errors } = await weir.admin(query, { input });
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
}

beforeAll(async () => {
  vendor = new LLMock({ port: 0, logLevel: 'silent' });
  await vendor.start();
  vendor.on({ predicate: () => true }, async ({ messages }) => {
    most = Math.max(most, ++inFlight);
    // Others may come meanwhile.
    await pause(2);
    inFlight--;
    const { text } = JSON.parse(String(messages.at(-1)?.content)) as { readonly text: string };
    return { content: `Read ${text}!`, usage: { prompt_tokens: 10, completion_tokens: TOKENS, total_tokens: 15 } };
  });
  upstream = await startFaultServer({ behaviour: { kind: 'answer', body: titles.map((title) => ({ title })) } });
  weir = await startTestGateway({ upstreamCallLimit: 1_000 });
  const models = [{ name: 'small', prices: { input: 0, output: 1_000_000 } }];
  const provider = { name: 'acme', kind: 'OPENAI_COMPATIBLE', baseUrl: `${vendor.url}/v1`, models };
  await must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', provider);
  const rest = { document: JSON.stringify(BOOKSHOP), endpoints: [{ url: upstream.url }] };
  await weir.publish({ name: 'bookshop', visibility: 'PUBLIC', rest });
  await weir.publish({
    name: 'pitch',
    visibility: 'PUBLIC',
    // What a used-up budget leaves out is left out, not made up.
    policy: { maxConcurrency: AT_A_TIME, fallback: { value: 'made up' } },
    prompt: {
      template: 'Pitch {{text}}.',
      variables: [{ name: 'text', type: 'String!' }],
      models: ['acme/small'],
      parameters: { temperature: 0, maxOutputTokens: TOKENS },
    },
  });
  const target = { target: 'pitch', operation: 'pitch', arguments: [{ name: 'text', field: 'title' }] };
  const link = { source: 'bookshop', type: 'Book', field: 'pitch', ...target };
  await must('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', link);
  const budget = { kind: 'KEY', id: 'anonymous', usdPerDay: AFFORDED * TOKENS };
  await must('mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', budget);
});
afterAll(async () => {
  await weir.close();
  await Promise.all([vendor.stop(), upstream.close()]);
});

/** The rows that were afforded have their values; each of the others is null, and told by an error at its place. */
function expectPartial({ status, data, errors, extensions }: Answer): void {
  expect(status).toBe(200);
  expect(data.bookshop.books).toEqual(
    titles.map((title, row) => ({ title, pitch: row < AFFORDED ? `Read ${title}!` : null })),
  );
  expect(errors.map(({ path }) => path)).toEqual(
    titles.slice(AFFORDED).map((_, left) => ['bookshop', 'books', AFFORDED + left, 'pitch']),
  );
  const told = { code: 'BUDGET_EXCEEDED', source: 'pitch', subject: 'KEY', window: 'usdPerDay', retryable: true };
  for (const error of errors) {
    expect(error.extensions).toMatchObject({ ...told, limit: AFFORDED * TOKENS });
    expect(new Date(String(error.extensions.resetsAt)).getTime()).toBeGreaterThan(Date.now());
    expect(error.extensions.retryAfterMs).toBeGreaterThan(0);
  }
  const [failed, ...others] = extensions.weir.sources;
  expect([failed, others]).toMatchObject([{ name: 'pitch', outcome: 'FAILED' }, []]);
  expect(failed.paths.length + (failed.morePaths ?? 0)).toBe(ROWS - AFFORDED);
}

test('a budget that ends half-way through a list leaves the rows before it, and tells of each after it', async () => {
  expectPartial(await weir.query(QUERY));
  expect(vendor.getRequests()).toHaveLength(AFFORDED);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(AT_A_TIME);
});

test('asked again, what was kept is there, and what is over the budget is not asked', async () => {
  expectPartial(await weir.query(QUERY));
  expect(vendor.getRequests()).toHaveLength(AFFORDED);
  const { budgets } = (await weir.admin('{ budgets { limits { spent reserved } } }')).data;
  expect(budgets).toEqual([{ limits: [{ spent: AFFORDED * TOKENS, reserved: 0 }] }]);
});

test('the model and the prompt are well all the same', async () => {
  const { data } = await weir.admin('{ source(name: "pitch") { health { state endpoints { breaker lastError } } } }');
  expect(data.source.health).toMatchObject({ state: 'HEALTHY', endpoints: [{ breaker: 'CLOSED' }] });
});

test('a budget that calls under way only hold keeps no row back: it is asked once there is room again', async () => {
  // Where nobody says how long an answer may be, thousands of tokens are held for each, and a few are taken.
  await must('mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }', {
    name: 'pitch',
    prompt: {
      template: 'Pitch {{text}} at any length.',
      variables: [{ name: 'text', type: 'String!' }],
      models: ['acme/small'],
    },
  });
  const { errors: refused } = await weir.admin('mutation { publishSource(name: "pitch") { name } }');
  expect(refused).toEqual([]);
  const budget = { kind: 'KEY', id: 'anonymous', tokensPerMinute: 15_000 };
  await must('mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', budget);
  most = 0;
  const { data, errors } = await weir.query(QUERY);
  expect(errors).toEqual([]);
  expect(data.bookshop.books).toEqual(titles.map((title) => ({ title, pitch: `Read ${title}!` })));
  expect(most).toBeLessThanOrEqual(3);
});
