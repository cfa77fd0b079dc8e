import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { BOOKSHOP, CANARY, type PromptGateway, prompt, startPromptGateway } from './prompt-gateway.ts';

let gateway: PromptGateway;
let server: PromptGateway['server'];
let upstream: FaultServer;

beforeEach(async () => {
  [gateway, upstream] = await Promise.all([startPromptGateway(), startFaultServer()]);
  server = gateway.server;
});
afterEach(async () => {
  await Promise.all([gateway.close(), upstream.close()]);
});

const query = (...args: Parameters<PromptGateway['weir']['query']>) => gateway.weir.query(...args);
const admin = (...args: Parameters<PromptGateway['admin']>) => gateway.admin(...args);
const publish = (...args: Parameters<PromptGateway['publish']>) => gateway.publish(...args);

describe('a prompt in the graph', () => {
  test('is a typed field, and its trace tells what it took', async () => {
    server.onMessage('"text":"Hello"', { content: 'Bonjour' });
    await publish('translate');
    const { data, errors, extensions } = await query('{ translate(text: "Hello", to: FR) }', {}, { 'weir-trace': '1' });
    expect([data, errors]).toEqual([{ translate: 'Bonjour' }, []]);
    const [call] = extensions.weir.calls;
    expect(call).toMatchObject({ source: 'translate', outcome: 'FRESH', attempts: [{ endpoint: 0, result: 'ok' }] });
    const { tokens, usd, ...figures } = call.figures;
    expect(figures).toMatchObject({
      provider: 'acme',
      model: 'large',
      finishReason: 'stop',
      calls: [{ model: 'large' }],
    });
    expect(usd).toBeCloseTo((tokens.input + 2 * tokens.output) / 1_000_000, 12);
  });

  test('of a declared type answers with it, after a repair too', async () => {
    server.onMessage('not of the form', { content: '{"text":"Bonjour","words":1}' });
    server.onMessage('"text":"Hello"', { content: '{"text":"Bonjour"}' });
    await publish('translate', { output: 'type Translation { text: String! words: Int! }' });
    const { data, errors } = await query('{ translate(text: "Hello", to: FR) { __typename text words } }');
    expect(errors).toEqual([]);
    expect(data.translate).toEqual({ __typename: 'TranslateTranslation', text: 'Bonjour', words: 1 });
    expect(server.getRequests()).toHaveLength(2);
    expect(server.getRequests()[0]?.body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'Translation' } },
    });
  });

  test('refuses what is too long or of no such type, with its place', async () => {
    await publish('translate');
    const long = await query(`{ translate(text: "${'x'.repeat(101)}", to: FR) }`);
    expect(long.errors[0]?.message).toBe('translate was not called: text: Expected at most 100 characters; got 101.');
    const odd = await query('{ translate(text: "x", to: KLINGON) }');
    expect(odd.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(server.getRequests()).toHaveLength(0);
  });

  test('answers items of a list through a link, though only few are asked for at a time', async () => {
    const books = Array.from({ length: 12 }, (_, index) => ({ title: `Book ${index}` }));
    upstream.behave({ kind: 'answer', body: books });
    server.on({ predicate: () => true }, ({ messages }) => {
      const inputs = JSON.parse(String(messages.at(-1)?.content)) as { readonly text: string };
      return { content: `Read ${inputs.text}!` };
    });
    await gateway.weir.publish({
      name: 'bookshop',
      visibility: 'PUBLIC',
      rest: { document: JSON.stringify(BOOKSHOP), endpoints: [{ url: upstream.url }] },
    });
    await publish('advertise', {}, { policy: { maxConcurrency: 2 } });
    const link = {
      source: 'bookshop',
      type: 'Book',
      field: 'pitch',
      target: 'advertise',
      operation: 'advertise',
      arguments: [
        { name: 'text', field: 'title' },
        { name: 'to', value: 'FR' },
      ],
    };
    await admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', { input: link });
    const { data, errors } = await query('{ bookshop { books { title pitch } } }');
    expect(errors).toEqual([]);
    expect(data.bookshop.books).toEqual(books.map(({ title }) => ({ title, pitch: `Read ${title}!` })));
  });

  test('is asked of the next model when the first is down, and says so', async () => {
    server.on({ model: 'large' }, { error: { message: 'oops', type: 'server_error' }, status: 500 });
    server.on({ model: 'small' }, { content: 'Salut' });
    await publish('translate');
    const { data, extensions } = await query('{ translate(text: "Hello", to: FR) }');
    expect(data.translate).toBe('Salut');
    expect(extensions.weir.sources).toEqual([{ name: 'translate', outcome: 'BACKUP', paths: ['translate'] }]);
  });

  test('costs what a model took whose answer was filtered, and nobody else is asked', async () => {
    server.on({ model: 'large' }, { content: 'Bon', finishReason: 'content_filter' });
    await publish('translate');
    const { errors, extensions } = await query('{ translate(text: "Hello", to: FR) }', {}, { 'weir-trace': '1' });
    expect(errors[0]?.extensions.code).toBe('CONTENT_FILTERED');
    const { figures, attempts } = extensions.weir.calls[0];
    expect(attempts).toHaveLength(1);
    expect(figures).toMatchObject({ model: 'large', finishReason: 'contentFilter', calls: [{ model: 'large' }] });
    expect(figures.usd).toBeGreaterThan(0);
  });

  test.each([
    [
      'a quota',
      { error: { message: CANARY, type: 'insufficient_quota', code: 'insufficient_quota' }, status: 429 },
      'QUOTA_EXCEEDED',
    ],
    [
      'a context',
      { error: { message: CANARY, type: 'invalid_request_error', code: 'context_length_exceeded' }, status: 400 },
      'CONTEXT_TOO_LONG',
    ],
  ])('tells %s that is exceeded by a code of its own', async (_name, answer, code) => {
    server.on({ predicate: () => true }, answer);
    await publish('translate');
    const { errors } = await query('{ translate(text: "Hello", to: FR) }');
    expect(errors[0]?.extensions).toMatchObject({ code, source: 'translate' });
    expect(JSON.stringify(errors)).not.toContain(CANARY);
  });

  test('never tells its system message: not in answers, errors or traces, whoever asks', async () => {
    server.on(
      { predicate: () => true },
      { error: { message: `what is ${CANARY}?`, type: 'server_error' }, status: 500 },
    );
    await publish('translate', { output: 'type T { a: Int! }' }, { policy: { retries: 1 } });
    const asked = '{ translate(text: "Hello", to: FR) { a } }';
    const trace = { 'weir-trace': '1' };
    const failed = await query(asked, {}, trace);
    server.clearFixtures();
    server.on({ predicate: () => true }, ({ messages }) => ({
      content: `{"b": ${JSON.stringify(messages[0]?.content)}}`,
    }));
    await admin('mutation { resetBreaker(source: "translate", endpoint: 0) { name } }');
    const wrong = await query(asked, {}, trace);
    const introspected = await query('{ __schema { types { name description fields { name description } } } }');
    for (const answer of [failed, wrong, introspected]) {
      expect(JSON.stringify([answer.data, answer.errors, answer.extensions])).not.toContain(CANARY);
    }
    expect(wrong.errors[0]?.extensions.code).toBe('UPSTREAM_INVALID_RESPONSE');
  });
});

