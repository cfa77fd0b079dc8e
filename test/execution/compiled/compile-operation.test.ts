import { describe, expect, test } from '@jest/globals';
import { buildSchema, type ExecutionResult, execute, getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import { compileOperation } from '../../../src/execution/compiled/compile-operation.ts';
import { PETSTORE_SDL } from '../../schema/graph/fake-member.ts';

function compile(sdl: string, source: string) {
  const schema = buildSchema(sdl);
  const document = parse(source);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('no operation');
  return { schema, document, compiled: compileOperation(schema, document, operation) };
}

const json = (result: ExecutionResult): unknown => JSON.parse(JSON.stringify(result));

describe('a compiled operation', () => {
  test('answers introspection as graphql-js does', async () => {
    const { schema, document, compiled } = compile(PETSTORE_SDL, getIntrospectionQuery());
    expect(json(await compiled.run({}, {}))).toEqual(json(await execute({ schema, document })));
  });

  test('has a plan for each combination of conditions, and any number of them', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const source = `query (${names.map((n) => `$${n}: Boolean!`).join()}) { ${names
      .map((n) => `${n}: __typename @include(if: $${n})`)
      .join(' ')} }`;
    const { compiled } = compile('type Query { x: Int }', source);
    for (let round = 0; round < 2; round++) {
      for (let bits = 0; bits < 32; bits++) {
        const variables = Object.fromEntries(names.map((n, i) => [n, (bits & (1 << i)) !== 0]));
        const { data } = await compiled.run({}, variables);
        expect(Object.keys(data ?? {})).toEqual(names.filter((n) => variables[n]));
      }
    }
  });

  test('keeps runs apart that are under way at the same time', async () => {
    const { schema, compiled } = compile('type Query { a(n: Int!): Int  b: Int! }', 'query ($n: Int!) { a(n: $n) }');
    const field = schema.getQueryType()?.getFields().a;
    if (field === undefined) throw new Error('missing');
    field.resolve = async (_, { n }, context) => {
      await Promise.resolve();
      if (n === context) throw new Error(`not ${n}`);
      return n;
    };
    const results = await Promise.all([1, 2, 3].map((n) => compiled.run(2, { n })));
    expect(results.map(({ data, errors }) => [data?.a, errors?.length])).toEqual([
      [1, undefined],
      [null, 1],
      [3, undefined],
    ]);
  });

  test('leaves no rejection unhandled when an item ends its list before others have failed', async () => {
    const { schema, compiled } = compile('type Query { a: [Int!] }', '{ a }');
    const field = schema.getQueryType()?.getFields().a;
    if (field === undefined) throw new Error('missing');
    field.resolve = () => [Promise.reject(new Error('late')), null];
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const result = await compiled.run({}, {});
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(json(result)).toMatchObject({ data: { a: null }, errors: [{ path: ['a', 1] }] });
    expect(unhandled).toEqual([]);
  });

  test('takes string literals for nothing but strings', async () => {
    // A code generator that pastes literals into its output could be made to run this.
    const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d1),y:globalThis.WEIR_RAN_THIS=(1';
    const { schema, compiled } = compile('type Query { a(x: String): String }', `{ a(x: ${JSON.stringify(marker)}) }`);
    const field = schema.getQueryType()?.getFields().a;
    if (field === undefined) throw new Error('missing');
    field.resolve = (_, { x }) => x;
    expect((await compiled.run({}, {})).data).toEqual({ a: marker });
    expect(globalThis).not.toHaveProperty('WEIR_RAN_THIS');
  });

  test('a document whose fragments share one selection is planned no larger than it is', async () => {
    // Ten levels of ten fields, each with the same fragment: unfolded, ten thousand million fields.
    const fields = Array.from({ length: 10 }, (_, i) => `f${i}`);
    const sdl = `type Query { n: N } type N { ${fields.map((f) => `${f}: N`).join(' ')} leaf: Int }`;
    const levels = Array.from(
      { length: 10 },
      (_, level) => `fragment F${level} on N { ${fields.map((f) => `${f} { ...F${level + 1} }`).join(' ')} }`,
    );
    const { schema, compiled } = compile(sdl, `{ n { ...F0 } } ${levels.join(' ')} fragment F10 on N { leaf }`);
    // One branch is there: ten objects deep.
    let depth = 0;
    for (const type of ['Query', 'N']) {
      const fieldsOf = (schema.getType(type) as ReturnType<typeof schema.getQueryType>)?.getFields() ?? {};
      for (const field of Object.values(fieldsOf)) {
        field.resolve = () => (field.name === 'n' || (field.name === 'f3' && depth++ < 10) ? {} : null);
      }
    }
    const { data } = await compiled.run({}, {});
    expect(JSON.stringify(data).match(/"f3":\{/g)).toHaveLength(10);
  });
});
