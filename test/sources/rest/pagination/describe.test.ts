import { describe, expect, test } from '@jest/globals';
import type { PaginationInput } from '../../../../src/sources/rest/definition.ts';
import type { RestDescription } from '../../../../src/sources/rest/mapping/index.ts';
import { checkPagination } from '../../../../src/sources/rest/pagination/check-pagination.ts';
import { definition, describeDocument, json, openapi, operation, ref, typeOf } from '../mapping/support.ts';
import { CURSOR, document, LINK, OFFSET, PAGE } from './support.ts';

const described = (pagination: PaginationInput, name = 'listItems', more = {}) =>
  describeDocument(document, { operations: [{ operation: name, pagination }], ...more });
/** One field of the query type, as SDL on one line. */
const field = (description: RestDescription, name: string): string => {
  const found = description.schema.getQueryType()?.getFields()[name];
  const args = found?.args.map(
    ({ name, type, defaultValue }) =>
      `${name}: ${String(type)}${defaultValue === undefined ? '' : ` = ${defaultValue}`}`,
  );
  return `${name}(${args?.join(', ')}): ${String(found?.type)}`;
};

describe('the graph', () => {
  test('has a connection in place of the answer, and first and after in place of its paging arguments', async () => {
    const shop = await described({ ...PAGE, total: 'total' });
    expect(field(shop, 'listItems')).toBe(
      'listItems(first: Int = 3, after: String, offset: SafeInt, cursor: String, kind: String): ShopItemConnection',
    );
    expect(typeOf(shop, 'ShopItemConnection')).toBe(
      'type ShopItemConnection {\n  nodes: [ShopItem]\n  pageInfo: ShopPageInfo!\n  totalCount: Int\n}',
    );
    expect(typeOf(shop, 'ShopPageInfo')).toBe('type ShopPageInfo {\n  hasNextPage: Boolean!\n  endCursor: String\n}');
    expect(shop.schema.getType('ShopItemPage')).toBeUndefined();
    expect(shop.warnings).toContainEqual({
      kind: 'PAGINATED',
      path: '/paths/~1items/get',
      message: 'The field is a connection: first and after stand for page and size.',
    });
    expect(operation(shop, 'listItems').pages).toMatchObject({ style: 'PAGE', items: ['items'], maxPages: 20 });
  });

  test('counts only where some operation does, and has one connection type for one type of node', async () => {
    const shop = await describeDocument(document, {
      operations: [
        { operation: 'listItems', pagination: { ...OFFSET, total: 'total' } },
        { operation: 'linkedItems', pagination: LINK },
      ],
    });
    expect(field(shop, 'listItems')).toMatch(/: ShopItemConnection$/);
    expect(field(shop, 'linkedItems')).toMatch(/\(first: Int = 3, after: String, kind: String\): ShopItemConnection$/);
    expect(typeOf(shop, 'ShopItemConnection')).toContain('totalCount: Int');
    expect(typeOf(await described(LINK, 'linkedItems'), 'ShopItemConnection')).not.toContain('totalCount');
  });

  test('a flat source keeps off the names of others', async () => {
    const flat = await described(PAGE, 'listItems', { namespace: '' });
    expect(typeOf(flat, 'ItemConnection')).toContain('pageInfo: ShopPageInfo!');
  });

  test('a type of the document that is called so already keeps its name', async () => {
    const taken = structuredClone(document) as typeof document & { components: { schemas: Record<string, unknown> } };
    taken.components.schemas.ItemConnection = { type: 'object', properties: { a: { type: 'string' } } };
    const shop = await describeDocument(taken, { operations: [{ operation: 'listItems', pagination: PAGE }] });
    expect(field(shop, 'listItems')).toMatch(/: ShopItemConnection2$/);
  });

  test('parameters called first and after make way, unless they are the paging arguments themselves', async () => {
    const parameter = (name: string, type: string) => ({ name, in: 'query', schema: { type } });
    const own = openapi({
      '/things': {
        get: {
          operationId: 'things',
          parameters: [parameter('first', 'integer'), parameter('after', 'string'), parameter('page', 'integer')],
          responses: {
            200: json({
              type: 'object',
              properties: { list: { type: 'array', items: { type: 'string' } }, end: { type: 'string' } },
            }),
          },
        },
      },
    });
    const by = async (pagination: PaginationInput) =>
      describeDocument(own, { operations: [{ operation: 'things', pagination }] });
    const cursor = await by({
      style: 'CURSOR',
      items: 'list',
      cursorArgument: 'after',
      sizeArgument: 'first',
      nextCursor: 'end',
      pageSize: 5,
    });
    expect(field(cursor, 'things')).toBe('things(first: Int = 5, after: String, page: SafeInt): ShopStringConnection');
    const page = await by({ style: 'PAGE', items: 'list', pageArgument: 'page', pageSize: 5 });
    expect(field(page, 'things')).toBe(
      'things(first: Int = 5, after: String, first_query: SafeInt, after_query: String): ShopStringConnection',
    );
    expect(page.warnings.map(({ kind }) => kind)).toContain('RENAMED');
    expect(operation(page, 'things').parameters.map(({ argument, name }) => [argument, name])).toEqual([
      ['first_query', 'first'],
      ['after_query', 'after'],
      ['page', 'page'],
    ]);
  });

  test('an answer that the document says nothing of may have its list anywhere', async () => {
    const untyped = openapi({
      '/things': {
        get: {
          operationId: 'things',
          parameters: [{ name: 'p', in: 'query', schema: { type: 'integer' } }],
          responses: { 200: json({}) },
        },
      },
    });
    const pagination: PaginationInput = { style: 'PAGE', items: 'data.rows', pageArgument: 'p', pageSize: 5 };
    const shop = await describeDocument(untyped, { operations: [{ operation: 'things', pagination }] });
    expect(typeOf(shop, 'ShopJSONConnection')).toContain('nodes: [JSON]');
  });
});

