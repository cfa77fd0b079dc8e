import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../../src/runtime/index.ts';
import { Secret } from '../../../../src/sources/index.ts';
import type { PaginationInput } from '../../../../src/sources/rest/definition.ts';
import { callContext } from '../call/support/rest-source.ts';
import { json, openapi } from '../mapping/support.ts';
import {
  CURSOR,
  document,
  idsOf,
  LINK,
  OFFSET,
  PAGE,
  type PagedSource,
  type PagedSourceOptions,
  startPagedSource,
  upTo,
} from './support.ts';

const IN_BODY: PaginationInput = { style: 'LINK', items: 'rows', nextLink: 'links.next', pageSize: 3 };

let source: PagedSource;
const start = async (options: PagedSourceOptions): Promise<PagedSource> => {
  source = await startPagedSource(options);
  return source;
};
afterEach(() => source.close());

const STYLES: readonly (readonly [string, PaginationInput, readonly string[]])[] = [
  ['PAGE', PAGE, ['/items?page=1&size=3', '/items?page=2&size=3', '/items?page=3&size=3']],
  ['OFFSET', OFFSET, ['/items?offset=0&size=3', '/items?offset=3&size=3', '/items?offset=6&size=3']],
  ['CURSOR', CURSOR, ['/items?size=3', '/items?cursor=at-3&size=3', '/items?cursor=at-6&size=3']],
  ['LINK', LINK, ['/linked?size=3', '/linked?size=3&from=3', '/linked?size=3&from=6']],
];

