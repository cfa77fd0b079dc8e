import { describe, expect, test } from '@jest/globals';
import { buildSchema, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { diffSchemas } from '../../../src/schema/index.ts';

const told = async (before: string, after: string): Promise<string[]> =>
  (await diffSchemas(before, after)).map(({ criticality, path }) => `${criticality} ${path}`);

describe('diffSchemas', () => {
  test.each([
    ['a field goes', 'type Query { a: Int b: Int }', 'type Query { a: Int }', ['BREAKING Query.b']],
    ['a field comes', 'type Query { a: Int }', 'type Query { a: Int b(x: Int!): Int }', ['SAFE Query.b']],
    ['a type changes', 'type Query { a: Int }', 'type Query { a: String }', ['BREAKING Query.a']],
    ['an answer gets surer', 'type Query { a: Int }', 'type Query { a: Int! }', ['SAFE Query.a']],
    ['an answer gets less sure', 'type Query { a: Int! }', 'type Query { a: Int }', ['BREAKING Query.a']],
    ['a required argument', 'type Query { a: Int }', 'type Query { a(x: Int!): Int }', ['BREAKING Query.a.x']],
    ['an argument of choice', 'type Query { a: Int }', 'type Query { a(x: Int): Int }', ['DANGEROUS Query.a.x']],
    ['a default', 'type Query { a(x: Int = 1): Int }', 'type Query { a(x: Int = 2): Int }', ['DANGEROUS Query.a.x']],
    [
      'an enum grows and shrinks',
      'type Query { a: E } enum E { A B }',
      'type Query { a: E } enum E { A C }',
      ['BREAKING E.B', 'DANGEROUS E.C'],
    ],
    [
      'a required input field',
      'type Query { a(i: I): Int } input I { x: Int }',
      'type Query { a(i: I): Int } input I { x: Int y: Int! }',
      ['BREAKING I.y'],
    ],
    [
      'deprecation comes',
      'type Query { a: Int }',
      'type Query { a: Int @deprecated(reason: "old") }',
      ['SAFE Query.a'],
    ],
    ['deprecation goes', 'type Query { a: Int @deprecated(reason: "old") }', 'type Query { a: Int }', ['SAFE Query.a']],
    [
      'a deprecated field goes all the same',
      'type Query { a: Int b: Int @deprecated }',
      'type Query { a: Int }',
      ['BREAKING Query.b'],
    ],
    [
      'a first description hides no change',
      'type Query { a: Int }',
      'type Query { "described" a: String }',
      ['BREAKING Query.a', 'SAFE Query.a'],
    ],
    [
      'a new type is told once',
      'type Query { a: Int }',
      'type Query { a: Int } "d" type T { "e" x(y: Int!): Int }',
      ['SAFE T'],
    ],
    ['nothing', 'type Query { a: Int }', 'type Query { a: Int }', []],
    ['from nothing', '', 'type Query { a: Int }', ['SAFE undefined', 'SAFE Query']],
  ])('%s', async (_, before, after, expected) => {
    expect(await told(before, after)).toEqual(expected);
  });

  test('a schema and its own text do not differ, deprecated fields included', async () => {
    const text = 'type Query {\n  a: String @deprecated(reason: "old")\n}';
    const fields = { a: { type: GraphQLString, deprecationReason: 'old' } };
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
    expect(await diffSchemas(schema, text)).toEqual([]);
    expect(await diffSchemas(text, schema)).toEqual([]);
    expect(await diffSchemas(buildSchema(text), schema)).toEqual([]);
  });

  test('large schemas come to the same, compared in another thread', async () => {
    const types = (count: number, field: string): string =>
      Array.from({ length: count }, (_, i) => `type T${i} { id: ID ${field}: Int next: T${(i + 1) % count} }`).join(
        ' ',
      );
    const before = `type Query { a: T0 } ${types(300, 'size')}`;
    const after = `type Query { a: T0 b: Int } ${types(300, 'size')} type More { x: Int }`.replace('size: Int', '');
    const wanted = ['BREAKING T0.size', 'SAFE More', 'SAFE Query.b'];
    expect((await told(before, after)).sort()).toEqual(wanted);
    const changes = await diffSchemas(buildSchema(before), buildSchema(after));
    expect(changes.map(({ criticality, path }) => `${criticality} ${path}`).sort()).toEqual(wanted);
  });

  test('a large text that is no schema is refused', async () => {
    await expect(
      diffSchemas('type Query { a: Int }', `type Query { a: Int } # ${'x'.repeat(200_000)} \n }`),
    ).rejects.toThrow('Syntax Error');
  });
});
