import { expect, test } from '@jest/globals';
import { answering, describeDocument, fieldType, kindsOf, openapi, operation, ref, typeOf } from './support.ts';

test('values that are names keep them; the others are renamed, and a warning says how', async () => {
  const status = { type: 'string', enum: ['on hold', 'on_hold', 'done', '', null] };
  const description = await describeDocument(
    answering({ type: 'object', properties: { status: ref('Status') } }, { Status: status }),
  );
  expect(typeOf(description, 'ShopStatus')).toBe('enum ShopStatus {\n  on_hold2\n  on_hold\n  done\n  EMPTY\n}');
  const warning = description.warnings.find(({ kind }) => kind === 'ENUM_VALUE_RENAMED');
  expect(warning?.path).toBe('/components/schemas/Status');
  expect(warning?.message).toContain('"on hold" is on_hold2');
});

test('the plan knows the wire value of each name and back', async () => {
  const parameter = { name: 'sort', in: 'query', schema: { type: 'integer', enum: [1, -1] } };
  const description = await describeDocument(
    openapi({ '/x': { get: { operationId: 'x', parameters: [parameter], responses: {} } } }),
  );
  const shape = operation(description, 'x').parameters[0]?.shape;
  if (shape?.kind !== 'enum') throw new Error(`Expected an enum; got ${shape?.kind}.`);
  expect(shape.toWire.get('MINUS_1')).toBe(-1);
  expect(shape.toGraphQL.get('-1')).toBe('MINUS_1');
  expect(shape.typeName).toBe('ShopXSort');
});

test('numbers in an enum of texts are texts, and the reverse', async () => {
  const description = await describeDocument(
    answering({
      type: 'object',
      properties: { text: { type: 'string', enum: [1, 2] }, number: { type: 'integer', enum: ['1', '2'] } },
    }),
  );
  const answer = operation(description, 'getThing').answer.shape;
  if (answer === 'none' || answer.kind !== 'object') throw new Error('Expected an object.');
  const wire = answer.fields.map(({ shape }) => (shape.kind === 'enum' ? [...shape.toGraphQL.keys()] : []));
  expect(wire).toEqual([
    ['"1"', '"2"'],
    ['1', '2'],
  ]);
});

test('enums of booleans, of nothing and of objects are no enums', async () => {
  const description = await describeDocument(
    answering({
      type: 'object',
      properties: { yes: { type: 'boolean', enum: [true] }, none: { enum: [null] }, odd: { enum: [{ a: 1 }] } },
    }),
  );
  expect(fieldType(description, 'ShopGetThingResponse', 'yes')).toBe('Boolean');
  expect(fieldType(description, 'ShopGetThingResponse', 'none')).toBe('JSON');
  expect(fieldType(description, 'ShopGetThingResponse', 'odd')).toBe('JSON');
});

test('an enum too large to read is text', async () => {
  const values = Array.from({ length: 3_000 }, (_, index) => `v${index}`);
  const description = await describeDocument(
    answering({ type: 'object', properties: { it: { type: 'string', enum: values } } }),
  );
  expect(fieldType(description, 'ShopGetThingResponse', 'it')).toBe('String');
});

test('an enum is one type in answers and arguments', async () => {
  const paths = {
    '/x': {
      get: {
        operationId: 'x',
        parameters: [{ name: 's', in: 'query', schema: ref('S') }],
        responses: { 200: { content: { 'application/json': { schema: ref('S') } } } },
      },
    },
  };
  const description = await describeDocument(openapi(paths, { S: { type: 'string', enum: ['a', 'b'] } }));
  expect(typeOf(description, 'ShopQuery')).toContain('x(s: ShopS): ShopS');
  expect(kindsOf(description)).toEqual([]);
});

test('a list of fixed values written as oneOf is an enum', async () => {
  const description = await describeDocument(
    answering({
      type: 'object',
      properties: { it: { oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }, { type: 'null' }] } },
    }),
  );
  expect(typeOf(description, 'ShopGetThingResponseIt')).toBe('enum ShopGetThingResponseIt {\n  a\n  b\n}');
});
