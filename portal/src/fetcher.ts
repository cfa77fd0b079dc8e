import type { Fetcher } from '@graphiql/toolkit';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-sse';

export interface Identity {
  /** A Weir key; empty for an anonymous caller. */
  readonly key: string;
  /** Ask for `extensions.weir` with every answer. */
  readonly trace: boolean;
}

/** Sends operations to the gateway this page came from: subscriptions as event streams, everything else as JSON. */
export function createFetcher(identity: Identity): Fetcher {
  return async (params, options) => {
    const headers = {
      ...(identity.key === '' ? {} : { 'weir-key': identity.key }),
      ...(identity.trace && params.operationName !== 'IntrospectionQuery' ? { 'weir-trace': '1' } : {}),
      ...options?.headers,
    };
    if (isSubscription(params.query, params.operationName)) {
      const { query, operationName, variables } = params;
      return createClient({ url: '/graphql', headers, retryAttempts: 0 }).iterate({
        query,
        ...(operationName ? { operationName } : {}),
        ...(variables ? { variables } : {}),
      });
    }
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(params),
    });
    return response.json();
  };
}

/** By its text: the document that the editor keeps beside it is a moment older. */
function isSubscription(query: string, operationName: string | null | undefined): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    // The gateway says what is wrong with it.
    return false;
  }
}
