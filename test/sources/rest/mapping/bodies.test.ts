import { expect, test } from '@jest/globals';
import { describeDocument, describeUpgraded, kindsOf, openapi, operation, taking, typeOf } from './support.ts';

function posting(content: unknown, more: Record<string, unknown> = {}) {
  return openapi({ '/x': { post: { operationId: 'x', requestBody: { content, ...more }, responses: { 204: {} } } } });
}

const object = { type: 'object', properties: { a: { type: 'string' } } };

test.each([
  ['application/json', 'json', 'ShopXInput'],
  ['application/vnd.api+json', 'json', 'ShopXInput'],
  ['*/*', 'json', 'ShopXInput'],
  ['application/x-www-form-urlencoded', 'form', 'ShopXInput'],
  ['multipart/form-data', 'multipart', 'ShopXInput'],
  ['text/plain', 'text', 'String'],
  ['application/xml', 'text', 'String'],
  ['application/octet-stream', 'binary', 'File'],
  ['image/png', 'binary', 'File'],
])('%s is sent as %s, given as %s', async (type, encoding, wanted) => {
  const description = await describeDocument(posting({ [type]: { schema: object } }));
  expect(operation(description, 'x').body).toMatchObject({
    argument: 'input',
    mediaType: type,
    encoding,
    required: false,
  });
  expect(typeOf(description, 'ShopMutation')).toContain(`x(input: ${wanted}): Boolean`);
});

test('JSON is preferred to everything else', async () => {
  const description = await describeDocument(
    posting(
      { 'application/xml': {}, 'multipart/form-data': { schema: object }, 'application/json': { schema: object } },
      { required: true },
    ),
  );
  expect(operation(description, 'x').body).toMatchObject({ encoding: 'json', required: true });
  expect(typeOf(description, 'ShopMutation')).toContain('x(input: ShopXInput!)');
});

test('bodies that are no objects keep their type', async () => {
  const list = await describeDocument(taking({ type: 'array', items: { type: 'string' } }));
  expect(typeOf(list, 'ShopMutation')).toContain('putThing(input: [String!]!)');
  const untyped = await describeDocument(posting({ 'application/json': {} }));
  expect(typeOf(untyped, 'ShopMutation')).toContain('x(input: JSON)');
});

test('a parameter named input keeps its name', async () => {
  const document = openapi({
    '/x': {
      post: {
        operationId: 'x',
        parameters: [{ name: 'input', in: 'query', schema: { type: 'string' } }],
        requestBody: { content: { 'application/json': { schema: object } } },
        responses: {},
      },
    },
  });
  const description = await describeDocument(document);
  expect(typeOf(description, 'ShopMutation')).toContain('x(input: String, body: ShopXInput)');
  expect(kindsOf(description)).toEqual(['RENAMED']);
});

test('what a form says about its properties is in the plan', async () => {
  const schema = {
    type: 'object',
    properties: {
      tags: { type: 'array', items: { type: 'string' } },
      meta: { type: 'object', properties: { k: { type: 'string' } } },
    },
  };
  const encoding = { tags: { style: 'spaceDelimited', explode: false }, meta: { contentType: 'application/json' } };
  const description = await describeDocument(posting({ 'application/x-www-form-urlencoded': { schema, encoding } }));
  expect(operation(description, 'x').body?.properties).toEqual({
    tags: { style: 'spaceDelimited', explode: false },
    meta: { contentType: 'application/json' },
  });
});

test('formData of Swagger 2.0 becomes one body', async () => {
  const swagger = (consumes: readonly string[], fields: readonly unknown[]) => ({
    swagger: '2.0',
    paths: { '/x': { post: { operationId: 'x', consumes, parameters: fields, responses: {} } } },
  });
  const name = { name: 'name', in: 'formData', type: 'string', required: true };
  const form = await describeUpgraded(
    swagger(
      [],
      [name, { name: 'ids', in: 'formData', type: 'array', items: { type: 'integer' }, collectionFormat: 'multi' }],
    ),
    '2.0',
  );
  expect(operation(form, 'x').body).toMatchObject({
    encoding: 'form',
    required: true,
    properties: { ids: { style: 'form', explode: true } },
  });
  expect(typeOf(form, 'ShopXInput')).toBe('input ShopXInput {\n  name: String!\n  ids: [SafeInt!]\n}');
  const file = await describeUpgraded(
    swagger(['application/x-www-form-urlencoded'], [name, { name: 'file', in: 'formData', type: 'file' }]),
    '2.0',
  );
  expect(operation(file, 'x').body).toMatchObject({ encoding: 'multipart' });
  expect(typeOf(file, 'ShopXInput')).toContain('file: File');
});

test('a body without content is left out with a warning', async () => {
  expect(kindsOf(await describeDocument(posting({})))).toEqual(['MALFORMED']);
});
