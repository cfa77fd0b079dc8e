import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
beforeAll(async () => {
  rest = await startRestGateway();
});
afterAll(() => rest.close());

const list = { type: 'array', items: { type: 'string' } };
const point = { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'integer' } } };

const responses = { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } };

/** The styles of the specification over `/thing`, one operation each, named by where, style and explode. */
const STYLES = [
  // place, style, explode, list ["a b","c,d"], object {x:1,y:2}
  ['path', 'simple', false, '/p/a%20b,c%2Cd', '/p/x,1,y,2'],
  ['path', 'simple', true, '/p/a%20b,c%2Cd', '/p/x=1,y=2'],
  ['path', 'label', false, '/p/.a%20b,c%2Cd', '/p/.x,1,y,2'],
  ['path', 'label', true, '/p/.a%20b.c%2Cd', '/p/.x=1.y=2'],
  ['path', 'matrix', false, '/p/;v=a%20b,c%2Cd', '/p/;v=x,1,y,2'],
  ['path', 'matrix', true, '/p/;v=a%20b;v=c%2Cd', '/p/;x=1;y=2'],
  ['query', 'form', false, '/p?v=a%20b,c%2Cd', '/p?v=x,1,y,2'],
  ['query', 'form', true, '/p?v=a%20b&v=c%2Cd', '/p?x=1&y=2'],
  ['query', 'pipeDelimited', false, '/p?v=a%20b%7Cc%2Cd', '/p?v=x%7C1%7Cy%7C2'],
  ['query', 'deepObject', true, '/p?v%5B%5D=a%20b&v%5B%5D=c%2Cd', '/p?v%5Bx%5D=1&v%5By%5D=2'],
] as const;

const named = (place: string, style: string, explode: boolean) =>
  `${place}${style[0]?.toUpperCase()}${style.slice(1)}${explode ? 'Exploded' : 'Whole'}`;

test('every style of lists and objects, in the path and in the query', async () => {
  const paths: Record<string, object> = {};
  for (const [place, style, explode] of STYLES) {
    for (const [what, schema] of [
      ['List', list],
      ['Object', point],
    ] as const) {
      const operationId = `${named(place, style, explode)}${what}`;
      const parameter = { name: 'v', in: place, style, explode, required: place === 'path', schema };
      const key = place === 'path' ? `/p/{v}#${operationId}` : `/p#${operationId}`;
      paths[key] = { get: { operationId, parameters: [parameter], responses } };
    }
  }
  await rest.publish('styles', openapi(paths));
  for (const [place, style, explode, ofList, ofObject] of STYLES) {
    const field = named(place, style, explode);
    const sentList = await rest.sent(`{ styles { ${field}List(v: ["a b", "c,d"]) } }`);
    const sentObject = await rest.sent(`{ styles { ${field}Object(v: { x: 1, y: 2 }) } }`);
    expect([field, sentList.path, sentObject.path]).toEqual([field, ofList, ofObject]);
  }
});

const parameter = (name: string, place: string, more: object) => ({
  name,
  in: place,
  schema: { type: 'string' },
  ...more,
});
const get = (operationId: string, parameters: readonly object[]) => ({ get: { operationId, parameters, responses } });

