import { afterEach, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { newsSchema, Topic } from '../support/news.ts';
import { startYoga, type UpstreamServer } from '../support/servers.ts';
import { startGraphQLWs } from '../support/subscription-servers.ts';
import { until } from '../support/until.ts';

describe('a client of Weir', () => {
  const topic = new Topic();
  let upstream: UpstreamServer;
  let gateway: TestGateway;

  afterEach(async () => {
    await gateway.close();
    await upstream.close();
    expect(topic.open).toBe(0);
  });

  test.each([
    ['a WebSocket', 'WS', startGraphQLWs],
    ['Server-Sent Events', 'SSE', startYoga],
  ] as const)('subscribes to a service that is registered by URL, over %s', async (_, transport, start) => {
    upstream = await start(newsSchema(topic));
    gateway = await startTestGateway();
    const graphql = { url: upstream.url, subscriptions: { transport } };
    await gateway.publish({ name: 'news', visibility: 'PUBLIC', graphql });
    const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const query = 'subscription { newsStory(about: "rain") { __typename t: title size } }';
    const results = client.iterate({ query });
    const first = results.next();
    await until(() => topic.open === 1);
    topic.tell({ id: '1', title: 'Flood', size: 2 ** 60 });
    expect((await first).value).toMatchObject({
      data: { newsStory: { __typename: 'NewsStory', t: 'Flood', size: JSON.stringify(2 ** 60) } },
    });
    const second = results.next();
    topic.complete();
    expect(await second).toMatchObject({ done: true });
    await client.dispose();
    await until(() => topic.open === 0);
  });
});
