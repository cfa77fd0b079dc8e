import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { RequestHeaders } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { answerError } from '../error-answer.ts';
import { RequestRefused } from '../way-in/refused.ts';
import { noteServed } from '../way-in/served.ts';
import { wayInOf } from '../way-in/way-in.ts';
import { figuresOf, modelOf, usageOf } from './figures.ts';
import { openApiOf } from './open-api.ts';
import type { OpenPrompt, Prompts } from './prompts.ts';
import { answerStreamed } from './streamed.ts';
import { readVariables } from './variables.ts';

export interface PromptServices {
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly log: Logger;
  /** The headers of a request that a source may forward. */
  readonly forwardable: (headers: RequestHeaders) => Readonly<Record<string, string>>;
}

/** Prompts as REST operations, under a prefix such as /prompts. */
export function addPromptRoutes(scope: FastifyInstance, services: PromptServices): void {
  scope.setErrorHandler((error, request, reply) => {
    const { wayIn } = request;
    const told = wayIn?.ended ?? error;
    if (wayIn !== null && told instanceof WeirError) wayIn.errorCode = told.code;
    return answerError(told, request, reply, services.log);
  });
  // No prompt can have this name: names have no dots.
  scope.get('/openapi.json', async (request) => openApiOf(services.prompts.visibleTo(wayInOf(request).caller)));
  scope.post('/:name', (request, reply) => ask(request, reply, services));
}

async function ask(request: FastifyRequest, reply: FastifyReply, services: PromptServices): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  const { name } = request.params as { name: string };
  const prompt = services.prompts.open(name, wayIn, services.forwardable(request.headers));
  wayIn.asked = `prompt/${name}`;
  const variables = readVariables(prompt.field, bodyObject(request.body));
  if (wantsStream(request)) return answerStreamed(prompt, variables, reply, wayIn, services);
  return answerWhole(prompt, variables, request, reply);
}

async function answerWhole(
  prompt: OpenPrompt,
  variables: Readonly<Record<string, unknown>>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const outcome = await prompt.ask(variables);
  const { value, kind } = outcome;
  const figures = figuresOf(outcome);
  const model = modelOf(outcome);
  noteServed(reply, wayInOf(request), { model, outcome: kind, usd: figures?.usd });
  return reply.send({ value, outcome: kind, model: model ?? null, usage: usageOf(figures) });
}

/** Whether the client accepts server-sent events (RFC 9110 section 12.5.1): only when it says so itself. */
function wantsStream({ headers }: FastifyRequest): boolean {
  return /(^|[\s,])text\/event-stream\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers.accept ?? '');
}

/** A prompt without variables may be asked with no body at all. */
function bodyObject(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as Readonly<Record<string, unknown>>;
  throw new RequestRefused([{ path: '', message: "Expected a JSON object with the prompt's variables." }]);
}