describe.each(STYLES)('%s', (_style, pagination, pages) => {
  test('asks for one page by default, and for no more', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    const connection = await connectionOf();
    expect(idsOf(connection)).toEqual([1, 2, 3]);
    expect(connection.pageInfo.hasNextPage).toBe(true);
    expect(taken()).toEqual(pages.slice(0, 1));
  });

  test('walks as many pages as the number asked for needs', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    expect(idsOf(await connectionOf({ first: 5 }))).toEqual([1, 2, 3, 4, 5]);
    expect(taken()).toEqual(pages.slice(0, 2));
  });

  test('stops at the last page and says so', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    const connection = await connectionOf({ first: 30 });
    expect(idsOf(connection)).toEqual(upTo(7));
    expect(connection.pageInfo.hasNextPage).toBe(false);
    expect(taken()).toEqual(pages);
  });

  test('goes on in the middle of a page', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    const one = await connectionOf({ first: 4 });
    taken();
    const two = await connectionOf({ first: 2, after: one.pageInfo.endCursor });
    expect(idsOf(two)).toEqual([5, 6]);
    expect(taken()).toEqual(pages.slice(1, 2));
  });

  test('gives an empty list without pages behind it', async () => {
    const { connectionOf, taken } = await start({ pagination });
    const { nodes, pageInfo } = await connectionOf();
    expect(nodes).toEqual([]);
    expect(pageInfo).toEqual({ hasNextPage: false, endCursor: null });
    expect(taken()).toHaveLength(1);
  });

  test('ends a list that fills its pages exactly', async () => {
    const { connectionOf } = await start({ pagination, items: upTo(6) });
    const whole = await connectionOf({ first: 30 });
    expect(idsOf(whole)).toEqual(upTo(6));
    expect(whole.pageInfo.hasNextPage).toBe(false);
    const exact = await connectionOf({ first: 6 });
    expect(idsOf(exact)).toEqual(upTo(6));
    const rest = await connectionOf({ after: exact.pageInfo.endCursor });
    expect(rest).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
  });

  test('stops at the limit of pages, from where a client can go on', async () => {
    const { connectionOf, taken } = await start({ pagination: { ...pagination, maxPages: 2 }, items: upTo(7) });
    const { list } = source;
    list.cap = 2;
    const connection = await connectionOf({ first: 6 });
    expect(idsOf(connection)).toEqual([1, 2, 3, 4]);
    expect(connection.pageInfo.hasNextPage).toBe(true);
    expect(taken()).toHaveLength(2);
    expect(idsOf(await connectionOf({ first: 6, after: connection.pageInfo.endCursor }))).toEqual([5, 6, 7]);
  });

  test('walks all of an upstream whose pages are smaller than asked for', async () => {
    const { connectionOf, list } = await start({ pagination, items: upTo(7) });
    list.cap = 2;
    const connection = await connectionOf({ first: 20 });
    expect(idsOf(connection)).toEqual(upTo(7));
    expect(connection.pageInfo.hasNextPage).toBe(false);
  });

  test('finds what was added behind the end', async () => {
    const { connectionOf, list } = await start({ pagination, items: upTo(4) });
    const before = await connectionOf({ first: 10 });
    expect(idsOf(before)).toEqual([1, 2, 3, 4]);
    list.items.push(5, 6);
    expect(idsOf(await connectionOf({ first: 10, after: before.pageInfo.endCursor }))).toEqual([5, 6]);
  });

  test('none at all is asked for: says whether there is something', async () => {
    const { connectionOf, list } = await start({ pagination, items: upTo(1) });
    expect(await connectionOf({ first: 0 })).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true } });
    list.items = [];
    expect(await connectionOf({ first: 0 })).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
  });

  test('keeps its own arguments on every page', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    await connectionOf({ first: 7, kind: 'a b' });
    const paths = taken();
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(new URL(path, 'http://h').searchParams.get('kind')).toBe('a b');
  });

  test('each page is cached by itself', async () => {
    const policy = { cache: { ttlSeconds: 60 } };
    const { call, connectionOf, taken } = await start({ pagination, items: upTo(9), policy });
    await connectionOf({ first: 5 });
    taken();
    const outcome = await call({ first: 9 });
    expect(taken()).toEqual(pages.slice(2));
    expect(outcome).toMatchObject({
      kind: 'CACHED',
      cache: 'MISS',
      parts: [{ kind: 'CACHED' }, { kind: 'CACHED' }, { kind: 'FRESH' }],
    });
  });

  test('a later page that fails: what is there, an error behind it, and a cursor to go on from', async () => {
    const { call, connectionOf, list } = await start({ pagination, items: upTo(7) });
    let asked = 0;
    list.instead = () => (++asked === 2 ? { kind: 'answer', status: 503 } : undefined);
    const outcome = await call({ first: 6 });
    expect(outcome).toMatchObject({
      kind: 'FRESH',
      failure: { code: 'UPSTREAM_ERROR' },
      parts: [{ kind: 'FRESH' }, { kind: 'FAILED' }],
    });
    const connection = (outcome as { value: Awaited<ReturnType<typeof connectionOf>> }).value;
    expect(idsOf(connection)).toEqual([1, 2, 3, 'UPSTREAM_ERROR']);
    expect(connection.pageInfo.hasNextPage).toBe(true);
    expect(idsOf(await connectionOf({ first: 6, after: connection.pageInfo.endCursor }))).toEqual([4, 5, 6, 7]);
  });

  test('a first page that fails is a failed call', async () => {
    const { call, list } = await start({ pagination, items: upTo(7) });
    list.instead = () => ({ kind: 'answer', status: 503 });
    const outcome = await call({ first: 6 });
    expect(outcome).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_ERROR', status: 503 } });
  });

  test('each page is one of the calls that a request may make', async () => {
    const { connectionOf, taken } = await start({ pagination, items: upTo(7) });
    let left = 2;
    const connection = await connectionOf({ first: 7 }, { takeUpstreamCall: () => left-- > 0 });
    expect(idsOf(connection)).toEqual([1, 2, 3, 4, 5, 6, 'BUDGET_EXCEEDED']);
    expect(taken()).toHaveLength(2);
  });

  test.each([
    'junk',
    '',
    '!!',
    Buffer.from('null').toString('base64url'),
    Buffer.from('["p",-1,0]').toString('base64url'),
    Buffer.from('["p",1,-1]').toString('base64url'),
    Buffer.from('["o",1.5,0]').toString('base64url'),
    Buffer.from('["c",{},0]').toString('base64url'),
    Buffer.from('["l","L2FkbWlu",0]').toString('base64url'),
    'A'.repeat(20_000),
  ])('a cursor that nobody gave is refused by its name, and nothing is sent: %s', async (after) => {
    const { call, taken } = await start({ pagination, items: upTo(7) });
    const outcome = await call({ after });
    if (outcome.kind !== 'FAILED') throw new Error('expected a failure');
    const error = outcome.failure.toClientError('shop', 0);
    expect(error.extensions).toMatchObject({ code: 'UPSTREAM_REJECTED', reason: 'http_request_error' });
    expect(error.message).toMatch(/^shop was not called: the argument "after" must be an endCursor/);
    expect(taken()).toEqual([]);
  });

  test.each([-1, 61, 1.5])('a number that nobody could be given is refused by its name: %s', async (first) => {
    const { call, taken } = await start({ pagination, items: upTo(7) });
    const outcome = await call({ first });
    if (outcome.kind !== 'FAILED') throw new Error('expected a failure');
    expect(outcome.failure.detail).toBe(`the argument "first" must be a number from 0 to 60; came ${first}.`);
    expect(taken()).toEqual([]);
  });

  test('a fallback stands in for the whole list, and for nothing after its beginning', async () => {
    const fallback = pagination.style === 'LINK' ? [{ id: 70 }, { id: 71 }] : { items: [{ id: 70 }, { id: 71 }] };
    const policy = { fallback: { value: fallback }, cache: { staleSeconds: 0 } };
    const { call, connectionOf, list } = await start({ pagination, items: upTo(7), policy });
    const { endCursor } = (await connectionOf()).pageInfo;
    list.instead = () => ({ kind: 'answer', status: 503 });
    const outcome = await call({ first: 6 });
    expect(outcome).toMatchObject({
      kind: 'FALLBACK',
      value: { nodes: [{ id: 70 }, { id: 71 }], pageInfo: { hasNextPage: false } },
    });
    expect(await call({ after: endCursor })).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_ERROR' } });
  });
});

