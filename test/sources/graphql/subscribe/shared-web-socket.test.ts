import { afterEach, describe, expect, test } from '@jest/globals';
import { newsSchema, Topic } from '../support/news.ts';
import { type NewsSource, newsSource } from '../support/news-source.ts';
import { startGraphQLWs, type WebSocketUpstream } from '../support/subscription-servers.ts';
import { until } from '../support/until.ts';

const story = (title: string) => ({ id: '1', title, size: 1, broken: null });
const TOO_MANY_BYTES = 9 * 1024 * 1024;

describe('subscriptions that share a WebSocket', () => {
  const rain = new Topic();
  let server: WebSocketUpstream | undefined;
  let news: NewsSource | undefined;

  afterEach(async () => {
    await news?.close();
    await server?.close();
  });

  test('go on when one of them gets a message that is too large; that one ends', async () => {
    const schema = newsSchema(rain);
    const { story: stories } = schema.getSubscriptionType()?.getFields() ?? {};
    if (stories === undefined) throw new Error('The schema has no stories.');
    stories.subscribe = async function* (_, { about }) {
      if (about === 'rain') yield* rain.iterate() as AsyncIterable<unknown>;
      else yield story('x'.repeat(TOO_MANY_BYTES));
    };
    server = await startGraphQLWs(schema);
    news = await newsSource({ endpoints: [{ url: server.url }] });
    const { clock } = news;
    const bystander = news.listen('story', { about: 'rain' });
    await until(() => rain.open === 1);
    const culprit = news.listen('story', { about: 'flood' });
    await until(() => bystander.events.length > 0);
    expect(bystander.events).toEqual(['INTERRUPTED UPSTREAM_INVALID_RESPONSE http_response_body_size']);

    while (culprit.events.at(-1) !== 'END' || rain.open === 0) await clock.advance(500);
    expect(culprit.events).toEqual([
      'INTERRUPTED UPSTREAM_INVALID_RESPONSE http_response_body_size',
      'ENDED UPSTREAM_INVALID_RESPONSE http_response_body_size',
      'END',
    ]);
    expect(server.upgrades).toHaveLength(3);
    // It tells of what was asked for: not even many of them speak against the endpoint.
    for (let i = 0; i < 6; i++) {
      const other = news.listen('story', { about: `flood ${i}` });
      expect(await other.until(2)).toEqual(['ENDED UPSTREAM_INVALID_RESPONSE http_response_body_size', 'END']);
    }
    expect(news.connection.health()).toMatchObject({ endpoints: [{ breaker: 'CLOSED' }] });
    rain.tell(story('after'));
    await until(() => bystander.events.length > 1);
    expect(bystander.events.at(-1)).toMatchObject(['FRESH', { title: 'after' }]);
  });
});
