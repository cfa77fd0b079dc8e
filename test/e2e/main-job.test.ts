import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoUpstream, startUpstream } from '../../src/demo/upstreams.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const document = readFileSync(new URL('../../examples/bookshop/openapi.yaml', import.meta.url), 'utf8');
const TRACE = { 'weir-trace': '1' };

let weir: TestGateway;
let primary: DemoUpstream;
let backup: DemoUpstream;
let rates: DemoUpstream;

beforeAll(async () => {
  [weir, primary, backup, rates] = await Promise.all([
    startTestGateway(),
    startUpstream('bookshop', 'bookshop'),
    startUpstream('bookshop-backup', 'bookshop'),
    startUpstream('rates', 'rates'),
  ]);
});

afterAll(async () => {
  await Promise.all([weir.close(), primary.close(), backup.close(), rates.close()]);
});

const bookshop = () => ({
  name: 'bookshop',
  visibility: 'PUBLIC',
  rest: {
    document,
    endpoints: [{ url: primary.url }, { url: backup.url, priority: 1 }],
    operations: [
      { operation: 'getAuthor', policy: { cache: { ttlSeconds: 600 } } },
      { operation: 'listAuthors', policy: { fallback: { value: [{ id: 0, name: 'nobody' }] } } },
    ],
  },
  policy: { attemptTimeoutMs: 1000, deadlineMs: 4000 },
});

const BOOK = '{ bookshop { getBook(bookId: 2) { title genre translations { key value } } } }';

/** How the bookshop was served in an answer with a trace. */
const outcome = (answer: { extensions: { weir?: { sources: { name: string; outcome: string }[] } } }) =>
  answer.extensions.weir?.sources.find((source) => source.name === 'bookshop')?.outcome;

