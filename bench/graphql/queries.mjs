/**
 * What is asked, at rates that keep the slower gateway busy for a third to a half of its time. Every request has another
 * `after` than those beside it, so that no two in flight are the same.
 */
const PLACES = 64;

export const QUERIES = [
  {
    name: 'flat',
    what: '10 objects with 5 fields of one service',
    query: 'query Flat($after: Int!) { products(first: 10, after: $after) { id name sku price brand } }',
    perSecond: 400,
    requests: 2_000,
    warmUp: { perSecond: 500, requests: 6_000 },
  },
  {
    name: 'entities',
    what: '100 objects with 2 fields of one service and 2 of the other, merged by key',
    query: 'query Merge($after: Int!) { products(first: 100, after: $after) { id name inStock rating } }',
    perSecond: 100,
    requests: 500,
    warmUp: { perSecond: 180, requests: 2_000 },
  },
];

export const variablesOf = (index) => ({ after: (index % PLACES) * 10 });

/** The same without a gateway: what a client would ask of the services themselves, one after the other. */
export const DIRECT = {
  flat: [{ service: 'products', query: QUERIES[0].query }],
  entities: [
    {
      service: 'products',
      query: 'query Merge($after: Int!) { products(first: 100, after: $after) { id name } }',
    },
    {
      service: 'stock',
      query: 'query Stock($ids: [ID!]!) { stockByIds(ids: $ids) { id inStock rating } }',
      variables: ({ products }) => ({ ids: products.map(({ id }) => id) }),
    },
  ],
};
