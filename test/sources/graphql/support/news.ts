import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';

export const NEWS_SDL = `
  scalar Long
  type Query { ok: Boolean }
  type Story { id: ID! title: String! size: Long broken: String author: Author }
  type Author { name: String! }
  type Subscription {
    story(about: String!): Story!
    count(to: Int!): Int!
    refused(code: String): Int
  }
`;

/** What subscriptions of a test listen to: `tell` reaches all who listen now. */
export class Topic {
  readonly #listeners = new Set<(value: IteratorResult<unknown>) => void>();
  /** Subscriptions that are open now. */
  open = 0;

  tell(value: unknown): void {
    for (const listener of [...this.#listeners]) listener({ done: false, value });
  }

  complete(): void {
    for (const listener of [...this.#listeners]) listener({ done: true, value: undefined });
  }

  iterate(): AsyncIterableIterator<unknown> {
    const waiting: IteratorResult<unknown>[] = [];
    const wanted: ((result: IteratorResult<unknown>) => void)[] = [];
    let ended = false;
    const end = (): void => {
      if (!ended) this.open--;
      ended = true;
      this.#listeners.delete(listener);
    };
    const listener = (result: IteratorResult<unknown>): void => {
      const resolve = wanted.shift();
      if (resolve === undefined) waiting.push(result);
      else resolve(result);
      if (result.done) end();
    };
    this.#listeners.add(listener);
    this.open++;
    return {
      next: () => {
        const first = waiting.shift();
        return first === undefined ? new Promise((resolve) => wanted.push(resolve)) : Promise.resolve(first);
      },
      return: async () => {
        end();
        for (const resolve of wanted.splice(0)) resolve({ done: true, value: undefined });
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

/** A schema whose `story` gives what its topic is told. */
export function newsSchema(topic: Topic): GraphQLSchema {
  const schema = buildSchema(NEWS_SDL);
  const streams = schema.getSubscriptionType()?.getFields();
  const story = schema.getType('Story') as NonNullable<ReturnType<GraphQLSchema['getQueryType']>>;
  if (streams?.story !== undefined) {
    streams.story.subscribe = () => topic.iterate();
    streams.story.resolve = (value) => value;
  }
  if (streams?.count !== undefined) {
    streams.count.subscribe = async function* (_, { to }) {
      for (let n = 1; n <= to; n++) yield n;
    };
    streams.count.resolve = (value) => value;
  }
  if (streams?.refused !== undefined) {
    streams.refused.subscribe = (_, { code }) => {
      throw new GraphQLError('secret words', code === null ? {} : { extensions: { code } });
    };
  }
  const { broken } = story.getFields();
  if (broken !== undefined) {
    broken.resolve = () => {
      throw new GraphQLError('secret words', { extensions: { code: 'IT_IS_BROKEN' } });
    };
  }
  return schema;
}
