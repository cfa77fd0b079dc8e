import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, WeirError } from '../errors/index.ts';

/** HTTP status of an error that ends a request before GraphQL is reached. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  STORAGE_UNAVAILABLE: 503,
};

/** Answers a failure outside of GraphQL execution in the shape of a GraphQL error, masked where it is not ours. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  if (error instanceof WeirError) {
    return send(reply, STATUS[error.code] ?? 400, error.message, error.extensions);
  }
  const status = statusOf(error);
  if (status !== undefined && status < 500) {
    const message = error instanceof Error ? error.message : 'The request cannot be read.';
    return send(reply, status, message, { code: 'BAD_REQUEST' });
  }
  log.error({ requestId: request.id, err: error }, 'unexpected error');
  return send(reply, 500, 'Something went wrong inside Weir. The request id names it in the log.', {
    code: 'INTERNAL_SERVER_ERROR',
  });
}

function send(reply: FastifyReply, status: number, message: string, extensions: Record<string, unknown>): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="weir"');
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send({ errors: [{ message, extensions }] });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
