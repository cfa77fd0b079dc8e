import { describe, expect, test } from '@jest/globals';
import { printSchema } from 'graphql';
import { matches } from '../../../../src/sources/rest/mapping/index.ts';
import { answering, describeDocument, json, kindsOf, openapi, operation, ref, typeOf } from './support.ts';

const done = { 204: { description: '' } };

describe('fields', () => {
  test('reading methods are queries, the others mutations', async () => {
    const methods = ['get', 'head', 'options', 'trace', 'put', 'post', 'delete', 'patch'];
    const description = await describeDocument(
      openapi({ '/x': Object.fromEntries(methods.map((method) => [method, { responses: done }])) }),
    );
    const kinds = Object.fromEntries(
      [...description.operations.values()].map((found) => [
        found.method,
        [found.kind, found.idempotent, found.cacheable],
      ]),
    );
    expect(kinds).toEqual({
      GET: ['query', true, true],
      HEAD: ['query', true, true],
      OPTIONS: ['query', true, false],
      TRACE: ['query', true, false],
      PUT: ['mutation', true, false],
      POST: ['mutation', false, false],
      DELETE: ['mutation', true, false],
      PATCH: ['mutation', false, false],
    });
  });

  test.each([
    ['/items/{id}', 'get', 'getItemsById'],
    ['/', 'get', 'getRoot'],
    ['/v1/files/{name}.json', 'get', 'getV1FilesByNameJson'],
    ['/a-b/{c_d}', 'post', 'postABByCD'],
  ])('without an id %s %s is %s', async (path, method, wanted) => {
    const description = await describeDocument(openapi({ [path]: { [method]: { responses: done } } }));
    expect(operation(description, `${method.toUpperCase()} ${path}`).field).toBe(wanted);
  });

  test('ids that come out the same, and ids used twice, get fields of their own', async () => {
    const description = await describeDocument(
      openapi({
        '/a': { get: { operationId: 'get_it', responses: done } },
        '/b': { get: { operationId: 'getIt', responses: done } },
        '/c': { get: { operationId: 'getIt', responses: done } },
      }),
    );
    expect([...description.operations].map(([name, { field }]) => [name, field])).toEqual([
      ['get_it', 'getIt'],
      ['getIt', 'getB'],
      ['GET /c', 'getC'],
    ]);
    expect(kindsOf(description)).toEqual(['DUPLICATE_OPERATION_ID', 'RENAMED']);
  });

  test('mutations alone leave a query type that says so', async () => {
    const description = await describeDocument(openapi({ '/x': { post: { operationId: 'x', responses: done } } }));
    expect(typeOf(description, 'ShopQuery')).toBe('type ShopQuery {\n  _noQueries: Boolean\n}');
  });

  test('summary, description and deprecation are carried over', async () => {
    const description = await describeDocument(
      openapi({
        '/x': { get: { operationId: 'x', summary: 'Short.', description: 'Long.', deprecated: true, responses: done } },
      }),
    );
    const field = description.schema.getQueryType()?.getFields().x;
    expect(field?.description).toBe('Short.\n\nLong.');
    expect(field?.deprecationReason).toBe('Deprecated by the upstream.');
    expect(operation(description, 'x').deprecated).toBe('Deprecated by the upstream.');
  });

  test('security and servers of the operation replace those of the document', async () => {
    const description = await describeDocument(
      openapi(
        {
          '/a': { get: { operationId: 'a', responses: done } },
          '/b': {
            servers: [{ url: '/v2' }],
            get: { operationId: 'b', security: [{ oauth: ['read'] }, {}], responses: done },
          },
        },
        {},
        { security: [{ key: [] }] },
      ),
    );
    expect(operation(description, 'a')).toMatchObject({ security: [[{ scheme: 'key', scopes: [] }]], servers: [] });
    expect(operation(description, 'b')).toMatchObject({
      security: [[{ scheme: 'oauth', scopes: ['read'] }], []],
      servers: ['/v2'],
    });
  });
});

