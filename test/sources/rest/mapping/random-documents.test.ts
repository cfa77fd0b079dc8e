import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { printSchema } from 'graphql';
import { prepare } from '../../../../src/sources/rest/document/prepare.ts';
import { describeDocument, type Json } from './support.ts';

/** Names as documents have them: good ones, odd ones, names of things that every object has, and taken ones. */
const name = fc.oneof(
  fc.constantFrom(
    'id',
    'name',
    'a-b',
    'a_b',
    'a.b',
    '__x',
    '',
    '1',
    'constructor',
    '__proto__',
    'toString',
    'ü',
    '→',
    'Query',
    'input',
    'JSON',
  ),
  fc.string({ maxLength: 6 }),
);
const component = fc.constantFrom('A', 'B', 'C', 'a', 'AInput', 'Query', 'DateTime', 'b-c', 'BC');
const junk = fc.constantFrom<unknown>(null, 5, 'text', [], {}, true, false);

const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ $ref: component.map((to) => `#/components/schemas/${to}`) }),
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array', 'null'),
          fc.uniqueArray(fc.constantFrom('string', 'integer', 'null', 'object'), { maxLength: 3 }),
          junk,
        ),
        format: fc.constantFrom('date', 'int64', 'int32', 'binary', 'byte', 'uuid', 'email', 'odd'),
        enum: fc.array(fc.oneof(fc.constantFrom<unknown>('a', 'A b', 1, -1, '', null, true, {}), name), {
          maxLength: 4,
        }),
        const: fc.constantFrom<unknown>('x', 1, null, {}),
        default: fc.constantFrom<unknown>('x', 1, null, {}, []),
        nullable: fc.boolean(),
        readOnly: fc.boolean(),
        writeOnly: fc.boolean(),
        deprecated: fc.boolean(),
        required: fc.array(name, { maxLength: 3 }),
        properties: fc.oneof(fc.dictionary(name, tie('schema'), { maxKeys: 4 }), junk),
        additionalProperties: fc.oneof(tie('schema'), fc.boolean()),
        items: fc.oneof(tie('schema'), junk),
        allOf: fc.array(tie('schema'), { maxLength: 3 }),
        oneOf: fc.array(tie('schema'), { maxLength: 3 }),
        anyOf: fc.array(tie('schema'), { maxLength: 3 }),
        discriminator: fc.constantFrom<unknown>(
          'kind',
          { propertyName: 'kind' },
          { propertyName: 'kind', mapping: { x: 'A', y: '#/components/schemas/B' } },
          5,
        ),
      },
      { requiredKeys: [] },
    ),
    junk,
  ),
}));

const mediaType = fc.constantFrom(
  'application/json',
  '*/*',
  'text/plain',
  'application/xml',
  'image/png',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'nonsense',
);
const content = fc.dictionary(mediaType, fc.oneof(fc.record({ schema }), junk), { maxKeys: 2 });
const parameter = fc.oneof(
  fc.record(
    {
      name,
      in: fc.constantFrom('path', 'query', 'header', 'cookie', 'nowhere'),
      required: fc.boolean(),
      deprecated: fc.boolean(),
      style: fc.constantFrom('form', 'deepObject', 'odd'),
      schema,
      content,
    },
    { requiredKeys: ['name', 'in'] },
  ),
  junk,
);
const status = fc.constantFrom('200', '201', '204', '2XX', 'default', '404');
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        operationId: fc.oneof(fc.constantFrom('get', 'get_it', 'getIt', 'List things', '123', ''), name),
        parameters: fc.oneof(fc.array(parameter, { maxLength: 4 }), junk),
        requestBody: fc.oneof(fc.record({ required: fc.boolean(), content }), junk),
        responses: fc.oneof(fc.dictionary(status, fc.oneof(fc.record({ content }), junk), { maxKeys: 3 }), junk),
        deprecated: fc.boolean(),
        security: junk,
        servers: junk,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: junk },
);
const method = fc.constantFrom('get', 'post', 'put', 'delete', 'head', 'parameters', 'x-odd');
const path = fc.oneof(fc.constantFrom('/a', '/a/{id}', '/a/{b-c}/d.json', '/', 'odd'), name);
const document = fc.record({
  openapi: fc.constantFrom('3.0.3', '3.1.0'),
  paths: fc.dictionary(
    path,
    fc.oneof(
      { weight: 5, arbitrary: fc.dictionary(method, operation, { maxKeys: 4 }) },
      { weight: 1, arbitrary: junk },
    ),
    { minKeys: 1, maxKeys: 4 },
  ),
  components: fc.record({ schemas: fc.dictionary(component, schema, { maxKeys: 6 }) }),
});

describe('whatever a document holds', () => {
  test('it is refused with problems, or its schema is valid, prints and parses, and is the same the next time', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        document,
        fc.constantFrom('LIST' as const, 'JSON' as const),
        fc.constantFrom('shop', ''),
        async (given, maps, namespace) => {
          const text = JSON.stringify(given);
          const prepared = await prepare({ text, url: undefined }, () => Promise.resolve({ failure: 'no network.' }));
          if (!prepared.ok) {
            expect(prepared.problems.length).toBeGreaterThan(0);
            for (const problem of prepared.problems) expect(problem.message).toMatch(/^Expected/);
            return;
          }
          taken++;
          const first = await describeDocument(prepared.document, { maps, namespace });
          const again = await describeDocument(JSON.parse(JSON.stringify(prepared.document)) as Json, {
            maps,
            namespace,
          });
          expect(printSchema(again.schema)).toBe(printSchema(first.schema));
          for (const found of first.operations.values()) {
            const root = found.kind === 'query' ? first.schema.getQueryType() : first.schema.getMutationType();
            const field = root?.getFields()[found.field];
            const wanted = [
              ...found.parameters.map(({ argument }) => argument),
              ...(found.body === undefined ? [] : [found.body.argument]),
            ];
            expect(field?.args.map((argument) => argument.name)).toEqual(wanted);
          }
        },
      ),
      { numRuns: 400 },
    );
    // A test that refuses everything tests nothing.
    expect(taken).toBeGreaterThan(50);
  });
});
