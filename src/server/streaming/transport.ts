import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  GraphQLSchema,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { makeServer, type Server as ProtocolServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import type { Keyring } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import { asGraphQLError, type Subscription } from '../../execution/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { GraphQLContexts } from '../graphql-contexts.ts';
import { type GraphQLRequest, newGraphQLRequest } from '../graphql-request.ts';
import { logOperation } from '../request-log.ts';
import type { Asking } from './asking.ts';
import { connectionHeaders } from './connection-headers.ts';
import { formatErrors, formatResult, noteErrors } from './format-result.ts';
import type { ConnectionExtra, RunningOperation } from './web-socket.ts';

export interface TransportOptions {
  readonly asking: Asking;
  readonly contexts: GraphQLContexts;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Operations at a time over one connection. */
  readonly maxOperations: number;
}

const PROTOCOL = 'graphql-transport-ws';
/** Who opens a connection must say who they are before long. */
const INIT_TIMEOUT_MS = 10_000;

/** What `onSubscribe` found, for `execute` to hand out. */
interface Answered {
  readonly answer: ExecutionResult | Subscription;
  readonly request: GraphQLRequest;
}

/**
 * The library chooses by the document between `execute` and `subscribe`; here both have been done by then, and either
 * hands out what came of it.
 */
const NO_SCHEMA = new GraphQLSchema({});
const ANY_DOCUMENT: ExecutionArgs['document'] = {
  kind: Kind.DOCUMENT,
  definitions: [
    {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
    },
  ],
};

/**
 * The protocol graphql-transport-ws (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) over the gateway's
 * own execution: every type of operation, each with its own request id, caller check, limits and log line.
 */
export function createTransport(options: TransportOptions): ProtocolServer<ConnectionExtra> {
  const { asking, contexts, keyring, clock, random, log } = options;

  const begin = async (extra: ConnectionExtra): Promise<GraphQLRequest> => {
    // Who called when the connection was opened may be nobody by now.
    const caller = await keyring.authenticate(extra.headers);
    const id = random.bytes(12).toString('base64url');
    const request = newGraphQLRequest(id, caller, extra.gone.signal, clock);
    contexts.readHeaders(request, extra.headers);
    request.writesBefore = new Map([...request.writesBefore, ...extra.writes]);
    return request;
  };

  const end = (extra: ConnectionExtra, payload: SubscribePayload): void => {
    const operation = extra.operations.get(payload);
    if (operation === undefined) return;
    const { request } = operation;
    extra.operations.delete(payload);
    for (const [source, write] of request.writes) extra.writes.set(source, write);
    logOperation(log, request, PROTOCOL, clock);
    extra.onIdle();
  };

  return makeServer<Record<string, unknown>, ConnectionExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,

    async onConnect({ extra, connectionParams }) {
      extra.headers = connectionHeaders(extra.headers, connectionParams);
      await begin(extra);
      return true;
    },

    async onSubscribe({ extra }, _id, payload) {
      const refused = (errors: readonly GraphQLError[]): readonly GraphQLError[] => {
        const operation = extra.operations.get(payload);
        if (operation !== undefined) noteErrors(errors, operation.request);
        end(extra, payload);
        return errors;
      };
      try {
        const request = await begin(extra);
        const operation: RunningOperation = { request, answers: undefined };
        extra.operations.set(payload, operation);
        if (extra.operations.size > options.maxOperations) throw tooManyOperations(options.maxOperations);
        const answering = await asking(request, extra.headers, payload);
        if (answering.kind === 'REFUSED') return refused(answering.result.errors ?? []);
        if (answering.kind === 'SUBSCRIBED') operation.answers = answering.answers;
        if (extra.gone.signal.aborted) void operation.answers?.return();
        const answer = answering.kind === 'SUBSCRIBED' ? answering.answers : answering.result;
        return { schema: NO_SCHEMA, document: ANY_DOCUMENT, contextValue: { answer, request } satisfies Answered };
      } catch (error: unknown) {
        return refused([asGraphQLError(error)]);
      }
    },

    execute: ({ contextValue }) => (contextValue as Answered).answer,

    onNext(_context, _id, _payload, { contextValue }, result) {
      const { request } = contextValue as Answered;
      if (request.operationType === 'subscription') request.events = (request.events ?? 0) + 1;
      return formatResult(result as ExecutionResult, request, log);
    },

    onError: (_context, _id, _payload, errors) => formatErrors(errors, undefined, log),

    onComplete({ extra }, _id, payload) {
      end(extra, payload);
    },
  });
}

function tooManyOperations(allowed: number): WeirError {
  return new WeirError(
    'TOO_MANY_SUBSCRIPTIONS',
    `A connection may have at most ${allowed} operations at a time; this one has as many.`,
    { limit: 'operations', allowed, retryable: true },
  );
}