describe('include and exclude', () => {
  test.each([
    ['getPet', 'getPet', true],
    ['getPet', 'getPets', false],
    ['get*', 'getPet', true],
    ['*Pet', 'getPet', true],
    ['g*t*t', 'getPet', true],
    ['*', 'x', true],
    ['a*a', 'a', false],
    ['get.*', 'getPet', false],
  ])('%s on %s: %s', (pattern, name, wanted) => {
    expect(matches(pattern, name)).toBe(wanted);
  });

  test('what is left out takes no name from what is left', async () => {
    const document = openapi({
      '/a': { get: { operationId: 'get_it', responses: done } },
      '/b': { get: { operationId: 'getIt', responses: done } },
    });
    const description = await describeDocument(document, { include: ['get*'], exclude: ['get_it'] });
    expect([...description.operations].map(([name, { field }]) => [name, field])).toEqual([['getIt', 'getB']]);
  });
});

describe('renames of the registration', () => {
  const pet = { type: 'object', properties: { id: { type: 'string' } } };
  const document = openapi(
    {
      '/a': { get: { operationId: 'a', responses: { 200: json({ type: 'array', items: ref('Pet') }) } } },
      '/b': { get: { operationId: 'b', responses: { 200: json({ type: 'array', items: pet }) } } },
    },
    { Pet: structuredClone(pet) },
  );

  test('of fields win over those of the document', async () => {
    const description = await describeDocument(document, { operations: [{ operation: 'a', field: 'b' }] });
    expect([...description.operations.values()].map(({ field }) => field)).toEqual(['b', 'getB']);
  });

  test('of types name the answer or its items', async () => {
    const description = await describeDocument(document, {
      operations: [
        { operation: 'a', type: 'Animal' },
        { operation: 'b', type: 'Beast' },
      ],
    });
    expect(typeOf(description, 'ShopQuery')).toBe('type ShopQuery {\n  a: [ShopAnimal]\n  b: [ShopBeast]\n}');
  });

  test('404 may be declared to mean null', async () => {
    const description = await describeDocument(document, { operations: [{ operation: 'a', notFoundIsNull: true }] });
    expect(operation(description, 'a').answer.notFoundIsNull).toBe(true);
    expect(operation(description, 'b').answer.notFoundIsNull).toBe(false);
  });
});

describe('names of types', () => {
  const object = { type: 'object', properties: { id: { type: 'string' } } };

  test('a flat source has no prefix and keeps off the scalars', async () => {
    const description = await describeDocument(
      answering(
        { type: 'object', properties: { a: ref('Pet'), b: ref('DateTime'), c: ref('Query') } },
        { Pet: { ...object }, DateTime: { ...object }, Query: { ...object } },
      ),
      { namespace: '' },
    );
    expect(typeOf(description, 'GetThingResponse')).toBe(
      'type GetThingResponse {\n  a: Pet\n  b: DateTime2\n  c: Query2\n}',
    );
    expect(description.schema.getQueryType()?.name).toBe('Query');
  });

  test('components that come out the same: who needs no change keeps the name', async () => {
    const description = await describeDocument(
      answering(
        { type: 'object', properties: { a: ref('simple-user'), b: ref('SimpleUser') } },
        { 'simple-user': { ...object }, SimpleUser: { ...object } },
      ),
    );
    expect(typeOf(description, 'ShopGetThingResponse')).toBe(
      'type ShopGetThingResponse {\n  a: ShopSimpleUser2\n  b: ShopSimpleUser\n}',
    );
  });

  test('the order of the document does not matter', async () => {
    const responses = { 200: json(ref('B')) };
    const inline = {
      200: json({ type: 'object', properties: { thing: { type: 'object', properties: { x: { type: 'string' } } } } }),
    };
    const paths = {
      '/a': { get: { operationId: 'get_x', responses } },
      '/b': { get: { operationId: 'getX', responses: inline } },
      '/c': { get: { operationId: 'getXResponse', responses: inline } },
    };
    const schemas = {
      A: { ...object },
      a: { ...object },
      B: { type: 'object', properties: { one: ref('A'), two: ref('a') } },
    };
    const backwards = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;
    const sorted = (sdl: string) => sdl.split('\n\n').sort();
    const forth = await describeDocument(openapi(paths, schemas));
    const back = await describeDocument(openapi(backwards(paths), backwards(schemas)));
    expect(sorted(printSchema(back.schema))).toEqual(sorted(printSchema(forth.schema)));
  });
});
