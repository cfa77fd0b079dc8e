import type { Keyring, RequestHeaders } from '../../access/index.ts';
import type { Answering, Subscriber, Subscriptions } from '../../execution/index.ts';
import type { GraphQLContexts } from '../graphql-contexts.ts';
import type { GraphQLRequest } from '../graphql-request.ts';

/** The members of a GraphQL request, whatever it came in. */
export interface OperationParameters {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface AskingOptions {
  readonly subscriptions: Subscriptions;
  readonly contexts: GraphQLContexts;
  readonly keyring: Keyring;
}

/** Asks for an operation of any kind over a way that can carry many answers. */
export type Asking = (
  request: GraphQLRequest,
  headers: RequestHeaders,
  parameters: OperationParameters,
) => Promise<Answering>;

export function createAsking({ subscriptions, contexts, keyring }: AskingOptions): Asking {
  return async (request, headers, { query, operationName, variables }) => {
    const forwarded = keyring.forwardable(headers);
    const subscriber: Subscriber = {
      caller: request.caller,
      check: async () => {
        await keyring.authenticate(headers);
      },
      view: (version) => contexts.view(request, version),
      context(version, signal) {
        request.graphVersion = version.number;
        return contexts.create(request, forwarded, version, signal);
      },
    };
    const answering = await subscriptions.ask({
      source: query,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
      subscriber,
      signal: request.signal,
    });
    if (answering.kind !== 'REFUSED') {
      request.operationName = answering.name;
      request.operationType = answering.kind === 'SUBSCRIBED' ? 'subscription' : answering.type;
    }
    return answering;
  };
}
