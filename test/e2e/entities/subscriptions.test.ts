import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSchema } from 'graphql-yoga';
import { startGraphQLWs, type WebSocketUpstream } from '../../sources/graphql/support/subscription-servers.ts';
import { type Library, shopInput, startLibrary } from './support/library.ts';

const SALES = createSchema({
  typeDefs: `
    type Query { ok: Boolean }
    type Subscription { sold: Sale returned: [Book] happened: Happening }
    union Happening = Sale | Book
    type Sale { count: Int book: Book }
    type Book { id: ID }
  `,
  resolvers: {
    Subscription: {
      sold: {
        async *subscribe() {
          for (const id of ['1', '2', '1']) yield { sold: { count: 1, book: { id } } };
        },
      },
      returned: {
        async *subscribe() {
          yield { returned: ['3', null, '4', '3'].map((id) => ({ id })) };
        },
      },
      happened: {
        async *subscribe() {
          yield { happened: { __typename: 'Book', id: '5' } };
          yield { happened: { __typename: 'Sale', count: 2, book: { id: '404' } } };
        },
      },
    },
  },
});

let library: Library;
let sales: WebSocketUpstream;
beforeAll(async () => {
  [library, sales] = await Promise.all([startLibrary(), startGraphQLWs(SALES)]);
  await library.gateway.publish(shopInput(library));
  const entities = [{ type: 'Book', key: ['id'] }];
  await library.gateway.publish({ name: 'sales', visibility: 'PUBLIC', graphql: { url: sales.url, entities } });
});
afterAll(async () => {
  await library.close();
  await sales.close();
});

async function eventsOf(query: string): Promise<readonly unknown[]> {
  const response = await fetch(`${library.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  });
  return [...(await response.text()).matchAll(/data: (\{.*\})/g)].map(([, data = '']) => JSON.parse(data));
}

test('events of a subscription have what other sources know, asked for anew with each', async () => {
  library.shop.take();
  const events = await eventsOf('subscription { salesSold { count book { title } } }');
  expect(events).toEqual(
    ['Dune', 'Emma', 'Dune'].map((title) => ({ data: { salesSold: { count: 1, book: { title } } } })),
  );
  expect(library.shop.take()).toEqual(['GET /books?ids=1', 'GET /books?ids=1', 'GET /books?ids=2']);
});

test('events that are lists are one call, and keys that are null none', async () => {
  library.shop.take();
  expect(await eventsOf('subscription { salesReturned { title } }')).toEqual([
    { data: { salesReturned: [{ title: 'Ulysses' }, { title: null }, { title: 'Momo' }, { title: 'Ulysses' }] } },
  ]);
  expect(library.shop.take()).toEqual(['GET /books?ids=3&ids=4']);
});

test('a source that is down takes its fields of an event alone', async () => {
  const query = `subscription {
    salesHappened { __typename ... on Book { title } ... on SalesSale { count book { title } } }
  }`;
  library.shop.down = true;
  const events = await eventsOf(query);
  library.shop.down = false;
  expect(events).toMatchObject([
    {
      data: { salesHappened: { __typename: 'Book', title: null } },
      errors: [{ path: ['salesHappened', 'title'], extensions: { code: 'UPSTREAM_ERROR', source: 'shop' } }],
    },
    {
      data: { salesHappened: { __typename: 'SalesSale', count: 2, book: { title: null } } },
      errors: [{ path: ['salesHappened', 'book', 'title'], extensions: { source: 'shop' } }],
    },
  ]);
});
