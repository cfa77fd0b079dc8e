import { describe, expect, test } from '@jest/globals';
import { describeDocument, describeUpgraded, kindsOf, openapi, operation, typeOf } from './support.ts';

function withParameters(parameters: readonly unknown[], path = '/things/{id}', more: Record<string, unknown> = {}) {
  return openapi({
    [path]: { get: { operationId: 'x', parameters, responses: { 204: { description: '' } }, ...more } },
  });
}

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

test('parameters are arguments of their own names, required ones non-null', async () => {
  const description = await describeDocument(
    withParameters([
      id,
      { name: 'page_size', in: 'query', schema: { type: 'integer', format: 'int32' } },
      { name: 'X-Trace', in: 'header', required: true, schema: { type: 'string' } },
      { name: 'session', in: 'cookie', schema: { type: 'string' }, deprecated: true },
      { name: 'tags', in: 'query', required: true, schema: { type: 'array', items: { type: 'string' } } },
    ]),
  );
  expect(typeOf(description, 'ShopQuery')).toBe(
    'type ShopQuery {\n  x(id: String!, page_size: Int, tags: [String!]!, X_Trace: String!, session: String @deprecated(reason: "Deprecated by the upstream.")): Boolean\n}',
  );
  expect(
    operation(description, 'x').parameters.map(({ argument, name, in: location }) => [argument, name, location]),
  ).toEqual([
    ['id', 'id', 'path'],
    ['page_size', 'page_size', 'query'],
    ['tags', 'tags', 'query'],
    ['X_Trace', 'X-Trace', 'header'],
    ['session', 'session', 'cookie'],
  ]);
});

describe('styles', () => {
  test.each([
    [{ in: 'query' }, { style: 'form', explode: true }],
    [
      { in: 'query', style: 'spaceDelimited' },
      { style: 'spaceDelimited', explode: false },
    ],
    [
      { in: 'query', style: 'deepObject', explode: true },
      { style: 'deepObject', explode: true },
    ],
    [
      { in: 'query', explode: false, allowReserved: true },
      { style: 'form', explode: false, allowReserved: true },
    ],
    [
      { in: 'query', style: 'nonsense' },
      { style: 'form', explode: true },
    ],
    [{ in: 'header' }, { style: 'simple', explode: false }],
    [{ in: 'cookie' }, { style: 'form', explode: true }],
  ])('%j', async (given, wanted) => {
    const description = await describeDocument(
      withParameters([{ name: 'p', schema: { type: 'array', items: { type: 'string' } }, ...given }], '/x'),
    );
    expect(operation(description, 'x').parameters[0]).toMatchObject(wanted);
  });

  test.each([
    ['csv', { style: 'form', explode: false }],
    ['ssv', { style: 'spaceDelimited', explode: false }],
    ['pipes', { style: 'pipeDelimited', explode: false }],
    ['tsv', { style: 'tabDelimited', explode: false }],
    ['multi', { style: 'form', explode: true }],
    [undefined, { style: 'form', explode: false }],
  ])('collectionFormat %s of Swagger 2.0', async (collectionFormat, wanted) => {
    const parameters = [{ name: 'p', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat }];
    const description = await describeUpgraded(
      { swagger: '2.0', paths: { '/x': { get: { operationId: 'x', parameters, responses: {} } } } },
      '2.0',
    );
    expect(operation(description, 'x').parameters[0]).toMatchObject(wanted);
  });
});

test('a default makes a required argument optional and is sent instead', async () => {
  const description = await describeDocument(
    withParameters(
      [
        { name: 'v', in: 'query', required: true, schema: { type: 'string', default: '2024' } },
        { name: 'n', in: 'query', schema: { type: 'integer', default: 5 } },
      ],
      '/x',
    ),
  );
  expect(typeOf(description, 'ShopQuery')).toContain('x(\n    v: String = "2024"\n    n: SafeInt\n  ): Boolean');
  const [v, n] = operation(description, 'x').parameters;
  expect(v).toMatchObject({ required: true, default: '2024' });
  expect(n).not.toHaveProperty('default');
});

test('an own parameter wins over the one of its path', async () => {
  const document = openapi({
    '/x': {
      parameters: [
        { name: 'a', in: 'query', schema: { type: 'string' } },
        { name: 'b', in: 'query', schema: { type: 'string' } },
      ],
      get: {
        operationId: 'x',
        parameters: [{ name: 'a', in: 'query', schema: { type: 'boolean' } }],
        responses: { 204: {} },
      },
    },
  });
  expect(typeOf(await describeDocument(document), 'ShopQuery')).toContain('x(a: Boolean, b: String)');
});

test('the same name in two places, and names that come out the same', async () => {
  const query = (name: string) => ({ name, in: 'query', schema: { type: 'string' } });
  const description = await describeDocument(
    withParameters([query('id'), id, query('a-b'), query('a.b'), query('a_b')]),
  );
  expect(operation(description, 'x').parameters.map(({ argument, name }) => [argument, name])).toEqual([
    ['id', 'id'],
    ['id_query', 'id'],
    ['a_b_query', 'a-b'],
    ['a_b_query2', 'a.b'],
    ['a_b', 'a_b'],
  ]);
  expect(description.warnings.filter(({ kind }) => kind === 'RENAMED')).toHaveLength(3);
});

test('a parameter with content is serialised whole', async () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const description = await describeDocument(
    withParameters([{ name: 'filter', in: 'query', content: { 'application/json': { schema } } }], '/x'),
  );
  expect(operation(description, 'x').parameters[0]).toMatchObject({
    mediaType: 'application/json',
    shape: { kind: 'object' },
  });
  expect(typeOf(description, 'ShopXFilterInput')).toBe('input ShopXFilterInput {\n  a: String\n}');
});

test('placeholders and path parameters that do not match are warnings', async () => {
  const description = await describeDocument(withParameters([{ ...id, name: 'other' }]));
  expect(operation(description, 'x').parameters.map(({ name }) => name)).toEqual(['id']);
  expect(kindsOf(description)).toEqual(['PARAMETER_ADDED', 'PARAMETER_IGNORED']);
});

test('headers that HTTP needs are no arguments; what is no parameter is left out', async () => {
  const description = await describeDocument(
    withParameters(
      [
        { name: 'Accept', in: 'header', schema: { type: 'string' } },
        5,
        { name: 'x' },
        { in: 'query' },
        { name: 'untyped', in: 'query' },
      ],
      '/x',
    ),
  );
  expect(typeOf(description, 'ShopQuery')).toContain('x(untyped: String)');
  expect(kindsOf(description)).toEqual(['HEADER_IGNORED', 'MALFORMED']);
});
