import type { FastifyInstance } from 'fastify';
import { WeirError } from '../../errors/index.ts';
import type { ModelServices } from '../way-in/services.ts';
import { messages } from './messages.ts';
import { toldError } from './write/error.ts';

/** Anthropic's format, under a prefix such as /v1/messages: its clients work with another base URL and one of Weir's keys. */
export function addAnthropicRoutes(scope: FastifyInstance, services: ModelServices): void {
  scope.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = toldError(error, request, services.log);
    return reply.code(status).headers(headers).send(body);
  });
  scope.setNotFoundHandler((request) => {
    const path = request.url.split('?')[0];
    throw new WeirError(
      'NOT_FOUND',
      `There is no ${request.method} ${path}. Of Anthropic's API Weir has POST /v1/messages.`,
    );
  });
  scope.post('/', (request, reply) => messages(request, reply, services));
}
