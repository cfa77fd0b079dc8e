import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSchema } from 'graphql-yoga';
import { startGraphQLWs, type WebSocketUpstream } from '../../sources/graphql/support/subscription-servers.ts';
import { type Library, shopInput, startLibrary } from './support/library.ts';

const SALES = createSchema({
  typeDefs: `
    type Query { ok: Boolean }
    type Subscription { sold: Sale }
    type Sale { count: Int book: Book }
    type Book { id: ID! }
  `,
  resolvers: {
    Subscription: {
      sold: {
        async *subscribe() {
          for (const id of ['1', '2', '1']) yield { sold: { count: 1, book: { id } } };
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

test('events of a subscription have what other sources know, asked for anew with each', async () => {
  library.shop.take();
  const response = await fetch(`${library.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { salesSold { count book { title } } }' }),
  });
  const events = [...(await response.text()).matchAll(/data: (\{.*\})/g)].map(([, data = '']) => JSON.parse(data));
  expect(events).toEqual(
    ['Dune', 'Emma', 'Dune'].map((title) => ({ data: { salesSold: { count: 1, book: { title } } } })),
  );
  expect(library.shop.take()).toEqual(['GET /books?ids=1', 'GET /books?ids=1', 'GET /books?ids=2']);
});
