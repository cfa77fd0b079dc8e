import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WeirError } from '../../errors/index.ts';

/** A failure in a vendor's format. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Failures of all routes of a scope, and of those that it has not: then its clients are told what it `has`. */
export function addErrorAnswers(
  scope: FastifyInstance,
  answerOf: (error: unknown, request: FastifyRequest) => ErrorAnswer,
  has: string,
): void {
  scope.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = answerOf(error, request);
    return reply.code(status).headers(headers).send(body);
  });
  scope.setNotFoundHandler((request) => {
    const path = request.url.split('?')[0];
    throw new WeirError('NOT_FOUND', `There is no ${request.method} ${path}. ${has}`);
  });
}
