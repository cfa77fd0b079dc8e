import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoUpstream, startUpstream } from '../../src/demo/upstreams.ts';
import { type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const document = readFileSync(new URL('../../examples/bookshop/openapi.yaml', import.meta.url), 'utf8');
const TRACE = { 'weir-trace': '1' };
const BOOKS = {
  style: 'PAGE',
  items: 'items',
  pageArgument: 'page',
  sizeArgument: 'pageSize',
  pageSize: 3,
  total: 'total',
};
const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';

/** Seven notes, two by two, with the next page in the Link header; `broken` is a page that fails. */
const notes = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Notes', version: '1' },
  paths: {
    '/notes': {
      get: {
        operationId: 'listNotes',
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } } } },
          },
        },
      },
    },
  },
});
const TEXTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

let weir: TestGateway;
let shop: DemoUpstream;
let server: FaultServer;
let broken: number | undefined;

beforeAll(async () => {
  [weir, shop, server] = await Promise.all([
    startTestGateway(),
    startUpstream('bookshop', 'bookshop'),
    startFaultServer({
      behaviour: ({ path }) => {
        const from = Number(new URL(path, 'http://h').searchParams.get('from') ?? 0);
        if (from === broken) return { kind: 'answer', status: 500 };
        const more = from + 2 < TEXTS.length;
        return {
          kind: 'answer',
          body: TEXTS.slice(from, from + 2),
          headers: more ? { link: `</notes?from=${from + 2}>; rel="next"` } : {},
        };
      },
    }),
  ]);
  await weir.publish({
    name: 'bookshop',
    visibility: 'PUBLIC',
    rest: { document, endpoints: [{ url: shop.url }], operations: [{ operation: 'listBooks', pagination: BOOKS }] },
  });
  await weir.publish({
    name: 'notes',
    visibility: 'PUBLIC',
    policy: { retries: 0 },
    rest: {
      document: notes,
      endpoints: [{ url: server.url }],
      operations: [{ operation: 'listNotes', pagination: { style: 'LINK', pageSize: 2 } }],
    },
  });
});

afterAll(async () => {
  await Promise.all([weir.close(), shop.close(), server.close()]);
});

const PAGE = `query ($first: Int, $after: String) {
  bookshop { listBooks(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } totalCount } }
}`;
const NOTES = `query ($first: Int, $after: String) {
  notes { listNotes(first: $first, after: $after) { nodes pageInfo { hasNextPage endCursor } } }
}`;

