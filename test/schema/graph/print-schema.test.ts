import { describe, expect, test } from '@jest/globals';
import { buildSchema, printSchema } from 'graphql';
import { printInTurns } from '../../../src/schema/index.ts';

const THINGS = `
  """A thing."""
  interface Thing { id: ID! @deprecated(reason: "gone") }
  type Book implements Thing { id: ID! pages(from: Int = 1, filter: Filter): [Int!] }
  union Either = Book | Film
  type Film { kind: Kind! at: Date @deprecated }
  enum Kind { LONG SHORT }
  scalar Date @specifiedBy(url: "https://example.com/date")
  input Filter { text: String = "a" not: Filter }
`;

describe('printing in turns', () => {
  test.each([
    ['usual roots', `type Query { one: Either } type Mutation { add(book: Filter!): Book } ${THINGS}`],
    ['roots of other names', `schema { query: A mutation: B } type A { one: Either } type B { two: Int } ${THINGS}`],
    ['one usual root, one not', `schema { query: Query mutation: B } type Query { one: Int } type B { two: Int }`],
    ['no mutations', 'schema { query: Other } type Other { one: Int }'],
    [
      'a type of very many fields',
      `type Query implements A { ${Array.from({ length: 1234 }, (_, i) => `"""What ${i} is."""\n f${i}(a: Int): Int`).join(' ')} } interface A { f1(a: Int): Int }`,
    ],
    [
      'the same, described',
      `"""Many { fields\n}""" type Query { ${Array.from({ length: 1000 }, (_, i) => `f${i}: Int`).join(' ')} }`,
    ],
    ['a description', `"""All.""" schema { query: Query } type Query { one: Int }`],
    ['a directive of its own', 'directive @mine on FIELD type Query { one: Int }'],
  ])('gives the text that printSchema gives: %s', async (_, sdl) => {
    const schema = buildSchema(sdl);
    await expect(printInTurns(schema)).resolves.toBe(printSchema(schema));
  });
});
