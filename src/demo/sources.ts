import { administer } from './admin-client.ts';

const REGISTER = /* GraphQL */ `
  mutation Register($input: RegisterSourceInput!) {
    registerSource(input: $input) {
      name
    }
  }
`;

const PUBLISH = /* GraphQL */ `
  mutation Publish($name: ID!) {
    publishSource(name: $name) {
      name
      state
    }
  }
`;

export interface DemoUrls {
  readonly bookshop: string;
  readonly bookshopBackup: string;
  readonly rates: string;
}

/** A book is one type of the graph, whichever of its sources it comes from. */
const BOOK = { type: 'Book', key: ['id'] };
const BOOK_BY_ID = { ...BOOK, operation: 'getBook', arguments: [{ name: 'bookId', field: 'id' }] };
const REVIEWED_BOOKS = {
  ...BOOK,
  operation: 'booksByIds',
  arguments: [{ name: 'ids', field: 'id' }],
  batch: { argument: 'ids', position: true },
};

/** The REST sources of the demo, as an owner would register them. */
export function demoSources(urls: DemoUrls): readonly Record<string, unknown>[] {
  return [
    {
      name: 'bookshop',
      title: 'Bookshop',
      description: 'Books, authors and orders, with a backup for reading.',
      visibility: 'PUBLIC',
      rest: {
        url: `${urls.bookshop}/openapi.yaml`,
        endpoints: [
          { url: urls.bookshop, priority: 0 },
          { url: urls.bookshopBackup, priority: 1 },
        ],
        operations: [
          { operation: 'getBook', notFoundIsNull: true, policy: { cache: { ttlSeconds: 5, staleSeconds: 600 } } },
          {
            operation: 'listBooks',
            // `first` and `after` in place of `page` and `pageSize`.
            pagination: {
              style: 'PAGE',
              items: 'items',
              pageArgument: 'page',
              sizeArgument: 'pageSize',
              pageSize: 10,
              total: 'total',
            },
          },
          {
            operation: 'listAuthors',
            policy: { fallback: { value: [] } },
            // Links that give one id are few calls of `GET /authors?ids=1,2,3`, not one for each book.
            batch: { argument: 'ids', matchBy: 'id' },
          },
        ],
        entities: [BOOK_BY_ID],
      },
      links: [
        { type: 'Book', field: 'author', operation: 'listAuthors', arguments: [{ name: 'ids', field: 'authorId' }] },
      ],
      policy: { deadlineMs: 5000, attemptTimeoutMs: 1000, healthCheck: { path: '/health' } },
    },
    {
      name: 'rates',
      title: 'Rates',
      description: 'Exchange rates.',
      visibility: 'PUBLIC',
      rest: { url: `${urls.rates}/openapi.json`, endpoints: [{ url: urls.rates }] },
      policy: { deadlineMs: 3000, attemptTimeoutMs: 1000, cache: { ttlSeconds: 60 }, healthCheck: { path: '/health' } },
    },
  ];
}

/** The GraphQL source of the demo: books have reviews, and reviews are of books. */
export function reviewsSource(url: string): Record<string, unknown> {
  return {
    name: 'reviews',
    title: 'Reviews',
    description: 'What readers think: a GraphQL service.',
    visibility: 'PUBLIC',
    graphql: { url: `${url}/graphql`, entities: [REVIEWED_BOOKS] },
    policy: { deadlineMs: 3000, attemptTimeoutMs: 1000, cache: { ttlSeconds: 5, staleSeconds: 600 } },
  };
}

/** The price of a book, converted by the other API into the currency that the client asks for. */
export const demoLink = {
  source: 'bookshop',
  type: 'Book',
  field: 'priceIn',
  description: 'The price in another currency.',
  target: 'rates',
  operation: 'convert',
  arguments: [
    { name: 'from', value: 'EUR' },
    { name: 'amount', field: 'priceEur' },
    { name: 'to', argument: 'currency' },
  ],
  select: 'result',
};

const ADD_LINK = /* GraphQL */ `
  mutation AddLink($input: LinkInput!) {
    addLink(input: $input) {
      id
      state
    }
  }
`;

/** Registers and publishes them through the admin mutations, over HTTP. */
export async function registerDemoSources(
  endpoint: string,
  adminKey: string,
  urls: DemoUrls & { readonly reviews: string },
): Promise<void> {
  for (const input of [...demoSources(urls), reviewsSource(urls.reviews)]) {
    await publishDemoSource(endpoint, adminKey, input);
  }
  await administer(endpoint, adminKey, ADD_LINK, { input: demoLink });
}

export async function publishDemoSource(
  endpoint: string,
  adminKey: string,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  await administer(endpoint, adminKey, REGISTER, { input });
  await administer(endpoint, adminKey, PUBLISH, { name: input.name });
}
