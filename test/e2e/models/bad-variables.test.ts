import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { BOOKSHOP, type PromptGateway, startPromptGateway } from '../../sources/prompt/prompt-gateway.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';

const LONG = 'x'.repeat(101);
const ARGUMENTS = `text: "${LONG}", to: FR`;
const PROBLEM = { path: 'text', message: 'Expected at most 100 characters; got 101.' };
const REFUSED = { code: 'BAD_USER_INPUT', source: 'translate', retryable: false, attempts: 0, problems: [PROBLEM] };

let gateway: PromptGateway;
let upstream: FaultServer;
let key: string;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startPromptGateway(), startFaultServer()]);
  // Neither what is kept nor a fallback answers what was not asked.
  const policy = { fallback: { value: 'nothing' }, cache: { ttlSeconds: 60, scope: 'PUBLIC' } };
  await gateway.publish('translate', {}, { policy });
  const created = await gateway.admin(
    'mutation { createKey(input: { name: "test", role: CONSUMER }) { secret key { id } } }',
  );
  key = created.createKey.secret;
  const budgets = [
    { kind: 'KEY', id: created.createKey.key.id },
    { kind: 'KEY', id: 'anonymous' },
    { kind: 'SOURCE', id: 'translate' },
    { kind: 'PROVIDER', id: 'acme' },
    { kind: 'MODEL', id: 'acme/large' },
  ];
  for (const budget of budgets) {
    const input = { ...budget, requestsPerMinute: 1000 };
    await gateway.admin('mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', { input });
  }
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));
beforeEach(() => {
  gateway.server.clearFixtures();
  gateway.server.clearRequests();
});

interface Told {
  // biome-ignore lint/suspicious/noExplicitAny: tests read into answers of every shape
  readonly errors: any[];
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.weir.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('a variable over its length, on every way in', () => {
  test('a query', async () => {
    const { data, errors } = await gateway.weir.query(`{ translate(${ARGUMENTS}) }`);
    expect([data, errors]).toMatchObject([{ translate: null }, [{ path: ['translate'], extensions: REFUSED }]]);
    expect(JSON.stringify(errors)).not.toContain(LONG);
  });

  test('a subscription', async () => {
    const query = `subscription { translateStream(${ARGUMENTS}) { delta } }`;
    const response = await post('/graphql', { query }, { accept: 'text/event-stream' });
    const [, data] = /^event: next\ndata: (.*)$/m.exec(await response.text()) ?? [];
    const { errors } = JSON.parse(data ?? '{}') as Told;
    expect(errors).toMatchObject([{ extensions: REFUSED }]);
  });

  test.each([{}, { accept: 'text/event-stream' }])('/prompts/{name} with %j', async (headers) => {
    const response = await post('/prompts/translate', { text: LONG, to: 'FR' }, headers);
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ extensions: REFUSED }] }]);
  });

  test.each([false, true])('/v1/chat/completions, streamed: %p', async (stream) => {
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.weir.url}/v1` });
    const messages = [{ role: 'user' as const, content: JSON.stringify({ text: LONG, to: 'FR' }) }];
    const refused = client.chat.completions.create({ model: 'prompt/translate', messages, stream });
    const error: unknown = await refused.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      param: 'text',
      type: 'invalid_request_error',
      error: { source: 'translate', problems: [PROBLEM] },
    });
  });

  test.each([false, true])('/v1/messages, streamed: %p', async (stream) => {
    const messages = [{ role: 'user', content: JSON.stringify({ text: LONG, to: 'FR' }) }];
    const response = await post('/v1/messages', { model: 'prompt/translate', max_tokens: 9, messages, stream });
    const error = { type: 'invalid_request_error', code: 'BAD_USER_INPUT', param: 'text', problems: [PROBLEM] };
    expect([response.status, await response.json()]).toMatchObject([400, { type: 'error', error }]);
  });

  test('testPrompt, with the place in its own input', async () => {
    const { errors } = await gateway.weir.admin(
      'mutation ($input: TestPromptInput!) { testPrompt(input: $input) { outcome } }',
      { input: { name: 'translate', variables: { text: LONG, to: 'FR' } } },
    );
    const problems = [{ ...PROBLEM, path: 'input.variables.text' }];
    expect(errors).toMatchObject([{ extensions: { ...REFUSED, problems } }]);
  });

  test('a link: one row that is too long nulls its own field', async () => {
    upstream.behave({ kind: 'answer', body: [{ title: 'Emma' }, { title: LONG }, { title: 'Persuasion' }] });
    gateway.server.on({ predicate: () => true }, ({ messages }) => {
      const { text } = JSON.parse(String(messages.at(-1)?.content)) as { readonly text: string };
      return { content: `Lisez ${text}!` };
    });
    const rest = { document: JSON.stringify(BOOKSHOP), endpoints: [{ url: upstream.url }] };
    await gateway.weir.publish({ name: 'bookshop', visibility: 'PUBLIC', rest });
    const args = [
      { name: 'text', field: 'title' },
      { name: 'to', value: 'FR' },
    ];
    const target = { target: 'translate', operation: 'translate', arguments: args };
    const input = { source: 'bookshop', type: 'Book', field: 'pitch', ...target };
    await gateway.admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', { input });
    const { data, errors } = await gateway.weir.query('{ bookshop { books { pitch } } }');
    expect(data.bookshop.books).toEqual([{ pitch: 'Lisez Emma!' }, { pitch: null }, { pitch: 'Lisez Persuasion!' }]);
    expect(errors).toMatchObject([{ path: ['bookshop', 'books', 1, 'pitch'], extensions: REFUSED }]);
    expect(gateway.server.getRequests()).toHaveLength(2);
  });
});

test('however often it comes, it counts against no model and no budget', async () => {
  const before = await figures();
  for (let i = 0; i < 12; i++) await gateway.weir.query(`{ translate(${ARGUMENTS}) }`);
  await post('/prompts/translate', { text: LONG, to: 'FR' });
  expect(await figures()).toEqual(before);
  expect(before.endpoints.map(({ breaker }) => breaker)).toEqual(['CLOSED', 'CLOSED']);
  expect(gateway.server.getRequests()).toHaveLength(0);

  async function figures() {
    const { source, budgets } = await gateway.admin(`{
      source(name: "translate") { health { state endpoints { number state breaker lastError } } }
      budgets { kind id limits { window reserved spent } }
    }`);
    return { endpoints: source.health.endpoints as { breaker: string }[], budgets };
  }
});
