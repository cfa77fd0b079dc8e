import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../runtime/index.ts';
import type { GraphQLRequest } from './graphql-request.ts';

/** One line per HTTP request: who, what, how long, how it was served. Never variables, bodies or credentials. */
export function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  if (!log.isLevelEnabled('info')) return;
  const told = request.graphql === null ? {} : facts(request.graphql, clock);
  log.info({ requestId: request.id, method: request.method, status: reply.statusCode, ...told }, 'request');
}

/** The same for an operation over a WebSocket, when it has ended. */
export function logOperation(log: Logger, request: GraphQLRequest, protocol: string, clock: Clock): void {
  log.info({ requestId: request.id, protocol, ...facts(request, clock) }, 'request');
}

function facts(request: GraphQLRequest, clock: Clock): Readonly<Record<string, unknown>> {
  const { caller, served, errorCodes } = request;
  return {
    caller: caller.id,
    operation: request.operationName,
    type: request.operationType,
    graphVersion: request.graphVersion,
    ms: Math.round((clock.now() - request.startedAt) * 10) / 10,
    events: request.events,
    served: Object.keys(served).length === 0 ? undefined : served,
    errors: errorCodes.length === 0 ? undefined : errorCodes,
  };
}