describe('refusals', () => {
  const problems = async (pagination: PaginationInput, name = 'listItems') => {
    const shop = await described(pagination, name);
    expect(operation(shop, name).pages).toBeUndefined();
    return shop.problems?.map(
      ({ path, message }) => `${path.replace('input.rest.operations.0.pagination.', '')}: ${message}`,
    );
  };

  test('each part that does not fit the operation is named, with what is there', async () => {
    expect(
      await problems({
        style: 'PAGE',
        items: 'entries',
        pageArgument: 'p',
        sizeArgument: 'cursor',
        total: 'items',
        pageSize: 3,
      }),
    ).toEqual([
      'pageArgument: Expected an argument of the operation; got "p", there are "page", "offset", "cursor", "size", "kind".',
      'items: Expected a path inside the answer to a list; got "entries", which leads nowhere.',
      'total: Expected a path inside the answer to a number; got "items", which leads to a list.',
    ]);
    expect(await problems({ ...CURSOR, items: '', nextCursor: 'paging', pageSize: 500 })).toEqual([
      'pageSize: Expected at most 100, which is the most that size takes; got 500.',
      'items: Expected a path inside the answer to a list; got "", which leads to the object ShopItemPage { items total paging }.',
      'nextCursor: Expected a path inside the answer to a text or a number; got "paging", which leads to the object ShopItemPagePaging { next }.',
    ]);
    expect(await problems({ ...LINK, items: 'items', nextLink: 'total' })).toEqual([
      'nextLink: Expected a path inside the answer to a text; got "total", which leads to SafeInt.',
    ]);
    expect(await problems({ ...PAGE, sizeArgument: 'page' })).toEqual([
      'sizeArgument: Expected another argument than the one for the position; got page twice.',
    ]);
  });

  test('an operation that writes has no pages; a cursor must not be required; a list is no page number', async () => {
    const odd = openapi(
      {
        '/a': { post: { operationId: 'write', responses: { 200: json({ type: 'array', items: ref('A') }) } } },
        '/b/{c}': {
          get: {
            operationId: 'read',
            parameters: [
              { name: 'c', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'ids', in: 'query', schema: { type: 'array', items: { type: 'integer' } } },
            ],
            responses: { 200: json(ref('A')) },
          },
        },
      },
      { A: { type: 'object', properties: { list: { type: 'array', items: {} }, next: { type: 'string' } } } },
    );
    const shop = await describeDocument(odd, {
      operations: [
        { operation: 'write', pagination: LINK },
        {
          operation: 'read',
          pagination: {
            style: 'CURSOR',
            items: 'list',
            cursorArgument: 'c',
            sizeArgument: 'ids',
            nextCursor: 'next',
            pageSize: 3,
          },
        },
      ],
    });
    expect(shop.problems?.map(({ path, message }) => `${path} ${message}`)).toEqual(
      expect.arrayContaining([
        'input.rest.operations.0.pagination.style Expected an operation that reads; write is POST /a.',
        'input.rest.operations.1.pagination.cursorArgument Expected an argument that the first call can leave out; c is required.',
        'input.rest.operations.1.pagination.sizeArgument Expected an argument that takes a number; "ids" takes a list.',
      ]),
    );
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['an unknown style', { style: 'TURNS' }, ['style']],
    ['what the style needs', { style: 'PAGE', pageArgument: undefined }, ['pageArgument']],
    ['what another style needs', { cursorArgument: 'c', nextCursor: 'n' }, ['cursorArgument', 'nextCursor']],
    ['both of a cursor', { style: 'CURSOR', pageArgument: undefined }, ['cursorArgument', 'nextCursor']],
    [
      'an address with cursors',
      { style: 'CURSOR', pageArgument: undefined, cursorArgument: 'c', nextCursor: 'n', nextLink: 'l' },
      ['nextLink'],
    ],
    ['nothing for links', { style: 'LINK', firstPage: 1 }, ['pageArgument', 'firstPage']],
    ['sizes out of range', { pageSize: 0, maxPages: 101, firstPage: 2 }, ['firstPage', 'pageSize', 'maxPages']],
    ['no size', { pageSize: undefined }, ['pageSize']],
    ['broken numbers', { pageSize: 1.5 }, ['pageSize']],
    ['paths with holes', { items: 'a..b', total: '' }, ['items', 'total']],
  ])('%s', (_what, change, places) => {
    const input = Object.fromEntries(
      Object.entries({ ...PAGE, ...change }).filter(([, value]) => value !== undefined),
    ) as unknown as PaginationInput;
    expect(checkPagination(input, 'at').map(({ path }) => path)).toEqual(places.map((place) => `at.${place}`));
  });

  test('a stored definition that does not fit any more is described without pages, not thrown at', async () => {
    const { schema } = await describeDocument(
      document,
      definition(document, { operations: [{ operation: 'listItems', pagination: { ...PAGE, items: 'gone' } }] }),
    );
    expect(String(schema.getQueryType()?.getFields().listItems?.type)).toBe('ShopItemPage');
  });
});
