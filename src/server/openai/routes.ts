import type { FastifyInstance } from 'fastify';
import { findModelInfo, isAnthropicClient, listModelInfos } from '../anthropic/model-list.ts';
import { toldError as toldAnthropicError } from '../anthropic/write/error.ts';
import { addErrorAnswers } from '../way-in/error-answers.ts';
import type { ModelServices } from '../way-in/services.ts';
import { wayInOf } from '../way-in/way-in.ts';
import { chatCompletions } from './chat.ts';
import { embeddings } from './embeddings.ts';
import { findListed, listModels } from './model-list.ts';
import { toldError } from './write/error.ts';

/** OpenAI's format, under a prefix such as /v1: its clients work with another base URL and one of Weir's keys. */
export function addOpenAiRoutes(scope: FastifyInstance, services: ModelServices): void {
  const { log } = services;
  addErrorAnswers(
    scope,
    (error, request) =>
      isAnthropicClient(request.headers)
        ? toldAnthropicError(error, request, log)
        : toldError(error, request.wayIn, log),
    "Of OpenAI's API Weir has POST /v1/chat/completions, POST /v1/embeddings and GET /v1/models; " +
      "of Anthropic's, POST /v1/messages.",
  );

  scope.post('/chat/completions', (request, reply) => chatCompletions(request, reply, services));
  scope.post('/embeddings', (request, reply) => embeddings(request, reply, services));
  // Both formats have these routes.
  scope.get('/models', async (request) => {
    const { caller } = wayInOf(request);
    if (isAnthropicClient(request.headers)) return listModelInfos(caller, request.query, services);
    return { object: 'list', data: listModels(caller, services) };
  });
  // The names of models have slashes in them.
  scope.get('/models/*', async (request) => {
    const { '*': id } = request.params as { '*': string };
    const { caller } = wayInOf(request);
    return isAnthropicClient(request.headers) ? findModelInfo(id, caller, services) : findListed(id, caller, services);
  });
}