describe('the main job', () => {
  test('a draft answers nobody', async () => {
    const { errors, data } = await weir.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name state kind latestRevision } }',
      { input: bookshop() },
    );
    expect(errors).toEqual([]);
    expect(data.registerSource).toEqual({ name: 'bookshop', state: 'DRAFT', kind: 'REST', latestRevision: 1 });
    for (const ask of [weir.query, weir.admin]) {
      const answer = await ask(BOOK);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test('published, it answers at once', async () => {
    const { errors } = await weir.admin('mutation { publishSource(name: "bookshop") { state live { number } } }');
    expect(errors).toEqual([]);
    const answer = await weir.query(BOOK);
    expect(answer.errors).toEqual([]);
    expect(answer.data.bookshop.getBook).toEqual({
      title: 'Twenty Thousand Leagues Under the Seas',
      genre: 'science_fiction',
      translations: [
        { key: 'fr', value: 'Vingt mille lieues sous les mers' },
        { key: 'de', value: '20.000 Meilen unter dem Meer' },
      ],
    });
    expect(answer.extensions).toEqual({});
  });

  test('rung 1: a fresh entry of the cache', async () => {
    const query = '{ bookshop { getAuthor(authorId: 2) { name } } }';
    expect(outcome(await weir.query(query, {}, TRACE))).toBe('FRESH');
    expect(outcome(await weir.query(query, {}, TRACE))).toBe('CACHED');
  });

  test('writes go to the primary, one after another, and say what the upstream refused', async () => {
    const answer = await weir.query(`mutation {
      bookshop {
        first: placeOrder(input: { customer: "a", lines: [{ bookId: 5, quantity: 3 }] }) { totalEur status }
        second: placeOrder(input: { customer: "b", lines: [{ bookId: 5, quantity: 3 }] }) { totalEur }
      }
    }`);
    expect(answer.data.bookshop).toEqual({ first: { totalEur: 23.7, status: 'placed' }, second: null });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatchObject({
      path: ['bookshop', 'second'],
      extensions: { code: 'UPSTREAM_REJECTED', source: 'bookshop', status: 409, retryable: false },
    });
  });

  test('rung 3: the primary is killed, the backup answers', async () => {
    await primary.become('down');
    const answer = await weir.query('{ bookshop { getBook(bookId: 4) { title } } }');
    expect(answer.errors).toEqual([]);
    expect(answer.data.bookshop.getBook.title).toBe('Pride and Prejudice');
    expect(answer.extensions.weir).toMatchObject({
      degraded: true,
      sources: [{ name: 'bookshop', outcome: 'BACKUP', paths: ['bookshop.getBook'] }],
    });
  });

  test('rung 4: the backup is killed as well, the last good answer is there, marked', async () => {
    await backup.become('down');
    const answer = await weir.query(BOOK);
    expect(answer.errors).toEqual([]);
    expect(answer.data.bookshop.getBook.title).toBe('Twenty Thousand Leagues Under the Seas');
    expect(outcome(answer)).toBe('STALE');
    expect(answer.extensions.weir.sources[0].ageMs).toBeGreaterThan(0);
    expect(answer.headers.get('cache-status')).toContain('stale');
  });

  test('weir-max-stale: 0 forbids that', async () => {
    const answer = await weir.query(BOOK, {}, { 'weir-max-stale': '0' });
    expect(answer.data.bookshop.getBook).toBeNull();
    expect(outcome(answer)).toBe('FAILED');
  });

  test('rungs 5 and 6: the fallback, and null with a coded error; other sources are untouched', async () => {
    await weir.publish({
      name: 'rates',
      visibility: 'PUBLIC',
      rest: { url: `${rates.url}/openapi.json`, endpoints: [{ url: rates.url }] },
    });
    const answer = await weir.query(`{
      bookshop { listAuthors { name } listBooks { total } }
      rates { convert(from: EUR, to: USD, amount: 10) { result } }
    }`);
    expect(answer.data).toEqual({
      bookshop: { listAuthors: [{ name: 'nobody' }], listBooks: null },
      rates: { convert: { result: 11.7 } },
    });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatchObject({
      message: 'bookshop has no healthy upstream.',
      path: ['bookshop', 'listBooks'],
      extensions: { code: 'NO_HEALTHY_UPSTREAM', source: 'bookshop', retryable: true },
    });
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
    expect(answer.extensions.weir.sources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'bookshop', outcome: 'FALLBACK', paths: ['bookshop.listAuthors'] }),
        expect.objectContaining({ name: 'bookshop', outcome: 'FAILED', paths: ['bookshop.listBooks'] }),
      ]),
    );
  });

  test('a mutation while all is down is refused, not repeated', async () => {
    const answer = await weir.query('mutation { bookshop { deleteBook(bookId: 1) } }');
    expect(answer.data.bookshop.deleteBook).toBeNull();
    expect(answer.errors[0]?.extensions.code).toBe('NO_HEALTHY_UPSTREAM');
  });

  test('after a restart everything is there again, and answers once the upstream is back', async () => {
    weir = await weir.restart();
    const cold = await weir.query(BOOK);
    expect(cold.errors[0]?.extensions.code).toBe('NO_HEALTHY_UPSTREAM');
    const { data } = await weir.admin('{ sources { nodes { name state live { number } health { state } } } }');
    expect(data.sources.nodes.map((node: { name: string }) => node.name).sort()).toEqual(['bookshop', 'rates']);
    await primary.become('normal');
    let healed = await weir.query(BOOK, {}, TRACE);
    for (let i = 0; i < 100 && healed.errors.length > 0; i++) healed = await weir.query(BOOK, {}, TRACE);
    while (outcome(healed) !== 'FRESH') {
      const retryAfterMs = Number(healed.errors[0]?.extensions.retryAfterMs ?? 100);
      await new Promise((resolve) => setTimeout(resolve, Math.min(retryAfterMs, 500)));
      healed = await weir.query(BOOK, {}, TRACE);
    }
    expect(healed.data.bookshop.getBook.title).toBe('Twenty Thousand Leagues Under the Seas');
  });

  test('deprecated, its fields say so; retired, they are gone', async () => {
    await weir.admin('mutation { deprecateSource(name: "bookshop", reason: "use the new shop") { state } }');
    const marked = await weir.query(
      '{ __type(name: "Query") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }',
    );
    expect(marked.data.__type.fields).toContainEqual(
      expect.objectContaining({
        name: 'bookshop',
        isDeprecated: true,
        deprecationReason: expect.stringContaining('use the new shop'),
      }),
    );
    const retired = await weir.admin('mutation { retireSource(name: "bookshop") { state } }');
    expect(retired.errors).toEqual([]);
    expect((await weir.query(BOOK)).status).toBe(400);
    expect(
      (await weir.query('{ rates { convert(from: EUR, to: USD, amount: 1) { rate } } }')).data.rates.convert.rate,
    ).toBe(1.17);
  });
});
