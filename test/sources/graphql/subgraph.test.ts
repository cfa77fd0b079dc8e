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

  test('warns of what is not heard, and where', () => {
    const subgraph = given(`
      interface Media @key(fields: "id") @key(fields: "isbn org { id }") { id: ID! isbn: ID! org: Org }
      type Org { id: ID! hidden: ID! @inaccessible tags: [String] }
      type Book implements Media @key(fields: "id") @key(fields: " org{id},isbn ") @policy(policies: [["a"]]) {
        id: ID! isbn: ID! org: Org price: Int @authenticated
      }
      type Film implements Media @key(fields: "id") @key(fields: "org { hidden }") @key(fields: "org { tags }") {
        id: ID! isbn: ID! org: Org
      }
      type Shelf @key(fields: "id") @interfaceObject { id: ID! books(at: Int @fromContext(field: "$a b")): [Book] }
      type Part { a: Int @override(from: "stock") }
      type Query { b: Int @override(from: "stock") film: Film }
    `);
    expect(subgraph?.entities.map(({ type, key }) => [type, ...key])).toEqual([
      ['Book', 'id'],
      ['Book', 'org.id', 'isbn'],
      ['Film', 'id'],
      ['Shelf', 'id'],
      ['Org', 'id'],
    ]);
    expect(subgraph?.relations).toMatchObject({
      keyedInterfaces: [{ name: 'Media', types: ['Book', 'Film'] }],
      interfaceObjects: ['Shelf'],
    });
    expect(subgraph?.relations.overrides).toEqual([]);
    const warned = subgraph?.warnings.map(({ kind, path, message }) => `${kind} ${path}: ${message}`) ?? [];
    expect(
      warned.map((text) => text.replace('FEDERATION_NOT_HEARD ', '').replace(/ is (?:not )?heard.*/s, '')),
    ).toEqual([
      'Film: @key(fields: "org.hidden")',
      'Film: @key(fields: "org.tags")',
      'Part.a: @override',
      'Query.b: @override',
      'Media: @key(fields: "isbn org.id")',
      'Book: @policy',
      'Book.price: @authenticated',
      'Shelf: @interfaceObject',
      'Shelf.books(at:): @fromContext',
    ]);
    expect(warned[0]).toContain('it takes Org.hidden, which is @inaccessible.');
    expect(warned[1]).toContain('it takes Org.tags, which is a list.');
    expect(warned[4]).toContain('is not heard for Film:');
  });

  test('leaves out fields whose needs it cannot hand over: their values would be wrong', () => {
    const subgraph = given(`
      type Book @key(fields: "id") {
        id: ID! prices: [Price!] @external size(unit: String): Int @external media: Media @external
        a: Int @requires(fields: "prices { amount }")
        b: Int @requires(fields: "size(unit: \\"cm\\")")
        c: Int @requires(fields: "media { ... on Film { id } }")
        d: Int @requires(fields: "tags")
        tags: [String] @external
      }
      type Price @external { amount: Int }
      interface Media { id: ID! }
      type Film implements Media { id: ID! }
    `);
    expect(subgraph?.entities.map(({ fields }) => fields)).toEqual([['id'], ['d']]);
    expect(subgraph?.sdl).toMatch('type Book { id: ID! d: Int }');
    expect(subgraph?.warnings.map(({ path, message }) => `${path} ${message.replace(/.*its field set/, '')}`)).toEqual([
      'Book.a  leads through the list Book.prices.',
      'Book.b  gives Book.size arguments.',
      'Book.c  leads through Media, which is no object type.',
    ]);
  });

  test('keeps what is external where it is part of a key, however deep', () => {
    const subgraph = given(`
      extend type User @key(fields: "org { id }") { org: Org @external name: String @external points: Int }
      extend type Org { id: ID! @external name: String @external }
      type Whole @key(fields: "id") @external { id: ID! name: String }
    `);
    expect(subgraph?.sdl).toMatch('type User { org: Org points: Int } type Org { id: ID! } type Whole { id: ID! }');
  });

  test('says which fields it takes over', () => {
    const subgraph = given(`
      type Book @key(fields: "id") {
        id: ID! @override(from: "stock")
        price: Int @override(from: "stock")
        cost: Int @override(from: "stock", label: "percent(5)")
      }
    `);
    expect(subgraph?.relations.overrides).toEqual([{ type: 'Book', field: 'price', from: 'stock' }]);
    expect(subgraph?.warnings.map(({ path }) => path)).toEqual(['Book.id', 'Book.cost']);
    expect(subgraph?.warnings[1]?.message).toContain('a label ("percent(5)")');
  });

  test('is a subgraph by its directives alone', () => {
    expect(given('type Query { a: Int }')).toBeUndefined();
    expect(given('directive @key on OBJECT type Query @key { a: Int }')).toBeUndefined();
    expect(() => given('type A @key(fields: "{") { id: ID }')).toThrow('Syntax Error');
  });
});

