import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { startMercurius, startYoga, type UpstreamServer } from '../../../sources/graphql/support/servers.ts';
import { type CountingServer, startCountingServer } from '../../../support/counting-server.ts';
import { openapi } from '../../../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/** An upstream that GraphQL services and REST APIs are counted at: what was asked, in order of arrival. */
export interface CountedService {
  readonly url: string;
  /** Every GraphQL operation that came since the last time, as text. */
  take(): readonly string[];
  /** While true every request is refused with 503. */
  down: boolean;
  close(): Promise<void>;
}

/** A GraphQL service behind a server that counts and may be down. */
export async function counted(start: () => Promise<UpstreamServer>): Promise<CountedService> {
  const service = await start();
  const asked: string[] = [];
  const state = { down: false };
  const front = await startCountingServer(async ({ body }) => {
    if (state.down) return 503;
    // Not what the gateway asks to see how the service is.
    if (body.query !== '{__typename}') asked.push(body.query);
    const response = await fetch(service.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  });
  return {
    url: `${front.url}/graphql`,
    take: () => asked.splice(0),
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    async close() {
      await front.close();
      await service.close();
    },
  };
}

const TITLES = ['Dune', 'Emma', 'Ulysses', 'Momo', 'Kim'];
export const BOOKS = TITLES.map((title, index) => ({
  id: String(index + 1),
  title,
  price: (index + 1) * 10,
  isbn: `isbn-${index + 1}`,
  edition: (index % 2) + 1,
}));

const book = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    price: { type: 'number' },
    isbn: { type: 'string' },
    edition: { type: 'integer' },
  },
};
const one = { $ref: '#/components/schemas/Book' };
const json = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
const query = (name: string, schema: object) => ({ name, in: 'query', schema });

/** The shop: a REST API that knows books by id, many at once. */
export const SHOP_DOCUMENT = openapi(
  {
    '/books': {
      get: {
        operationId: 'listBooks',
        parameters: [query('ids', { type: 'array', items: { type: 'string' } }), query('limit', { type: 'integer' })],
        responses: json({ type: 'array', items: one }),
      },
      post: {
        operationId: 'addBook',
        requestBody: { required: true, content: { 'application/json': { schema: one } } },
        responses: json(one),
      },
    },
    '/find': {
      get: {
        operationId: 'findBook',
        parameters: [query('isbn', { type: 'string' }), query('edition', { type: 'integer' })],
        responses: json(one),
      },
    },
    '/books/{bookId}': {
      get: {
        operationId: 'getBook',
        parameters: [{ name: 'bookId', in: 'path', required: true, schema: { type: 'string' } }],
        responses: json(one),
      },
    },
  },
  { components: { schemas: { Book: book } } },
);

export interface Shop extends CountingServer {
  down: boolean;
}

async function startShop(): Promise<Shop> {
  const state = { down: false };
  const server = await startCountingServer(({ path, query: asked, method, body }) => {
    if (state.down) return 503;
    if (method === 'POST') return body;
    if (path === '/find') return BOOKS.find(({ isbn }) => isbn === asked.get('isbn'));
    const ids = asked.getAll('ids');
    if (path === '/books') {
      const found = ids.length === 0 ? BOOKS : BOOKS.filter(({ id }) => ids.includes(id));
      return found.slice(0, Number(asked.get('limit') ?? 100));
    }
    return BOOKS.find(({ id }) => path === `/books/${id}`);
  });
  return Object.defineProperties(server, {
    down: { get: () => state.down, set: (value: boolean) => Object.assign(state, { down: value }) },
  }) as Shop;
}

const REVIEWS_SDL = /* GraphQL */ `
  type Query {
    latest(first: Int = 2): [Review]
    review(id: ID!): Review
    booksByIds(ids: [ID!]!): [Book]
    anything: [Node]
    search: [Found]
  }
  type Mutation { addReview(bookId: ID!, text: String!): Review }
  interface Node { id: ID! }
  union Found = Book | Review
  type Book implements Node {
    id: ID!
    rating: Float
    reviews(first: Int = 10): [Review!]!
    broken: String
  }
  type Review implements Node { id: ID! text: String! book: Book }
`;

const REVIEWS = [
  { id: 'r1', text: 'Sand.', book: '1' },
  { id: 'r2', text: 'Worms!', book: '1' },
  { id: 'r3', text: 'Witty.', book: '2' },
  { id: 'r4', text: 'Lost.', book: '404' },
];

