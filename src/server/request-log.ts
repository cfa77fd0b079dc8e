import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../runtime/index.ts';

/** One line per request: who, what, how long, how it was served. Never variables, bodies or credentials. */
export function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  const http = request.graphql;
  log.info(
    {
      requestId: request.id,
      method: request.method,
      status: reply.statusCode,
      caller: http?.caller.id,
      operation: http?.operationName,
      type: http?.operationType,
      graphVersion: http?.graphVersion,
      ms: http === null ? undefined : Math.round((clock.now() - http.startedAt) * 10) / 10,
      served: http === null || Object.keys(http.served).length === 0 ? undefined : http.served,
      errors: http === null || http.errorCodes.length === 0 ? undefined : http.errorCodes,
    },
    'request',
  );
}