describe('pages of an upstream as a connection', () => {
  test('walked with first and after, they are the whole list', async () => {
    const ids: number[] = [];
    let after: string | null = null;
    let total = 0;
    for (let more = true; more; ) {
      const { data, errors } = await weir.query(PAGE, { first: 4, after });
      expect(errors).toEqual([]);
      const { nodes, pageInfo, totalCount } = data.bookshop.listBooks;
      ids.push(...nodes.map((node: { id: number }) => node.id));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
      total = totalCount;
    }
    expect(ids).toHaveLength(total);
    expect(total).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(total);
  });

  test('a trace tells of each page', async () => {
    const { extensions } = await weir.query(PAGE, { first: 7 }, TRACE);
    expect(extensions.weir.calls).toHaveLength(3);
    expect(extensions.weir.sources).toEqual([{ name: 'bookshop', outcome: 'FRESH', paths: ['bookshop.listBooks'] }]);
  });

  test.each([
    ['after', { after: 'junk' }],
    ['first', { first: 61 }],
    ['first', { first: -1 }],
  ])('a bad %s is refused by its name', async (name, variables) => {
    const { data, errors } = await weir.query(PAGE, variables);
    expect(data.bookshop.listBooks).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(new RegExp(`^bookshop was not called: the argument "${name}" must be`));
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_REJECTED', retryable: false });
  });

  test('a page in the middle that fails: nodes before it, an error in its place, and a degraded answer', async () => {
    broken = 4;
    const answer = await weir.query(NOTES, { first: 7 });
    expect(answer.data.notes.listNotes.nodes).toEqual(['a', 'b', 'c', 'd', null]);
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatchObject({
      path: ['notes', 'listNotes', 'nodes', 4],
      extensions: { code: 'UPSTREAM_ERROR', source: 'notes', status: 500 },
    });
    expect(answer.extensions.weir).toMatchObject({
      degraded: true,
      sources: [{ name: 'notes', outcome: 'FAILED', paths: ['notes.listNotes'] }],
    });
    broken = undefined;
    const { endCursor: after, hasNextPage } = answer.data.notes.listNotes.pageInfo;
    expect(hasNextPage).toBe(true);
    const rest = await weir.query(NOTES, { first: 7, after });
    expect(rest.data.notes.listNotes).toMatchObject({ nodes: ['e', 'f', 'g'], pageInfo: { hasNextPage: false } });
    expect(rest.extensions).toEqual({});
  });

  test('a sealed cursor outlives a restart of the gateway', async () => {
    const { data } = await weir.query(NOTES, { first: 3 });
    weir = await weir.restart();
    const rest = await weir.query(NOTES, { first: 7, after: data.notes.listNotes.pageInfo.endCursor });
    expect(rest.data.notes.listNotes.nodes).toEqual(['d', 'e', 'f', 'g']);
  });

  test('a link may lead to one', async () => {
    const { errors } = await weir.admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', {
      input: {
        source: 'bookshop',
        type: 'Author',
        field: 'books',
        target: 'bookshop',
        operation: 'listBooks',
        arguments: [
          { name: 'authorId', field: 'id' },
          { name: 'first', argument: 'first' },
        ],
      },
    });
    expect(errors).toEqual([]);
    const answer = await weir.query(
      '{ bookshop { listAuthors { id books(first: 2) { nodes { authorId } totalCount pageInfo { hasNextPage } } } } }',
    );
    expect(answer.errors).toEqual([]);
    for (const { id, books } of answer.data.bookshop.listAuthors) {
      expect(books.nodes).toHaveLength(Math.min(2, books.totalCount));
      for (const { authorId } of books.nodes) expect(authorId).toBe(id);
      expect(books.pageInfo.hasNextPage).toBe(books.totalCount > 2);
    }
  });

  test('a declaration that does not fit is refused with every place, and nothing is registered', async () => {
    const input = (pagination: Record<string, unknown>, more = {}) => ({
      name: 'other',
      rest: { document, endpoints: [{ url: shop.url }], operations: [{ operation: 'listBooks', pagination, ...more }] },
    });
    const places = async (...given: Parameters<typeof input>) => {
      const { errors } = await weir.admin(REGISTER, { input: input(...given) });
      expect(errors[0]?.extensions.code).toBe('INVALID_DEFINITION');
      const problems = errors[0]?.extensions.problems as readonly { path: string }[];
      return problems.map(({ path }) => path.replace('input.rest.operations.0.', ''));
    };
    expect(
      await places({ style: 'PAGE', items: 'books', pageArgument: 'seite', pageSize: 101, sizeArgument: 'pageSize' }),
    ).toEqual(['pagination.pageArgument', 'pagination.pageSize', 'pagination.items']);
    expect(await places({ style: 'CURSOR', pageArgument: 'page', pageSize: 0 })).toEqual([
      'pagination.pageArgument',
      'pagination.cursorArgument',
      'pagination.nextCursor',
      'pagination.pageSize',
    ]);
    expect(await places(BOOKS, { batch: { argument: 'ids', items: 'items', matchBy: 'id' } })).toEqual(['batch']);
    expect((await weir.admin('{ source(name: "other") { name } }')).data.source).toBeNull();
  });

  test('the revision says which fields are connections', async () => {
    const { data } = await weir.admin('{ source(name: "bookshop") { live { warnings { kind path message } } } }');
    expect(data.source.live.warnings).toContainEqual({
      kind: 'PAGINATED',
      path: '/paths/~1books/get',
      message: 'The field is a connection: first and after stand for page and pageSize.',
    });
  });
});
