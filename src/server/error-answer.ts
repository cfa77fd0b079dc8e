import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { WeirError } from '../errors/index.ts';
import { errorStatus, retryAfterSeconds } from './error-status.ts';

/** An error in the shape of GraphQL. */
export interface ClientError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** Answers a failure outside of GraphQL execution in the shape of a GraphQL error, masked where it is not ours. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const status = error instanceof WeirError ? errorStatus(error) : refusedStatus(error);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="weir"');
  const after = error instanceof WeirError ? retryAfterSeconds(error) : undefined;
  if (after !== undefined) reply.header('retry-after', after);
  return reply
    .code(status ?? 500)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send({ errors: [clientError(error, request.id, log)] });
}

/** What a client is told of a failure. One that is none of its business is logged under the request's id. */
export function clientError(error: unknown, requestId: string, log: Logger): ClientError {
  if (error instanceof WeirError) {
    return { message: error.message, extensions: { ...error.extensions, code: error.code } };
  }
  if (refusedStatus(error) !== undefined) {
    const message = error instanceof Error ? error.message : 'The request cannot be read.';
    const problems = typeof error === 'object' && error !== null && 'problems' in error ? error.problems : undefined;
    return { message, extensions: { code: 'BAD_REQUEST', ...(problems === undefined ? {} : { problems }) } };
  }
  log.error({ requestId, err: error }, 'unexpected error');
  return {
    message: 'Something went wrong inside Weir. The request id names it in the log.',
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

/** HTTP status of an error that blames the client; undefined for any other. */
export function refusedStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode < 500 ? statusCode : undefined;
}
