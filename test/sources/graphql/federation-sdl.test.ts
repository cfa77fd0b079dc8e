import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const PRODUCTS = `
  type Product @key(fields: "upc") { upc: String! name: String }
  type Query { products: [Product!]! }
`;

/** It has entities, and no field of its own. */
const STOCK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@inaccessible"])
  type Product @key(fields: "upc") { upc: String! stock: Int supplier: Supplier }
  type Supplier @inaccessible { name: String }
`;

interface Reference {
  readonly upc: string;
}

describe('subgraphs that do not tell their schema, given as SDL', () => {
  const closing: (() => Promise<void>)[] = [];
  let gateway: TestGateway;
  let stockUrl: string;

  const subgraph = async (sdl: string, resolvers: Record<string, unknown>): Promise<string> => {
    const server = new ApolloServer({
      schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers } as never]),
      introspection: false,
      plugins: [ApolloServerPluginInlineTraceDisabled()],
    });
    const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
    closing.unshift(() => server.stop());
    return url.replace('localhost', '127.0.0.1');
  };

  beforeAll(async () => {
    gateway = await startTestGateway();
    closing.push(() => gateway.close());
    const product = ({ upc }: Reference) => ({ upc, name: `product ${upc}` });
    const productsUrl = await subgraph(PRODUCTS, {
      Query: { products: () => ['1', '2'].map((upc) => product({ upc })) },
      Product: { __resolveReference: product },
    });
    stockUrl = await subgraph(STOCK, {
      Product: { __resolveReference: ({ upc }: Reference) => ({ upc, stock: Number(upc) * 5 }) },
    });
    await gateway.publish({ name: 'products', visibility: 'PUBLIC', graphql: { url: productsUrl, sdl: PRODUCTS } });
    await gateway.publish({ name: 'stock', visibility: 'PUBLIC', graphql: { url: stockUrl, sdl: STOCK } });
  });

  afterAll(async () => {
    for (const close of closing) await close();
  });

  test('one without fields of its own gives entities', async () => {
    const { data, errors } = await gateway.query('{ products { products { name stock } } }');
    expect(errors).toEqual([]);
    expect(data.products.products).toEqual([
      { name: 'product 1', stock: 5 },
      { name: 'product 2', stock: 10 },
    ]);
  });

  test('the graph has nothing of what is between a subgraph and its supergraph', async () => {
    const { data } = await gateway.query('{ __schema { queryType { fields { name } } types { name } } }');
    const names = (of: readonly { name: string }[]): string[] => of.map(({ name }) => name);
    expect(names(data.__schema.queryType.fields)).not.toContain('stock');
    const types = names(data.__schema.types).filter((name) => !name.startsWith('__'));
    expect(types.filter((name) => /_|Supplier|^Stock/.test(name))).toEqual([]);
    expect(types).toContain('Product');
  });

  test('_entities is no operation that is listed or linked to, and has a policy all the same', async () => {
    const { data } = await gateway.admin(
      '{ products: source(name: "products") { operations { name } } stock: source(name: "stock") { operations { name } } }',
    );
    expect(data).toEqual({ products: { operations: [{ name: 'products' }] }, stock: { operations: [] } });
    const set = await gateway.admin(
      'mutation { setPolicy(source: "stock", operation: "_entities", policy: { retries: 1 }) { name } }',
    );
    expect(set.errors).toEqual([]);
    const link = await gateway.admin(`mutation { addLink(input: {
      source: "products", type: "Product", field: "more", operation: "_entities", target: "stock",
      arguments: [{ name: "representations", value: [] }]
    }) { id } }`);
    expect(link.errors[0]?.extensions.problems).toEqual([
      { path: expect.stringContaining('operation'), message: 'Expected an operation of stock; got "_entities".' },
    ]);
  });

  test("the owner's word about a type goes before the subgraph's", async () => {
    const sdl = `${STOCK} type Shelf @key(fields: "id") { id: ID! }`;
    const { data, errors } = await gateway.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { revisions { sdl warnings { kind } } } }',
      { input: { name: 'shelves', graphql: { url: stockUrl, sdl, entities: [{ type: 'Product', key: ['upc'] }] } } },
    );
    expect(errors).toEqual([]);
    const [revision] = data.registerSource.revisions;
    expect(revision.warnings).toEqual([{ kind: 'NOT_COMPARED' }]);
    expect(revision.sdl.match(/^type \w+/gm)).toEqual(['type Product', 'type Shelf']);
  });

  test('a key that is none is refused', async () => {
    const { errors } = await gateway.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
      { input: { name: 'broken', graphql: { url: stockUrl, sdl: 'type A @key(fields: "{") { id: ID }' } } },
    );
    expect(errors[0]?.extensions.problems).toEqual([
      { path: 'input.graphql.sdl', message: expect.stringContaining('Expected @key to have fields') },
    ]);
  });
});