describe('names that a subgraph gives by @link', () => {
  const read = (sdl: string) => {
    const subgraph = givenSubgraph(parse(sdl));
    return subgraph && { entities: subgraph.entities, sdl: print(subgraph.document).replace(/\s+/g, ' ') };
  };
  const entities = (sdl: string) => read(sdl)?.entities.map(({ type, key }) => `${type} ${key.join(' ')}`);

  test('are those of their imports', () => {
    const sdl = `
      extend schema @link(
        url: "https://specs.apollo.dev/federation/v2.7"
        import: [{ name: "@key", as: "@primaryKey" }, "@shareable", { name: "FieldSet", as: "Keys" }, { name: "@inaccessible" }]
      )
      directive @primaryKey(fields: Keys!, resolvable: Boolean) repeatable on OBJECT
      scalar Keys
      type Query { a: A }
      type A @primaryKey(fields: "id") { id: ID! @shareable hidden: Int @inaccessible far: Int @federation__external }
    `;
    expect(entities(sdl)).toEqual(['A id']);
    expect(read(sdl)?.sdl).toMatch(
      /^type Query \{ a: A _entities\(representations: \[_Any!\]!\): \[_Entity\]! \} type A \{ id: ID! \} scalar _Any/,
    );
  });

  test('stand under the name of the specification, or under another prefix', () => {
    const of = (link: string, key: string) =>
      entities(`extend schema ${link} type A ${key}(fields: "id") { id: ID! } type Query { a: A }`);
    const federation = 'url: "https://specs.apollo.dev/federation/v2.0"';
    expect(of(`@link(${federation})`, '@federation__key')).toEqual(['A id']);
    expect(of(`@link(${federation}, as: "fed")`, '@fed__key')).toEqual(['A id']);
    expect(
      of(
        `@knot(url: "https://specs.apollo.dev/link/v1.0", as: "knot") @knot(${federation}, as: "f", import: ["@shareable"])`,
        '@f__key',
      ),
    ).toEqual(['A id']);
    expect(
      of(`@link(url: "https://specs.apollo.dev/link/v1.0") @link(${federation}, import: ["@key"])`, '@key'),
    ).toEqual(['A id']);
  });

  test("that are the subgraph's own mean nothing to Weir", () => {
    const sdl = `
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.0", import: [{ name: "@key", as: "@entity" }])
        @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "secret")
        @link(url: "https://example.com/key/v1.0", import: ["@tag"])
      directive @key(fields: String) on OBJECT
      directive @tag(name: String) on FIELD_DEFINITION
      type A @entity(fields: "id") { id: ID! @tag(name: "x") no: Int @secret }
      type B @key(fields: "id") { id: ID! }
      type Query { a: A b: B }
    `;
    expect(entities(sdl)).toEqual(['A id']);
    expect(read(sdl)?.sdl).toMatch('type A { id: ID! } type B { id: ID! }');
  });
});
