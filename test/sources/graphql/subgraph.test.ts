import { describe, expect, test } from '@jest/globals';
import { parse, print } from 'graphql';
import { givenSubgraph } from '../../../src/sources/graphql/federation/given-subgraph.ts';
import { readSubgraph } from '../../../src/sources/graphql/federation/subgraph.ts';

const batch = { argument: 'representations', max: 100, position: true };
const by = (typename: string, ...fields: string[]) => [{ name: 'representations', from: 'FIELDS', fields, typename }];
const read = (sdl: string) => readSubgraph(parse(sdl));

describe('the SDL of a subgraph', () => {
  test('of version 1: extended types, keys that are external', () => {
    const { entities, withheld } = read(`
      extend type Product @key(fields: "upc") {
        upc: String! @external
        weight: Int @external
        shipping: Int @requires(fields: "weight size { width }")
        size: Size @external
        reviews: [Int]
      }
      type Size { width: Int }
    `);
    expect(entities).toEqual([
      {
        type: 'Product',
        key: ['upc'],
        fields: ['upc', 'reviews'],
        operation: '_entities',
        arguments: by('Product', 'upc'),
        batch,
      },
      {
        type: 'Product',
        key: ['upc'],
        fields: ['shipping'],
        operation: '_entities',
        arguments: by('Product', 'upc', 'weight', 'size.width'),
        batch,
      },
    ]);
    expect([...withheld]).toEqual(['Product.weight', 'Product.size']);
  });

  test('of version 2: several keys, composite ones, names that are not imported, references', () => {
    const { entities, withheld } = read(`
      type User @key(fields: "id") @federation__key(fields: "email org { id }") {
        id: ID! email: String org: Org secret: Int @federation__inaccessible
      }
      type Org @key(fields: "id", resolvable: false) { id: ID! }
      type Query { me: User }
    `);
    expect(entities.map(({ type, key, operation, fields }) => [type, key, operation, fields])).toEqual([
      ['User', ['id'], '_entities', ['id', 'email', 'org']],
      ['User', ['email', 'org.id'], '_entities', ['id', 'email', 'org']],
      ['Org', ['id'], undefined, undefined],
    ]);
    expect([...withheld]).toEqual(['User.secret']);
  });

  test('that is none is refused', () => {
    expect(() => read('type A @key(fields: "{") { id: ID }')).toThrow('Syntax Error');
  });
});

describe('the SDL of a subgraph, given by its owner', () => {
  const given = (sdl: string) => {
    const subgraph = givenSubgraph(parse(sdl));
    return subgraph && { ...subgraph, sdl: print(subgraph.document).replace(/\s+/g, ' ') };
  };

  test('becomes what the service shows: extensions are types, with the field that gives entities', () => {
    expect(
      given(`
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
        directive @key(fields: String!) on OBJECT
        scalar _FieldSet
        extend type Product @key(fields: "upc") { upc: String! @external }
        extend type Product { stock: Int @shareable weight: Int @external }
      `)?.sdl,
    ).toBe(
      'type Product { upc: String! stock: Int } ' +
        'type Query { _entities(representations: [_Any!]!): [_Entity]! } scalar _Any union _Entity = Product',
    );
    expect(
      given(`
        schema { query: Root }
        type Root { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! item: Item }
        type _Service { sdl: String }
        scalar _Any
        union _Entity = Item
        type Item @key(fields: "id") { id: ID! }
      `)?.sdl,
    ).toBe(
      'schema { query: Root } type Root { item: Item _entities(representations: [_Any!]!): [_Entity]! } ' +
        'type Item { id: ID! } scalar _Any union _Entity = Item',
    );
  });

  test('shows nothing that is inaccessible, nor what refers to it', () => {
    expect(
      given(`
        type Query { item(old: Int @inaccessible, by: Filter, kind: Kind): Item any: Any secret: Secret list: [Secret!]! }
        type Item @key(fields: "id") { id: ID! }
        type Secret implements Node @inaccessible { id: ID! }
        interface Node { id: ID! }
        interface Hidden { id: ID! @inaccessible }
        union Any = Item | Secret
        union Gone = Secret
        input Filter { a: Int b: Int @inaccessible c: Inner }
        input Inner @inaccessible { a: Int }
        enum Kind { A B @inaccessible }
      `)?.sdl,
    ).toBe(
      'type Query { item(by: Filter, kind: Kind): Item any: Any _entities(representations: [_Any!]!): [_Entity]! } ' +
        'type Item { id: ID! } interface Node { id: ID! } union Any = Item input Filter { a: Int } enum Kind { A } ' +
        'scalar _Any union _Entity = Item',
    );
  });

  test('warns of what is not heard', () => {
    const subgraph = given(`
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! price: Int @override(from: "stock") }
      type Shelf @key(fields: "id") @interfaceObject { id: ID! books: [Book] }
    `);
    expect(subgraph?.entities.map(({ type }) => type)).toEqual(['Book']);
    expect(subgraph?.warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'FEDERATION_NOT_HEARD Media',
      'FEDERATION_NOT_HEARD Book.price',
      'FEDERATION_NOT_HEARD Shelf',
    ]);
  });

  test('is a subgraph by its directives alone', () => {
    expect(given('type Query { a: Int }')).toBeUndefined();
    expect(given('directive @key on OBJECT type Query @key { a: Int }')).toBeUndefined();
    expect(() => given('type A @key(fields: "{") { id: ID }')).toThrow('Syntax Error');
  });
});
