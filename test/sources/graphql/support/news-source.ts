import type { CallCache } from '../../../../src/cache/index.ts';
import { createMemoryCallCache } from '../../../../src/cache/index.ts';
import { type GraphQLInput, graphqlKind } from '../../../../src/sources/graphql/index.ts';
import type {
  CallContext,
  Policy,
  SourceConnection,
  SourceSettings,
  SubscriptionEvent,
} from '../../../../src/sources/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient } from '../../../../src/upstream/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { NEWS_SDL } from './news.ts';

/** A connection to a service of NEWS_SDL, on a clock of its own. */
export interface NewsSource {
  readonly clock: FakeClock;
  readonly connection: SourceConnection;
  readonly settings: SourceSettings;
  context(more?: Partial<CallContext>): CallContext;
  /** Opens a subscription and keeps what it brings. */
  listen(operation: string, args?: Record<string, unknown>, more?: Partial<CallContext>): Listening;
  close(): Promise<void>;
}

export interface Listening {
  /** What has come so far, in short. */
  readonly events: readonly unknown[];
  /** Resolves once there are as many events, or the end (which is one). */
  until(events: number): Promise<readonly unknown[]>;
  leave(): Promise<void>;
}

export async function newsSource(
  input: Partial<GraphQLInput> & Pick<GraphQLInput, 'endpoints'>,
  policy: Policy = {},
): Promise<NewsSource> {
  const clock = new FakeClock();
  const http: HttpClient = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
  const cache: CallCache = createMemoryCallCache({ clock });
  const services = { http, clock, signal: new AbortController().signal };
  const definition = await graphqlKind.read({ sdl: NEWS_SDL, ...input }, 'news', services);
  const description = await graphqlKind.describe(definition, 'news');
  const settings: SourceSettings = { policy: { retries: 0, ...policy }, operationPolicies: {}, paused: false };
  const connection = graphqlKind.connect(definition, description, {
    name: 'news',
    revision: 1,
    settings,
    http,
    cache,
    clock,
    random: seededRandom(),
  });
  const context: NewsSource['context'] = (more = {}) => ({
    requestId: 'r1',
    callerId: 'anonymous',
    headers: {},
    deadline: clock.now() + 10_000,
    signal: new AbortController().signal,
    maxStaleMs: undefined,
    takeUpstreamCall: () => true,
    ...more,
  });
  return {
    clock,
    connection,
    settings,
    context,
    listen(operation, args = {}, more = {}) {
      const stream = connection.subscribe?.(operation, { arguments: args }, context(more));
      if (stream === undefined) throw new Error('The connection has no subscriptions.');
      return listening(stream);
    },
    async close() {
      await connection.close();
      await cache.close();
      await http.close();
    },
  };
}

function listening(stream: AsyncIterable<SubscriptionEvent>): Listening {
  const events: unknown[] = [];
  let heard = Promise.withResolvers<void>();
  const iterator = stream[Symbol.asyncIterator]();
  const add = (event: unknown): void => {
    events.push(event);
    heard.resolve();
    heard = Promise.withResolvers();
  };
  void (async () => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return add('END');
      add(inShort(value));
    }
  })();
  return {
    events,
    async until(count) {
      while (events.length < count) await heard.promise;
      return events.slice(0, count);
    },
    async leave() {
      await iterator.return?.();
    },
  };
}

function inShort(event: SubscriptionEvent): unknown {
  if (event.kind !== 'ANSWER') return `${event.kind} ${event.failure.code} ${event.failure.reason}`;
  const { outcome } = event;
  return outcome.kind === 'FAILED' ? [outcome.kind, outcome.failure.code] : [outcome.kind, outcome.value];
}