describe('numbered pages', () => {
  test('a total saves the call that would find the end', async () => {
    const { connectionOf, list, taken } = await start({ pagination: { ...PAGE, total: 'total' }, items: upTo(6) });
    list.saysTotal = true;
    const connection = await connectionOf({ first: 6 });
    expect(connection).toMatchObject({ pageInfo: { hasNextPage: false }, totalCount: 6 });
    expect(taken()).toHaveLength(2);
  });

  test('a total that shrinks between two pages ends the walk where the list does', async () => {
    const { connectionOf, list } = await start({ pagination: { ...OFFSET, total: 'total' }, items: upTo(9) });
    list.saysTotal = true;
    list.instead = (_request, query) => {
      if (query.get('offset') === '3') list.items = upTo(5);
      return undefined;
    };
    const connection = await connectionOf({ first: 9 });
    expect(idsOf(connection)).toEqual([1, 2, 3, 4, 5]);
    expect(connection).toMatchObject({ pageInfo: { hasNextPage: false }, totalCount: 5 });
  });

  test('a short page is followed by another call only until pages have been seen full', async () => {
    const { connectionOf, list, taken } = await start({ pagination: PAGE, items: upTo(2) });
    await connectionOf();
    expect(taken()).toHaveLength(2);
    list.items = upTo(3);
    await connectionOf();
    list.items = upTo(2);
    taken();
    expect((await connectionOf()).pageInfo.hasNextPage).toBe(false);
    expect(taken()).toHaveLength(1);
  });

  test('no such page is the end of the list, not a failure', async () => {
    const { call, list } = await start({ pagination: PAGE, items: upTo(6) });
    list.instead = (_request, query) => (query.get('page') === '3' ? { kind: 'answer', status: 404 } : undefined);
    const outcome = await call({ first: 9 });
    expect(outcome).toMatchObject({
      kind: 'FRESH',
      parts: [{ kind: 'FRESH' }, { kind: 'FRESH' }, { kind: 'FRESH', attempts: [{ status: 404 }] }],
      value: { pageInfo: { hasNextPage: false } },
    });
    const { endCursor } = (await source.connectionOf({ first: 6 })).pageInfo;
    const beyond = await call({ first: 6, after: endCursor });
    expect(beyond).toMatchObject({ kind: 'FRESH', value: { nodes: [], pageInfo: { hasNextPage: false, endCursor } } });
    list.instead = () => ({ kind: 'answer', status: 404 });
    expect(await call()).toMatchObject({ kind: 'FAILED', failure: { status: 404 } });
  });

  test('count from 0 where the upstream does', async () => {
    const { call, taken } = await start({ pagination: { ...PAGE, firstPage: 0 }, items: upTo(9) });
    await call();
    expect(taken()).toEqual(['/items?page=0&size=3']);
  });

  test('a list that is left out is empty; one of another type is an error in its place', async () => {
    const { call, connectionOf, list } = await start({ pagination: PAGE });
    list.instead = () => ({ kind: 'answer', body: { total: 0 } });
    expect(await connectionOf()).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    list.instead = () => ({ kind: 'answer', body: { items: 'none' } });
    const outcome = await call();
    expect(outcome).toMatchObject({ value: { nodes: [{ code: 'UPSTREAM_INVALID_RESPONSE' }] } });
  });
});

