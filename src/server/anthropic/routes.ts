import type { FastifyInstance } from 'fastify';
import { addErrorAnswers } from '../way-in/error-answers.ts';
import type { ModelServices } from '../way-in/services.ts';
import { messages } from './messages.ts';
import { toldError } from './write/error.ts';

/** Anthropic's format, under a prefix such as /v1/messages: its clients work with another base URL and one of Weir's keys. */
export function addAnthropicRoutes(scope: FastifyInstance, services: ModelServices): void {
  const has = "Of Anthropic's API Weir has POST /v1/messages and GET /v1/models.";
  addErrorAnswers(scope, (error, request) => toldError(error, request, services.log), has);
  scope.post('/', (request, reply) => messages(request, reply, services));
}
