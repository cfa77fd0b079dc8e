import { describe, expect, test } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, graphqlSync, isAbstractType, printSchema, validateSchema } from 'graphql';
import { SchemaOfTypes } from '../../../src/schema/graph/schema-of-types.ts';

const WHOLE = buildSchema(`
  type Query { one: Either thing: Thing }
  type Mutation { add(book: Filter!): Book }
  type Subscription { printed: Book }
  interface Thing { id: ID! }
  interface Paper implements Thing { id: ID! }
  type Book implements Thing & Paper { id: ID! pages(from: Int): [Int!] }
  type Film implements Thing { id: ID! length: Float }
  union Either = Book | Film
  input Filter { text: String = "a" not: Filter }
`);

const ofTypes = (): SchemaOfTypes => {
  const types = Object.values(WHOLE.getTypeMap()).filter(
    ({ name }) => !['Query', 'Mutation', 'Subscription'].includes(name),
  );
  return new SchemaOfTypes(
    {
      query: WHOLE.getQueryType() ?? undefined,
      mutation: WHOLE.getMutationType() ?? undefined,
      subscription: WHOLE.getSubscriptionType() ?? undefined,
    },
    types,
  );
};

describe('a schema of known types', () => {
  test('says the same of itself as the schema whose types they are', () => {
    const schema = ofTypes();
    expect(printSchema(schema)).toBe(printSchema(WHOLE));
    const sorted = (one: typeof schema | typeof WHOLE): unknown => {
      const { data } = graphqlSync({ schema: one, source: getIntrospectionQuery() });
      const { types, ...rest } = (data as { __schema: { types: { name: string }[] } }).__schema;
      return { ...rest, types: types.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    };
    expect(sorted(schema)).toEqual(sorted(WHOLE));
    expect(validateSchema(schema)).toEqual([]);
  });

  test('knows what stands for an abstract type', () => {
    const schema = ofTypes();
    for (const type of Object.values(WHOLE.getTypeMap()).filter((one) => isAbstractType(one))) {
      expect(schema.getPossibleTypes(type)).toEqual(WHOLE.getPossibleTypes(type));
      for (const member of Object.values(WHOLE.getTypeMap())) {
        if (!('getInterfaces' in member)) continue;
        expect(schema.isSubType(type, member)).toBe(WHOLE.isSubType(type, member));
      }
    }
  });

  test('without roots it has none', () => {
    const schema = new SchemaOfTypes({ query: undefined, mutation: undefined, subscription: undefined }, []);
    expect([schema.getQueryType(), schema.getMutationType(), printSchema(schema)]).toEqual([undefined, undefined, '']);
  });
});
