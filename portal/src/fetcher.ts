import type { Fetcher } from '@graphiql/toolkit';

export interface Identity {
  /** A Weir key; empty for an anonymous caller. */
  readonly key: string;
  /** Ask for `extensions.weir` with every answer. */
  readonly trace: boolean;
}

/** Sends operations to the gateway this page came from. */
export function createFetcher(identity: Identity): Fetcher {
  return async (params, options) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...(identity.key === '' ? {} : { 'weir-key': identity.key }),
        ...(identity.trace && params.operationName !== 'IntrospectionQuery' ? { 'weir-trace': '1' } : {}),
        ...options?.headers,
      },
      body: JSON.stringify(params),
    });
    return response.json();
  };
}