describe('the rest of it', () => {
  test('lists parted by spaces and tabs, also as Swagger 2.0 says it', async () => {
    const document = {
      swagger: '2.0',
      info: { title: 'a', version: '1' },
      paths: {
        '/old': {
          get: {
            operationId: 'old',
            parameters: ['csv', 'ssv', 'tsv', 'pipes', 'multi'].map((collectionFormat) => ({
              name: collectionFormat,
              in: 'query',
              type: 'array',
              items: { type: 'string' },
              collectionFormat,
            })),
            responses: { 200: { description: 'ok' } },
          },
        },
      },
    };
    await rest.publish('swagger', document);
    const values = ['csv', 'ssv', 'tsv', 'pipes', 'multi'].map((name) => `${name}: ["a", "b"]`).join(' ');
    expect((await rest.sent(`{ swagger { old(${values}) } }`)).path).toBe(
      '/old?csv=a,b&ssv=a%20b&tsv=a%09b&pipes=a%7Cb&multi=a&multi=b',
    );
  });

  test('headers and cookies', async () => {
    await rest.publish(
      'fields',
      openapi({
        '/f': get('f', [
          parameter('X-Trace', 'header', { schema: list }),
          parameter('X-Point', 'header', { schema: point, explode: true }),
          parameter('session', 'cookie', {}),
          parameter('flags', 'cookie', { schema: list, explode: false }),
        ]),
      }),
    );
    const { headers } = await rest.sent(
      '{ fields { f(X_Trace: ["a", "b"], X_Point: { x: 1, y: 2 }, session: "s;1", flags: ["a", "b"]) } }',
    );
    expect(headers).toMatchObject({ 'x-trace': 'a,b', 'x-point': 'x=1,y=2', cookie: 'session=s%3B1; flags=a,b' });
  });

  test('allowReserved, defaults, what is required, and parameters that are JSON', async () => {
    await rest.publish(
      'various',
      openapi({
        '/v': get('v', [
          parameter('expr', 'query', { allowReserved: true }),
          parameter('limit', 'query', { required: true, schema: { type: 'integer', default: 20 } }),
          parameter('id', 'query', { required: true }),
          { name: 'filter', in: 'query', content: { 'application/json': { schema: point } } },
        ]),
      }),
    );
    expect(await rest.sdl('various')).toMatch(
      /v\(\s*expr: String\s+"""Default: 20"""\s+limit: SafeInt = 20\s+id: String!\s+filter: VariousVFilterInput\s*\)/,
    );
    expect((await rest.sent('{ various { v(id: "a&b", expr: "a/b?c=d&e", filter: { x: 1 }) } }')).path).toBe(
      '/v?expr=a/b?c%3Dd%26e&limit=20&id=a%26b&filter=%7B%22x%22%3A1%7D',
    );
    const { errors, status } = await rest.weir.query('{ various { v } }');
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('an argument cannot lead to another path, nor into another header', async () => {
    await rest.publish(
      'paths',
      openapi({
        '/a/{id}/b': get('a', [parameter('id', 'path', { required: true }), parameter('X-One', 'header', {})]),
      }),
    );
    const before = rest.upstream.requests.length;
    for (const id of ['..', '.', '']) {
      const { errors } = await rest.weir.query('query ($id: String!) { paths { a(id: $id) } }', { id });
      expect(errors[0]?.extensions.code).toBe('UPSTREAM_REJECTED');
      expect(errors[0]?.message).toMatch(/"id"/);
    }
    const { errors } = await rest.weir.query('query ($x: String) { paths { a(id: "1", X_One: $x) } }', {
      x: 'a\r\nX-Two: b',
    });
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_REJECTED');
    expect(rest.upstream.requests).toHaveLength(before);
    expect((await rest.sent('{ paths { a(id: "x/../y?z#") } }')).path).toBe('/a/x%2F..%2Fy%3Fz%23/b');
  });

  test('arguments without names of their own, and several of one name', async () => {
    await rest.publish(
      'renamed',
      openapi({
        '/r/{id}': get('r', [
          parameter('id', 'path', { required: true }),
          parameter('id', 'query', {}),
          parameter('filter[name]', 'query', {}),
        ]),
      }),
    );
    expect((await rest.sent('{ renamed { r(id: "1", id_query: "2", filter_name: "3") } }')).path).toBe(
      '/r/1?id=2&filter%5Bname%5D=3',
    );
    expect(await rest.warnings('renamed')).toContain('RENAMED');
  });

  test('64-bit integers go out as they came in', async () => {
    await rest.publish(
      'long',
      openapi({ '/l': get('l', [parameter('n', 'query', { schema: { type: 'integer', format: 'int64' } })]) }),
    );
    expect((await rest.sent('{ long { l(n: 9223372036854775807) } }')).path).toBe('/l?n=9223372036854775807');
  });
});
