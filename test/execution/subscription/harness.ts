import { buildSchema, type ExecutionResult } from 'graphql';
import { anonymous } from '../../../src/access/index.ts';
import {
  createExecutor,
  createRequestContext,
  createSubscriptions,
  type Subscriber,
  type Subscriptions,
  type SubscriptionsOptions,
} from '../../../src/execution/index.ts';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, type Graph, type GraphMember } from '../../../src/schema/index.ts';
import { ADMIN_SDL, fakeMember } from '../../schema/graph/fake-member.ts';
import { FakeClock } from '../../support/fake-clock.ts';

export const REVIEWS_SDL = `
  schema { query: ReviewsQuery subscription: ReviewsSubscription }
  type ReviewsQuery { review(id: ID!): ReviewsReview }
  type ReviewsSubscription { changed(book: ID, first: Int = 3): ReviewsReview  removed: ID }
  type ReviewsReview { id: ID  text: String  bookId: ID }
`;

export const BOOKS_SDL = `
  schema { query: BooksQuery }
  type BooksQuery { book(id: ID!): BooksBook }
  type BooksBook { id: ID title: String }
`;

/** ReviewsReview.book = books.book(id: bookId) */
export const BOOK_LINK = {
  type: 'ReviewsReview',
  field: 'book',
  target: 'books',
  operation: 'book',
  arguments: [{ name: 'id', from: 'FIELD', field: 'bookId' }],
} as const;

/** A source `reviews` whose operation `changed` takes what is selected of it, as GraphQL services do. */
export function reviewsMember(options: Omit<Parameters<typeof fakeMember>[0], 'name' | 'sdl'>): GraphMember {
  const member = fakeMember({ name: 'reviews', sdl: REVIEWS_SDL, ...options });
  const operations = new Map(member.description.operations);
  const changed = operations.get('changed');
  if (changed !== undefined) operations.set('changed', { ...changed, selects: true });
  return { ...member, description: { ...member.description, operations } };
}

export interface SubscriptionHarness {
  readonly graph: Graph;
  readonly subscriptions: Subscriptions;
  readonly clock: FakeClock;
  /** The same graph with these members instead. */
  swap(members: readonly GraphMember[]): Promise<void>;
  subscribe(source: string, options?: SubscribeOptions): Promise<Answers>;
}

export interface SubscribeOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly check?: () => Promise<void>;
}

export interface Answers {
  /** The next answer as a client gets it; undefined when there is none any more. */
  next(): Promise<ExecutionResult | undefined>;
  return(): Promise<unknown>;
}

export async function subscriptionHarness(
  members: readonly GraphMember[],
  limits: SubscriptionsOptions['limits'] = {},
): Promise<SubscriptionHarness> {
  const clock = new FakeClock();
  const graph = await createGraph({
    admin: { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock,
  });
  graph.swap(await graph.compose(members));
  const subscriptions = createSubscriptions({ graph, executor: createExecutor(), clock, limits });
  return {
    graph,
    subscriptions,
    clock,
    async swap(next) {
      graph.swap(await graph.compose(next));
    },
    async subscribe(source, { variables = {}, headers = {}, check = async () => undefined } = {}) {
      const subscriber: Subscriber = {
        caller: anonymous,
        check,
        view: (version) => version.view({ admin: false, maySee: ({ visibility }) => visibility === 'PUBLIC' }),
        context: (version, signal) =>
          createRequestContext({
            requestId: 'r1',
            caller: anonymous,
            graph: version,
            headers,
            deadline: clock.now() + 10_000,
            signal,
            maxUpstreamCalls: 2,
          }),
      };
      const { signal } = new AbortController();
      const answering = await subscriptions.ask({ source, operationName: undefined, variables, subscriber, signal });
      if (answering.kind !== 'SUBSCRIBED') throw new NotSubscribed(answering.result);
      const { answers } = answering;
      return {
        async next() {
          const { value } = await answers.next();
          return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
        },
        return: () => answers.return(),
      };
    },
  };
}

/** What came instead of a subscription. */
export class NotSubscribed extends Error {
  readonly result: ExecutionResult;

  constructor(result: ExecutionResult) {
    super(`not subscribed: ${JSON.stringify(result)}`);
    this.result = result;
  }
}