function reviewsSchema() {
  const review = (found: (typeof REVIEWS)[number] | undefined) =>
    found && { __typename: 'Review', ...found, book: bookOf(found.book) };
  const bookOf = (id: string) => ({ __typename: 'Book', id });
  return createSchema({
    typeDefs: REVIEWS_SDL,
    resolvers: {
      Query: {
        latest: (_root: unknown, { first }: { first: number }) => REVIEWS.slice(0, first).map(review),
        review: (_root: unknown, { id }: { id: string }) => review(REVIEWS.find((one) => one.id === id)),
        // In another order than asked for, and without those that it does not know.
        booksByIds: (_root: unknown, { ids }: { ids: readonly string[] }) =>
          ids
            .toReversed()
            .filter((id) => BOOKS.some((one) => one.id === id))
            .map(bookOf),
        anything: () => [bookOf('2'), review(REVIEWS[0])],
        search: () => [bookOf('1'), review(REVIEWS[2])],
      },
      Mutation: {
        addReview: (_root: unknown, { bookId, text }: { bookId: string; text: string }) => ({
          __typename: 'Review',
          id: 'new',
          text,
          book: bookOf(bookId),
        }),
      },
      Book: {
        rating: ({ id }: { id: string }) => Number(id) / 2,
        reviews: ({ id }: { id: string }, { first }: { first: number }) =>
          REVIEWS.filter((one) => one.book === id)
            .slice(0, first)
            .map(review),
        broken: () => {
          throw new GraphQLError('words of the upstream', { extensions: { code: 'SHARD_OFFLINE' } });
        },
      },
    },
  });
}

const STOCK_SDL = /* GraphQL */ `
  type Query {
    editions(keys: [EditionKey!]!): [Book]
    delivery(isbn: String!, edition: Int!, price: Float!): Book
    shelf: [Book]
  }
  input EditionKey { isbn: String! edition: Int! }
  type Book { isbn: String! edition: Int! inStock: Int delivery: String }
`;

function stockSchema() {
  interface Copy {
    isbn: string;
    edition: number;
    price?: number;
  }
  return createSchema({
    typeDefs: STOCK_SDL,
    resolvers: {
      Query: {
        editions: (_root: unknown, { keys }: { keys: readonly Copy[] }) => keys.toReversed(),
        delivery: (_root: unknown, copy: Copy) => copy,
        shelf: () => BOOKS.slice(0, 2).map(({ isbn, edition }) => ({ isbn, edition })),
      },
      Book: {
        inStock: ({ isbn, edition }: Copy) => isbn.length + edition,
        delivery: ({ price }: Copy) => (price === undefined ? null : price > 20 ? 'free' : 'paid'),
      },
    },
  });
}

export const SHOP_ENTITY = {
  type: 'Book',
  key: ['id'],
  operation: 'listBooks',
  arguments: [{ name: 'ids', field: 'id' }],
};
export const REVIEWS_ENTITY = {
  type: 'Book',
  key: ['id'],
  operation: 'booksByIds',
  arguments: [{ name: 'ids', field: 'id' }],
  batch: { argument: 'ids' },
};
/** By another key than the others know, so all of it is had of the shop's books. */
export const STOCK_ENTITIES = [
  {
    type: 'Book',
    key: ['isbn', 'edition'],
    operation: 'editions',
    arguments: [{ name: 'keys', fields: ['isbn', 'edition'] }],
    batch: { argument: 'keys' },
    fields: ['inStock'],
  },
  {
    type: 'Book',
    key: ['isbn', 'edition'],
    operation: 'delivery',
    arguments: [
      { name: 'isbn', field: 'isbn' },
      { name: 'edition', field: 'edition' },
      { name: 'price', field: 'price' },
    ],
    fields: ['delivery'],
  },
];
export interface Library {
  gateway: TestGateway;
  readonly shop: Shop;
  readonly reviews: CountedService;
  readonly stock: CountedService;
  close(): Promise<void>;
}

export async function startLibrary(): Promise<Library> {
  const [gateway, shop, reviews, stock] = await Promise.all([
    startTestGateway(),
    startShop(),
    counted(() => startYoga(reviewsSchema())),
    counted(() => startMercurius(stockSchema())),
  ]);
  const library: Library = {
    gateway,
    shop,
    reviews,
    stock,
    async close() {
      await library.gateway.close();
      await Promise.all([shop.close(), reviews.close(), stock.close()]);
    },
  };
  return library;
}

/** Registration inputs of the three; more of a kind's own input is laid over. */
export function shopInput({ shop }: Library, rest: object = {}, more: object = {}) {
  return {
    name: 'shop',
    visibility: 'PUBLIC',
    rest: {
      document: JSON.stringify(SHOP_DOCUMENT),
      endpoints: [{ url: shop.url }],
      operations: [{ operation: 'listBooks', batch: { argument: 'ids', matchBy: 'id' } }],
      entities: [SHOP_ENTITY],
      ...rest,
    },
    ...more,
  };
}

export function reviewsInput({ reviews }: Library, graphql: object = {}, more: object = {}) {
  return {
    name: 'reviews',
    visibility: 'PUBLIC',
    graphql: { url: reviews.url, entities: [REVIEWS_ENTITY], ...graphql },
    ...more,
  };
}

export function stockInput({ stock }: Library, graphql: object = {}) {
  return { name: 'stock', visibility: 'PUBLIC', graphql: { url: stock.url, entities: STOCK_ENTITIES, ...graphql } };
}