describe('the life of a prompt', () => {
  test('is that of every source: checked, revised, rolled back, and there after a restart', async () => {
    server.on({ predicate: () => true }, ({ messages }) => ({
      content: String(messages[0]?.content).split('.')[0] ?? '',
    }));
    await publish('translate', { template: 'One {{text}}{{to}}.' });
    const shown = await admin(`{ source(name: "translate") {
      kind operations { name field kind } live { number } health { state endpoints { number priority } }
    } }`);
    expect(shown.source).toMatchObject({
      kind: 'PROMPT',
      operations: [
        { name: 'translate', field: 'Query.translate', kind: 'QUERY' },
        { name: 'translateStream', field: 'Subscription.translateStream', kind: 'SUBSCRIPTION' },
      ],
      health: {
        endpoints: [
          { number: 0, priority: 0 },
          { number: 1, priority: 1 },
        ],
      },
    });
    const check = await admin('mutation { checkSource(name: "translate") { ok probe { ok } } }');
    expect(check.checkSource).toEqual({ ok: true, probe: { ok: true } });
    const input = { name: 'translate', prompt: prompt({ template: 'Two {{text}}{{to}}.' }) };
    await admin('mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }', { input });
    await admin('mutation { publishSource(name: "translate") { name } }');
    const ask = async () => (await query('{ translate(text: "Hello", to: FR) }')).data.translate.split(' ')[0];
    expect(await ask()).toBe('Two');
    await admin('mutation { rollbackSource(name: "translate", toRevision: 1) { name } }');
    expect(await ask()).toBe('One');
    await gateway.restart();
    expect(await ask()).toBe('One');
  });

  test('does not begin with a definition that is wrong: every problem has its place', async () => {
    const input = {
      name: 'translate',
      prompt: prompt({ template: 'Translate {{txt}} into {{to}}.', models: ['nobody/large'], output: 'union A = B' }),
    };
    const { errors } = await gateway.weir.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
      { input },
    );
    expect(errors[0]?.extensions.code).toBe('INVALID_DEFINITION');
    const problems = errors[0]?.extensions.problems as readonly { readonly path: string }[];
    expect(problems.map(({ path }) => path)).toEqual([
      'input.prompt.template',
      'input.prompt.variables.0.name',
      'input.prompt.output.A',
      'input.prompt.models.0',
    ]);
  });
});

