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

/** The two sources of the demo, as an owner would register them. */
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
          { operation: 'listAuthors', policy: { fallback: { value: [] } } },
        ],
      },
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

/** Registers and publishes them through the admin mutations, over HTTP. */
export async function registerDemoSources(endpoint: string, adminKey: string, urls: DemoUrls): Promise<void> {
  for (const input of demoSources(urls)) {
    await administer(endpoint, adminKey, REGISTER, { input });
    await administer(endpoint, adminKey, PUBLISH, { name: input.name });
  }
}
