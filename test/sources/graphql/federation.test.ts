import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

interface Reference {
  readonly upc: string;
  readonly weight?: number;
}

const PRODUCTS = {
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@inaccessible"])
    type Product @key(fields: "upc") { upc: String! name: String weight: Int cost: Int @inaccessible }
    type Query { product(upc: String!): Product products: [Product!]! }
  `),
  resolvers: {
    Query: {
      product: (_: unknown, { upc }: Reference) => product(upc),
      products: () => ['1', '2', '3'].map(product),
    },
    Product: { __resolveReference: ({ upc }: Reference) => (upc === 'none' ? null : product(upc)) },
  },
};

const REVIEWS = {
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
    type Review @key(fields: "id") { id: ID! text: String! product: Product }
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      reviews: [Review!]!
      shipping: Int @requires(fields: "weight")
    }
    type Query { review(id: ID!): Review reviews: [Review!]! }
  `),
  resolvers: {
    Query: {
      review: (_: unknown, { id }: { id: string }) => review(id),
      reviews: () => ['1', '2', 'none'].map(review),
    },
    Review: { __resolveReference: ({ id }: { id: string }) => review(id) },
    Product: {
      __resolveReference: (reference: Reference) => reference,
      reviews: ({ upc }: Reference) => [review(upc)],
      shipping: ({ weight }: Reference) => (weight === undefined ? null : weight * 10),
    },
  },
};

const product = (upc: string) => ({ upc, name: `product ${upc}`, weight: Number(upc), cost: 5 });
const review = (id: string) => ({ id, text: `review ${id}`, product: { upc: id } });

describe('subgraphs of Apollo Federation, registered as they are', () => {
  const closing: (() => Promise<void>)[] = [];
  const sent: Record<'products' | 'reviews', string[]> = { products: [], reviews: [] };
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startTestGateway();
    closing.push(() => gateway.close());
    for (const [name, modules] of [
      ['products', PRODUCTS],
      ['reviews', REVIEWS],
    ] as const) {
      const server = new ApolloServer({
        schema: buildSubgraphSchema([modules as never]),
        plugins: [ApolloServerPluginInlineTraceDisabled()],
      });
      const { url } = await startStandaloneServer(server, {
        listen: { port: 0, host: '127.0.0.1' },
        context: async ({ req }) => {
          const { query } = (req as unknown as { body: { query: string } }).body;
          if (query.includes('f0:')) sent[name].push(query);
          return {};
        },
      });
      closing.unshift(() => server.stop());
      const graphql = { url: url.replace('localhost', '127.0.0.1') };
      await gateway.publish({ name, visibility: 'PUBLIC', graphql });
    }
  });

  beforeEach(() => {
    sent.products = [];
    sent.reviews = [];
  });

  afterAll(async () => {
    for (const close of closing) await close();
  });

  const query = async (text: string): Promise<unknown> => {
    const { data, errors } = await gateway.query(text);
    expect(errors).toEqual([]);
    return data;
  };

  test('fields of the other subgraph are one request for a whole list', async () => {
    expect(await query('{ products { products { name reviews { text } } } }')).toEqual({
      products: {
        products: ['1', '2', '3'].map((n) => ({ name: `product ${n}`, reviews: [{ text: `review ${n}` }] })),
      },
    });
    expect([sent.products.length, sent.reviews.length]).toEqual([1, 1]);
  });

  test('and the other way round; what the other does not know is null', async () => {
    expect(await query('{ reviews { reviews { text product { upc name } } } }')).toEqual({
      reviews: {
        reviews: [
          { text: 'review 1', product: { upc: '1', name: 'product 1' } },
          { text: 'review 2', product: { upc: '2', name: 'product 2' } },
          { text: 'review none', product: expect.objectContaining({ upc: 'none' }) },
        ],
      },
    });
    expect([sent.products.length, sent.reviews.length]).toEqual([1, 1]);
  });

  test('a field of the same subgraph costs no further request', async () => {
    expect(await query('{ products { product(upc: "1") { name } } }')).toEqual({
      products: { product: { name: 'product 1' } },
    });
    expect([sent.products.length, sent.reviews.length]).toEqual([1, 0]);
  });

  test('a field that requires what the other subgraph has is given it', async () => {
    expect(await query('{ products { products { shipping } } }')).toEqual({
      products: { products: [{ shipping: 10 }, { shipping: 20 }, { shipping: 30 }] },
    });
    expect(await query('{ reviews { review(id: "2") { product { shipping } } } }')).toEqual({
      reviews: { review: { product: { shipping: 20 } } },
    });
  });

  test('the service field, external and inaccessible fields do not come from them', async () => {
    const { data } = await gateway.query(
      '{ q: __type(name: "ReviewsQuery") { fields { name } } p: __type(name: "Product") { fields { name } } }',
    );
    const types = await gateway.query('{ __schema { types { name } } }');
    const own = types.data.__schema.types.map(({ name }: { name: string }) => name);
    expect(own.filter((name: string) => /_/.test(name) && !name.startsWith('__'))).toEqual([]);
    const names = (type: { fields: { name: string }[] }) => type.fields.map(({ name }) => name).sort();
    expect(names(data.q)).toEqual(['review', 'reviews']);
    expect(names(data.p)).toEqual(['name', 'reviews', 'shipping', 'upc', 'weight']);
  });
});