describe('cursors of the upstream', () => {
  test.each([
    ['null', null],
    ['empty', ''],
    ['absent', undefined],
  ])('%s: that was the last page', async (_what, next) => {
    const { connectionOf, list, taken } = await start({ pagination: CURSOR });
    list.instead = () => ({ kind: 'answer', body: { items: [{ id: 1 }], paging: { next } } });
    expect((await connectionOf({ first: 5 })).pageInfo.hasNextPage).toBe(false);
    expect(taken()).toHaveLength(1);
  });

  test('one that comes again ends the walk', async () => {
    const { connectionOf, list, taken } = await start({ pagination: CURSOR });
    list.instead = (_request, query) => {
      const next = query.get('cursor') === 'a' ? 'b' : 'a';
      return { kind: 'answer', body: { items: [{ id: 1 }], paging: { next } } };
    };
    const connection = await connectionOf({ first: 50 });
    expect(idsOf(connection)).toEqual([1, 1, 1]);
    expect(connection.pageInfo.hasNextPage).toBe(false);
    expect(taken()).toEqual(['/items?size=3', '/items?cursor=a&size=3', '/items?cursor=b&size=3']);
  });

  test('an empty page with a cursor is not the end', async () => {
    const { connectionOf, list } = await start({ pagination: CURSOR });
    list.instead = (_request, query) => {
      const body = query.has('cursor') ? { items: [{ id: 2 }], paging: {} } : { items: [], paging: { next: 'x&y' } };
      return { kind: 'answer', body };
    };
    expect(idsOf(await connectionOf())).toEqual([2]);
    expect(source.taken()).toEqual(['/items?size=3', '/items?cursor=x%26y&size=3']);
  });

  test('one of another type is an error behind what came', async () => {
    const { connectionOf, list } = await start({ pagination: CURSOR });
    list.instead = () => ({ kind: 'answer', body: { items: [{ id: 1 }], paging: { next: 7 } } });
    expect(idsOf(await connectionOf())).toEqual(['UPSTREAM_INVALID_RESPONSE']);
  });
});

