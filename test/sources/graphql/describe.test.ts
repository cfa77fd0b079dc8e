import { describe, expect, test } from '@jest/globals';
import { buildSchema, GraphQLObjectType, lexicographicSortSchema, parse, printSchema, validateSchema } from 'graphql';
import type { GraphQLDefinition } from '../../../src/sources/graphql/index.ts';
import { graphqlKind } from '../../../src/sources/graphql/index.ts';
import { scalarNamed } from '../../../src/sources/index.ts';
import { LIBRARY_SDL, largeSdl } from './support/sdl.ts';

const definition = (sdl: string, namespace = 'shop'): GraphQLDefinition => ({
  sdl,
  url: undefined,
  readWarnings: [],
  endpoints: [{ url: 'http://upstream.test/graphql', priority: 0, weight: 1 }],
  namespace,
  auth: undefined,
  headers: [],
  forwardHeaders: [],
});

const described = (sdl: string, namespace?: string) => graphqlKind.describe(definition(sdl, namespace), 'shop');

describe('the graph of a GraphQL service', () => {
  test('carries over everything of the type system, prefixed', async () => {
    const { schema } = await described(`
      "Any amount." scalar Money @specifiedBy(url: "https://money.example")
      "States." enum State { "It is open." OPEN SHUT @deprecated(reason: "never shut") }
      "Has an id." interface Node { id: ID! }
      interface Named implements Node { id: ID! name: String }
      "One or the other." union Any = Box | Bag
      "A box." type Box implements Node & Named { id: ID! name: String "How many." size(of: State = OPEN, "Old." in: [Int!] = [1] @deprecated(reason: "in what?")): Float! any: [[Any!]!] }
      type Bag { price: Money old: Int @deprecated }
      "Find by." input By @oneOf { id: ID name: String }
      input Filter { states: [State!]! = [OPEN] by: By old: Int @deprecated(reason: "gone") depth: Filter }
      type Query { "The box." box(by: By!, filter: Filter = { states: [SHUT] }): Box! any: Any @deprecated(reason: "box") }
    `);
    expect(validateSchema(schema)).toEqual([]);
    expect(printSchema(lexicographicSortSchema(schema))).toMatchInlineSnapshot(`
     "schema {
       query: ShopQuery
     }

     """One or the other."""
     union ShopAny = ShopBag | ShopBox

     type ShopBag {
       old: Int @deprecated
       price: ShopMoney
     }

     """A box."""
     type ShopBox implements ShopNamed & ShopNode {
       any: [[ShopAny!]!]
       id: ID!
       name: String

       """How many."""
       size(
         """Old."""
         in: [Int!] = [1] @deprecated(reason: "in what?")
         of: ShopState = OPEN
       ): Float!
     }

     """Find by."""
     input ShopBy @oneOf {
       id: ID
       name: String
     }

     input ShopFilter {
       by: ShopBy
       depth: ShopFilter
       old: Int @deprecated(reason: "gone")
       states: [ShopState!]! = [OPEN]
     }

     """Any amount."""
     scalar ShopMoney @specifiedBy(url: "https://money.example")

     interface ShopNamed implements ShopNode {
       id: ID!
       name: String
     }

     """Has an id."""
     interface ShopNode {
       id: ID!
     }

     type ShopQuery {
       any: ShopAny @deprecated(reason: "box")

       """The box."""
       box(by: ShopBy!, filter: ShopFilter = {states: [SHUT]}): ShopBox
     }

     """States."""
     enum ShopState {
       """It is open."""
       OPEN
       SHUT @deprecated(reason: "never shut")
     }"
    `);
  });

  test('each root field is an operation; a mutation of the name of a query is told apart', async () => {
    const { operations } = await described(`
      type Query { item(id: ID!): Int! items: [Int!]! @deprecated(reason: "too many") }
      type Mutation { item(id: ID!, set: Int): Int! drop: Boolean }
    `);
    const summary = [...operations.values()].map((one) => [
      one.name,
      one.kind,
      one.field,
      one.cacheable,
      one.deprecated,
    ]);
    expect(summary).toEqual([
      ['item', 'query', 'item', true, undefined],
      ['items', 'query', 'items', true, 'too many'],
      ['Mutation.item', 'mutation', 'item', false, undefined],
      ['drop', 'mutation', 'drop', false, undefined],
    ]);
  });

  test('only root fields become nullable', async () => {
    const { schema } = await described('type Query { item: Item! items: [Item!]! } type Item { id: ID! of: [Item!]! }');
    expect(printSchema(schema)).toContain('item: ShopItem\n  items: [ShopItem!]\n');
    expect(printSchema(schema)).toContain('id: ID!\n  of: [ShopItem!]!\n');
  });

  test('scalars of the graph are shared when they mean the same', async () => {
    const sdl = `
      scalar DateTime scalar JSON scalar Money
      scalar UUID @specifiedBy(url: "https://uuid.example/another")
      type Query { at: DateTime any: JSON price: Money id: UUID }
    `;
    const { schema } = await described(sdl);
    expect(schema.getType('DateTime')).toBe(scalarNamed('DateTime'));
    expect(schema.getType('JSON')).toBe(scalarNamed('JSON'));
    expect(Object.keys(schema.getTypeMap())).toEqual(expect.arrayContaining(['ShopMoney', 'ShopUUID']));
  });

  test('flat types keep their names, unless the graph has them', async () => {
    const { schema, warnings } = await described(
      'scalar SafeInt type Item { n: SafeInt } type Query { item: Item }',
      '',
    );
    expect(Object.keys(schema.getTypeMap())).toEqual(expect.arrayContaining(['Query', 'Item', 'SafeInt2']));
    expect(warnings).toMatchObject([{ kind: 'RENAMED', path: 'SafeInt' }]);
  });

  test('types never collide with those of the graph, whatever the namespace', async () => {
    const { schema } = await described('type Time { now: Int } type Query { time: Time }', 'date');
    expect(schema.getType('DateTime')).toBeUndefined();
    expect(schema.getType('DateTime2')).toBeInstanceOf(GraphQLObjectType);
  });

  test('fields that lead back to a root lead to a type beside it', async () => {
    const { schema } = await described('schema { query: Root } type Root { item: Item! } type Item { root: Root! }');
    const text = printSchema(schema);
    expect(text).toContain('type ShopQuery {\n  item: ShopItem\n}');
    expect(text).toContain('root: ShopNestedRoot!');
    expect(text).toContain('type ShopNestedRoot {\n  item: ShopItem!\n}');
  });

  test('subscriptions are operations, nullable like every root field', async () => {
    const { schema, operations, warnings } = await described(`
      type Query { found: Int }
      type Subscription { found(by: ID!): Int! changed: Query! @deprecated(reason: "old") }
    `);
    expect(printSchema(schema)).toContain(
      'type ShopSubscription {\n  found(by: ID!): Int\n  changed: ShopNestedQuery @deprecated(reason: "old")\n}',
    );
    expect([...operations.values()].map(({ name, kind, field }) => [name, kind, field])).toEqual([
      ['found', 'query', 'found'],
      ['Subscription.found', 'subscription', 'found'],
      ['changed', 'subscription', 'changed'],
    ]);
    expect(operations.get('changed')).toMatchObject({ deprecated: 'old', cacheable: false, idempotent: false });
    expect(warnings).toEqual([]);
  });

  test('what cannot be carried over is a warning', async () => {
    const { schema, warnings } = await described(`
      scalar Any
      type Query { find(by: Any! = { a: 1 }): Int }
    `);
    expect(warnings.map(({ kind, path }) => [kind, path])).toEqual([['DEFAULT_NOT_SHOWN', 'Query.find.by']]);
    expect(printSchema(schema)).toContain('find(by: ShopAny): Int');
  });

  test('depends on the service, not on the order in which it tells its types', async () => {
    const document = parse(LIBRARY_SDL);
    const reversed = {
      ...document,
      definitions: document.definitions.toReversed(),
    };
    const text = async (sdl: string) => printSchema(lexicographicSortSchema((await described(sdl)).schema));
    const { print } = await import('graphql');
    expect(await text(print(reversed))).toBe(await text(LIBRARY_SDL));
  });

  test('a schema of more than 500 types', async () => {
    const sdl = largeSdl(90);
    const types = Object.keys(buildSchema(sdl).getTypeMap()).filter((name) => !name.startsWith('__'));
    expect(types.length).toBeGreaterThan(500);
    const { schema } = await described(sdl);
    expect(validateSchema(schema)).toEqual([]);
    expect(Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__')).length).toBe(types.length);
  });
});
