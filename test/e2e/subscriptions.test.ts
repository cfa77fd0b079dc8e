import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type Client as WsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { until } from '../server/streaming/harness.ts';
import { newsSchema, Topic } from '../sources/graphql/support/news.ts';
import { startGraphQLWs, type WebSocketUpstream } from '../sources/graphql/support/subscription-servers.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const topic = new Topic();
let upstream: WebSocketUpstream;
let weir: TestGateway;
let client: WsClient;
const story = (title: string) => ({ id: title, title, size: null, author: { name: 'Ann' } });
const STORY = 'subscription Stories { newsStory(about: "rain") { title author { name } } }';

type Answers = AsyncIterableIterator<unknown>;

/** The next answer that says so; those before it are overlooked. */
async function answerWith(answers: Answers, text: string): Promise<unknown> {
  for (;;) {
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`It ended before it said ${text}.`);
    if (JSON.stringify(value).includes(text)) return value;
  }
}

/** Tells it again and again until all have heard it: when the last began to listen, nobody can tell. */
async function tellAll(all: readonly Answers[], title: string): Promise<readonly unknown[]> {
  const heard = Promise.all(all.map((answers) => answerWith(answers, title)));
  let waiting = true;
  heard.then(() => {
    waiting = false;
  });
  await until(() => {
    topic.tell(story(title));
    return !waiting;
  });
  return heard;
}

async function act(text: string, variables: Record<string, unknown> = {}): Promise<void> {
  const { errors } = await weir.admin(text, variables);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
}

beforeAll(async () => {
  upstream = await startGraphQLWs(newsSchema(topic));
  weir = await startTestGateway();
  client = createClient({
    url: `${weir.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
});
afterAll(async () => {
  await client.dispose();
  await weir.close();
  await upstream.close();
});

describe('subscriptions of a GraphQL service, from its upstream to clients of both protocols', () => {
  test('it is registered and published like any source; its fields are in the graph', async () => {
    await weir.publish({ name: 'news', visibility: 'PUBLIC', graphql: { url: upstream.url } });
    const { data } = await weir.query('{ __schema { subscriptionType { fields { name } } } }');
    expect(data.__schema.subscriptionType.fields.map(({ name }: { name: string }) => name)).toEqual([
      'newsStory',
      'newsCount',
      'newsRefused',
    ]);
    const { data: source } = await weir.admin(
      '{ source(name: "news") { operations(filter: { kind: SUBSCRIPTION }) { field kind } } }',
    );
    expect(source.source.operations[0]).toEqual({ field: 'Subscription.newsStory', kind: 'SUBSCRIPTION' });
  });

  test('events reach both, whatever else changes in the graph; the upstream is subscribed to once', async () => {
    const all = subscribers();
    for (const answer of await tellAll(all, 'one')) {
      expect(answer).toEqual({ data: { newsStory: { title: 'one', author: { name: 'Ann' } } } });
    }
    await act('mutation { pauseSource(name: "news") { name } resumeSource(name: "news") { name } }');
    await act('mutation { deprecateSource(name: "news", reason: "Goes.") { name } }');
    await tellAll(all, 'two');
    expect(topic.open).toBe(1);
    await Promise.all(all.map((answers) => answers.return?.()));
    await until(() => topic.open === 0);
  });

  test('a burst of a thousand events reaches a client that reads', async () => {
    const events = createSseClient({ url: `${weir.url}/graphql`, retryAttempts: 0 });
    for (const each of [client, events]) {
      let last: unknown;
      for await (const { data } of each.iterate({ query: 'subscription { newsCount(to: 1000) }' })) last = data;
      expect(last).toEqual({ newsCount: 1000 });
    }
  });

  test('a new revision is subscribed to anew; retirement ends it', async () => {
    const all = subscribers();
    await tellAll(all, 'three');
    const revision = { name: 'news', graphql: { url: upstream.url, forwardHeaders: ['x-tenant'] } };
    await act('mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }', { input: revision });
    await act('mutation { publishSource(name: "news") { name } }');
    for (const answer of await tellAll(all, 'four')) {
      expect(answer).toMatchObject({
        data: { newsStory: { title: 'four' } },
        extensions: { weir: { interruptions: { count: 1, reasons: ['source_revised'] } } },
      });
    }
    await act('mutation { deprecateSource(name: "news", reason: "Goes.") { name } }');
    await act('mutation { retireSource(name: "news") { name } }');
    for (const answers of all) {
      expect(await answerWith(answers, 'errors')).toMatchObject({
        errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }],
      });
      expect(await answers.next()).toEqual({ done: true, value: undefined });
    }
    await until(() => topic.open === 0);
  });
});

/** One over each protocol. */
function subscribers(): readonly Answers[] {
  const events = createSseClient({ url: `${weir.url}/graphql`, retryAttempts: 0 });
  return [client.iterate({ query: STORY }), events.iterate({ query: STORY })];
}