describe('links', () => {
  test('lead round in a circle once', async () => {
    const { connectionOf, list, taken } = await start({ pagination: LINK });
    list.instead = (_request, query) => {
      const to = query.get('at') === 'b' ? '?at=c' : query.get('at') === 'c' ? '?at=b' : '?at=b';
      return { kind: 'answer', body: [{ id: 1 }], headers: { link: `<${to}>; rel=next` } };
    };
    const connection = await connectionOf({ first: 50 });
    expect(connection.pageInfo.hasNextPage).toBe(false);
    expect(taken()).toEqual(['/linked?size=3', '/linked?at=b', '/linked?at=c']);
  });

  test.each(['http://evil.test/linked?x=1', '//evil.test/linked', 'http://127.0.0.1:1/linked', 'javascript:alert(1)'])(
    'to another origin are not followed, and what is missing is said: %s',
    async (to) => {
      const { connectionOf, list, taken } = await start({ pagination: LINK });
      list.instead = () => ({
        kind: 'answer',
        body: upTo(3).map((id) => ({ id })),
        headers: { link: `<${to}>; rel=next` },
      });
      expect(idsOf(await connectionOf({ first: 5 }))).toEqual([1, 2, 3, 'UPSTREAM_INVALID_RESPONSE']);
      expect(taken()).toHaveLength(1);
      expect((await connectionOf({ first: 3 })).pageInfo.hasNextPage).toBe(true);
    },
  );

  test('may stand in the answer itself, by the same rules', async () => {
    const schema = {
      type: 'object',
      properties: {
        rows: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
        links: { type: 'object', properties: { next: { type: 'string', nullable: true } } },
      },
    };
    const { connectionOf, list, taken } = await start({
      pagination: IN_BODY,
      document: openapi({ '/linked': { get: { operationId: 'linkedItems', responses: { 200: json(schema) } } } }),
    });
    const page = (id: number, next: unknown) =>
      ({ kind: 'answer', body: { rows: [{ id }], links: { next } } }) as const;
    list.instead = (_request, query) =>
      query.get('c') === 'a' ? page(2, '?c=b') : query.get('c') === 'b' ? page(3, null) : page(1, '/linked?c=a');
    expect(idsOf(await connectionOf({ first: 9 }))).toEqual([1, 2, 3]);
    expect(taken()).toEqual(['/linked', '/linked?c=a', '/linked?c=b']);
    for (const end of ['', null, undefined]) {
      list.instead = () => page(1, end);
      expect((await connectionOf({ first: 9 })).pageInfo.hasNextPage).toBe(false);
    }
    for (const lost of ['http://evil.test/linked', 7]) {
      list.instead = () => page(1, lost);
      expect(idsOf(await connectionOf({ first: 9 }))).toEqual([1, 'UPSTREAM_INVALID_RESPONSE']);
    }
  });

  test('stay below the path of the endpoint', async () => {
    const { connectionOf, list, taken } = await start({ pagination: LINK, base: '/v1' });
    list.instead = (_request, query) =>
      query.has('p')
        ? undefined
        : { kind: 'answer', body: [{ id: 1 }], headers: { link: '</v1/linked?p=2>; rel=next' } };
    list.items = [2];
    expect(idsOf(await connectionOf({ first: 5 }))).toEqual([1, 2]);
    expect(taken()).toEqual(['/v1/linked?size=3', '/v1/linked?p=2']);
    list.instead = () => ({ kind: 'answer', body: [{ id: 1 }], headers: { link: '</v1/../admin>; rel=next' } });
    expect(idsOf(await connectionOf({ first: 5 }))).toEqual([1, 'UPSTREAM_INVALID_RESPONSE']);
  });

  test('hold no credential, and each page is sent the one of the source', async () => {
    const value = new Secret('hush');
    const { connectionOf, list, server } = await start({
      pagination: LINK,
      key: new Uint8Array(32),
      definition: { auth: { apiKey: { name: 'key', in: 'QUERY', value } } },
    });
    list.instead = ({ path }, query) => ({
      kind: 'answer',
      body: [{ id: server.requests.length }],
      headers: query.has('p') ? {} : { link: `<${path}&p=2>; rel=next` },
    });
    expect(idsOf(await connectionOf({ first: 2 }))).toEqual([1, 2]);
    expect(source.taken()).toEqual(['/linked?size=3&key=hush', '/linked?size=3&p=2&key=hush']);
  });

  test('lead to whichever endpoint is there, below its own path', async () => {
    const backup = await startPagedSource({ pagination: LINK, items: upTo(7) });
    const { connectionOf, list, taken } = await start({
      pagination: LINK,
      items: upTo(7),
      base: '/v1',
      backups: [`${backup.server.url}/v2`],
      policy: { retries: 1 },
    });
    list.instead = (_request, query) => (query.has('from') ? { kind: 'answer', status: 503 } : undefined);
    const outcome = await source.call({ first: 5 });
    expect(outcome).toMatchObject({ kind: 'BACKUP', parts: [{ kind: 'FRESH' }, { kind: 'BACKUP' }] });
    expect(taken()).toEqual(['/v1/linked?size=3', '/v1/linked?size=3&from=3']);
    expect(backup.taken()).toEqual(['/v2/linked?size=3&from=3']);
    list.instead = () => undefined;
    expect(idsOf(await connectionOf({ first: 5 }))).toEqual([1, 2, 3, 4, 5]);
    await backup.close();
  });

  test('go with the cached page, and are asked for again with it', async () => {
    const policy = { cache: { ttlSeconds: 0, staleSeconds: 600 } };
    const { connectionOf, list, taken } = await start({ pagination: LINK, items: upTo(3), policy });
    const etag = '"same"';
    let link: Record<string, string> = {};
    list.instead = (request, query) => {
      if (query.has('from')) return undefined;
      if (request.headers['if-none-match'] === etag) return { kind: 'answer', status: 304, headers: link, body: '' };
      return { kind: 'answer', body: upTo(3).map((id) => ({ id })), headers: { etag, ...link } };
    };
    expect((await connectionOf({ first: 9 })).pageInfo.hasNextPage).toBe(false);
    list.items = upTo(5);
    link = { link: '</linked?from=3>; rel="next"' };
    expect(idsOf(await connectionOf({ first: 9 }))).toEqual(upTo(5));
    expect(taken()).toEqual(['/linked?size=3', '/linked?size=3', '/linked?from=3']);
  });

  test('an operation with links may stand in for one without, and the other way round', async () => {
    const { paths, ...rest } = document as { paths: Record<string, { get: object }> };
    const plain = { get: { ...paths['/linked']?.get, operationId: 'plainItems' } };
    const both = { ...rest, paths: { ...paths, '/plain': plain } };
    const fallingBack = (operation: string) => ({ fallback: { operation, arguments: { kind: 'x' } } });
    const { call, list, connection, taken } = await start({
      pagination: LINK,
      items: upTo(3),
      document: both,
      operationPolicies: { linkedItems: fallingBack('plainItems'), plainItems: fallingBack('linkedItems') },
    });
    const only = (path: string) => {
      list.instead = (request) =>
        request.path.startsWith(path)
          ? { kind: 'answer', body: [{ id: 9 }], headers: { link: '<?from=1>; rel=next' } }
          : { kind: 'answer', status: 503 };
    };
    only('/plain');
    expect(await call({ first: 5 })).toMatchObject({
      kind: 'FALLBACK',
      value: { nodes: [{ id: 9 }], pageInfo: { hasNextPage: false } },
    });
    only('/linked');
    const [outcome] = await connection.call('plainItems', [{ arguments: {} }], callContext(systemClock));
    expect(outcome).toMatchObject({ kind: 'FALLBACK', value: [{ id: 9 }] });
    expect(taken()).toEqual(['/linked?size=3', '/plain?kind=x', '/plain', '/linked?kind=x']);
  });

  test('a cursor is good for the same field with the same arguments, and with the same key', async () => {
    const key = new Uint8Array(32).fill(7);
    const { connectionOf, call } = await start({ pagination: LINK, items: upTo(7), key });
    const { endCursor } = (await connectionOf({ first: 4, kind: 'a' })).pageInfo;
    expect(endCursor).not.toContain('linked');
    expect(Buffer.from(endCursor ?? '', 'base64url').toString()).not.toContain('from');
    expect(idsOf(await connectionOf({ first: 4, kind: 'a', after: endCursor }))).toEqual([5, 6, 7]);
    expect(await call({ kind: 'b', after: endCursor })).toMatchObject({ kind: 'FAILED' });
    const other = await startPagedSource({ pagination: LINK, items: upTo(7), key });
    expect(idsOf(await other.connectionOf({ first: 4, kind: 'a', after: endCursor }))).toEqual([5, 6, 7]);
    await other.close();
    const stranger = await startPagedSource({ pagination: LINK, items: upTo(7), key: new Uint8Array(32) });
    expect(await stranger.call({ kind: 'a', after: endCursor })).toMatchObject({ kind: 'FAILED' });
    await stranger.close();
  });
});
