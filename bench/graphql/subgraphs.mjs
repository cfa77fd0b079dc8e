/** The schemas of the two upstreams, as subgraphs for a supergraph and as what the services serve. */
import { buildSchema } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

const SUBGRAPHS = {
  products: `
    type Query {
      products(first: Int! = 10, after: Int! = 0): [Product!]!
      productsByIds(ids: [ID!]!): [Product]!
    }
    type Product @key(fields: "id") { id: ID! name: String! sku: String! price: Float! brand: String! }
  `,
  stock: `
    type Query { stockByIds(ids: [ID!]!): [Product]! }
    type Product @key(fields: "id") { id: ID! inStock: Int! rating: Float! }
  `,
};

export const SERVICES = Object.keys(SUBGRAPHS);

/** As composition takes it. */
export const sdlOf = (name) => `${LINK}\n${SUBGRAPHS[name]}`;

/** What Federation asks of a service besides its own types. */
const FEDERATION = `
  directive @key(fields: String!) repeatable on OBJECT
  scalar _Any
  union _Entity = Product
  type _Service { sdl: String! }
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
`;

const productAt = (index) => ({
  __typename: 'Product',
  id: String(index),
  name: `Product ${index} of the catalogue`,
  sku: `SKU-${index}-${(index * 7919) % 100_000}`,
  price: index * 1.25,
  brand: `Brand ${index % 40}`,
});
const stockOf = (id) => ({ __typename: 'Product', id, inStock: Number(id) % 17, rating: (Number(id) % 50) / 10 });

const FIELDS = {
  products: {
    products: ({ first, after }) => Array.from({ length: first }, (_, index) => productAt(after + index + 1)),
    productsByIds: ({ ids }) => ids.map((id) => productAt(Number(id))),
  },
  stock: { stockByIds: ({ ids }) => ids.map(stockOf) },
};
const ENTITY = { products: ({ id }) => productAt(Number(id)), stock: ({ id }) => stockOf(id) };

export function buildSubgraph(name) {
  return {
    schema: buildSchema(SUBGRAPHS[name] + FEDERATION),
    rootValue: {
      ...FIELDS[name],
      _entities: ({ representations }) => representations.map(ENTITY[name]),
      _service: { sdl: sdlOf(name) },
    },
  };
}
