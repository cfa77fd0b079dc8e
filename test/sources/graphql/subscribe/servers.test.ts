import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { mercurius } from 'mercurius';
import { newsSchema, Topic } from '../support/news.ts';
import { type NewsSource, newsSource } from '../support/news-source.ts';
import { startYoga, type UpstreamServer } from '../support/servers.ts';
import { startGraphQLWs } from '../support/subscription-servers.ts';
import { until } from '../support/until.ts';

async function startGraphQLSse(schema: GraphQLSchema): Promise<UpstreamServer> {
  const server = createServer(createHandler({ schema }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startMercuriusWs(schema: GraphQLSchema): Promise<UpstreamServer> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(mercurius, { schema, subscription: true });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`, close: () => app.close() };
}

describe.each([
  ['graphql-ws', 'WS', startGraphQLWs],
  ['Mercurius', 'WS', startMercuriusWs],
  ['GraphQL Yoga', 'SSE', startYoga],
  ['graphql-sse', 'SSE', startGraphQLSse],
] as const)('subscriptions of a service made with %s, over %s', (_, transport, start) => {
  const topic = new Topic();
  let server: UpstreamServer;
  let news: NewsSource;

  beforeEach(async () => {
    server = await start(newsSchema(topic));
    news = await newsSource({ endpoints: [{ url: server.url }], subscriptions: { transport } });
  });

  afterEach(async () => {
    await news.close();
    await server.close();
  });

  test('bring every answer, and end when they are completed', async () => {
    const one = news.listen('count', { to: 3 });
    expect(await one.until(4)).toEqual([['FRESH', 1], ['FRESH', 2], ['FRESH', 3], 'END']);
  });

  test('bring what happens, errors in their places, until they are left', async () => {
    const one = news.listen('story', { about: 'rain' });
    await until(() => topic.open === 1);
    topic.tell({ id: '1', title: 'Flood', size: 2 ** 60 });
    const [event] = (await one.until(1)) as [[string, Record<string, unknown>]];
    expect(event).toMatchObject(['FRESH', { id: '1', title: 'Flood', size: BigInt(JSON.stringify(2 ** 60)) }]);
    expect(event[1].broken).toMatchObject({ code: 'UPSTREAM_ERROR' });
    await one.leave();
    await until(() => topic.open === 0);
  });

  test('that fail are told with a code', async () => {
    const events = await news.listen('refused', { code: 'FORBIDDEN' }).until(1);
    expect(JSON.stringify(events)).toContain('UPSTREAM_REJECTED');
  });
});
