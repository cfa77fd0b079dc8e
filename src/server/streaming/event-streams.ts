import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { WeirError } from '../../errors/index.ts';
import type { Subscription } from '../../execution/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { GraphQLContexts } from '../graphql-contexts.ts';
import type { GraphQLRequest } from '../graphql-request.ts';
import { logRequest } from '../request-log.ts';
import { EventStream } from '../way-in/event-stream.ts';
import type { Asking } from './asking.ts';
import { formatResult } from './format-result.ts';
import { keepAlive } from './keep-alive.ts';
import { operationType } from './operation-type.ts';
import { isForeignOrigin } from './origin.ts';
import { BadParameters, readParameters } from './read-parameters.ts';

export interface EventStreamsOptions {
  readonly asking: Asking;
  readonly contexts: GraphQLContexts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly allowedOrigins: readonly string[];
  readonly heartbeatMs: number;
  readonly maxTokens: number;
}

/** GraphQL over server-sent events, one connection for each operation. */
export interface EventStreams {
  /** Whether the client wants this rather than one answer in JSON. */
  wanted(request: FastifyRequest): boolean;
  /** Throws what is to be answered as an error of HTTP. */
  answer(request: FastifyRequest, reply: FastifyReply, record: GraphQLRequest): Promise<void>;
}

/** Answered as HTTP 405. */
class NotByGet extends Error {
  override readonly name = 'NotByGet';
  readonly statusCode = 405;
}

/**
 * The mode "distinct connections" of GraphQL over Server-Sent Events
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): events `next`, and `complete` at the end.
 */
export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { asking, contexts, clock, log, maxTokens } = options;

  const deliver = async (answers: Subscription, stream: EventStream, reply: FastifyReply, record: GraphQLRequest) => {
    const leave = (): void => void answers.return();
    record.signal.addEventListener('abort', leave, { once: true });
    if (record.signal.aborted) leave();
    const stop = keepAlive(stream, reply, clock, options.heartbeatMs);
    record.events = 0;
    try {
      for await (const result of answers) {
        record.events++;
        await stream.send(JSON.stringify(formatResult(result, record, log)), 'next');
      }
    } finally {
      stop();
      record.signal.removeEventListener('abort', leave);
    }
  };

  return {
    wanted(request) {
      const accept = String(request.headers.accept ?? '').toLowerCase();
      if (!accept.includes('text/event-stream')) return false;
      if (!/application\/(graphql-response\+)?json/.test(accept)) return true;
      // A client that takes either gets what the operation needs.
      const { query, operationName } = (request.method === 'GET' ? request.query : request.body) as {
        readonly query?: unknown;
        readonly operationName?: unknown;
      };
      if (typeof query !== 'string' || !query.includes('subscription')) return false;
      const name = typeof operationName === 'string' ? operationName : undefined;
      return operationType(query, name, maxTokens) === 'subscription';
    },

    async answer(request, reply, record) {
      if (isForeignOrigin(request.headers, options.allowedOrigins)) {
        throw new WeirError('FORBIDDEN', `Pages of ${request.headers.origin} may not open event streams here.`);
      }
      try {
        contexts.readHeaders(record, request.headers);
      } catch (error: unknown) {
        throw error instanceof GraphQLError ? new BadParameters(error.message) : error;
      }
      const parameters = readParameters(request);
      if (request.method === 'GET') {
        const type = operationType(parameters.query, parameters.operationName ?? undefined, maxTokens);
        if (type === 'mutation') throw new NotByGet('A mutation is sent with POST, not with GET.');
      }
      const answering = await asking(record, request.headers, parameters);
      // The end of the stream is the end of the connection: nothing else is on it, and it would hold up a shutdown.
      reply.header('cache-control', 'no-store').header('connection', 'close');
      // Fastify tells only of answers that were sent whole.
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) logRequest(log, request, reply, clock);
      });
      const stream = new EventStream(reply);
      // Some clients wait for the first bytes before they take the stream for open.
      stream.comment();
      if (answering.kind === 'SUBSCRIBED') await deliver(answering.answers, stream, reply, record);
      else stream.send(JSON.stringify(formatResult(answering.result, record, log)), 'next');
      stream.send('', 'complete');
      stream.end();
    },
  };
}