test('models that cannot do what a prompt asks are refused, each by its place', async () => {
  const claude = { name: 'claude', kind: 'ANTHROPIC', credential: { apiKey: 'sk-test' } };
  await admin('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', { input: claude });
  const input = {
    name: 'translate',
    prompt: prompt({
      models: ['claude/claude-sonnet-4-5', 'other/mute'],
      parameters: { seed: 3 },
      variables: [
        { name: 'text', type: 'Image!' },
        { name: 'to', type: 'Language!' },
      ],
    }),
  };
  const { errors } = await gateway.weir.admin(
    'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
    { input },
  );
  expect(errors[0]?.extensions.problems).toEqual([
    { path: 'input.prompt.models.0', message: 'Expected a model that takes seed; claude/claude-sonnet-4-5 does not.' },
    { path: 'input.prompt.models.1', message: 'Expected a model that takes images; other/mute does not.' },
  ]);
});

describe('testPrompt', () => {
  const TEST = `mutation ($input: TestPromptInput!) { testPrompt(input: $input) {
    outcome answer error { code detail } messages { role text files } figures { model calls inputTokens costUsd finishReason }
  } }`;

  test('asks a draft that is registered nowhere, and shows what the model was given', async () => {
    server.onMessage('"text":"Hello"', { content: 'Bonjour' });
    const input = { name: 'draft', prompt: prompt(), variables: { text: 'Hello', to: 'FR' } };
    const { testPrompt } = await admin(TEST, { input });
    expect(testPrompt).toMatchObject({
      outcome: 'FRESH',
      answer: 'Bonjour',
      error: null,
      messages: [
        { role: 'system', text: expect.stringContaining(CANARY), files: 0 },
        { role: 'user', text: '{"text":"Hello","to":"FR"}', files: 0 },
      ],
      figures: { model: 'acme/large', calls: 1, finishReason: 'stop', costUsd: expect.any(Number) },
    });
    expect((await admin('{ source(name: "draft") { name } }')).source).toBeNull();
  });

  test('asks a revision, tells failures, and keeps nothing', async () => {
    server.on({ predicate: () => true }, { error: { message: 'oops', type: 'server_error' }, status: 500 });
    const parameters = { temperature: 0 };
    const register = { name: 'translate', prompt: prompt({ parameters }) };
    await admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
      input: register,
    });
    const input = { name: 'translate', variables: { text: 'Hello', to: 'FR' } };
    const failed = (await admin(TEST, { input })).testPrompt;
    expect(failed).toMatchObject({ outcome: 'FAILED', answer: null, error: { code: 'UPSTREAM_ERROR' } });
    server.clearFixtures();
    server.on({ predicate: () => true }, { content: 'Bonjour' });
    for (let i = 0; i < 2; i++) expect((await admin(TEST, { input })).testPrompt.outcome).toBe('FRESH');
  });

  test('refuses variables that do not fit, each with its place, and callers who are no admins', async () => {
    const input = { name: 'draft', prompt: prompt(), variables: { text: 5, more: 1 } };
    const { errors } = await gateway.weir.admin(TEST, { input });
    const problems = errors[0]?.extensions.problems as readonly { readonly path: string }[];
    expect(problems.map(({ path }) => path)).toEqual([
      'input.variables.more',
      'input.variables.text',
      'input.variables.to',
    ]);
    expect((await query(TEST, { input })).errors).not.toHaveLength(0);
    expect(server.getRequests()).toHaveLength(0);
  });
});
