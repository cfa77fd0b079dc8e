import type { FastifyReply, FastifyRequest } from 'fastify';
import { findTarget, modelRespondent } from '../openai/model-respondent.ts';
import { answerStreamed, answerWhole } from '../way-in/answer-chat.ts';
import type { Respondent } from '../way-in/respondent.ts';
import { respondentOf } from '../way-in/respondent-of.ts';
import type { ModelServices } from '../way-in/services.ts';
import { refuseUnsupported } from '../way-in/unsupported.ts';
import { type WayIn, wayInOf } from '../way-in/way-in.ts';
import { anthropicName } from './names.ts';
import { readHeaders } from './read/headers.ts';
import { type MessagesRequest, readMessagesRequest } from './read/messages-request.ts';
import { toldError } from './write/error.ts';
import { createEventWriter } from './write/events.ts';
import { type MessageHead, wholeMessage } from './write/message.ts';

/** POST /v1/messages. */
export async function messages(
  request: FastifyRequest,
  reply: FastifyReply,
  services: ModelServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  // Where these clients look for the request's name.
  reply.header('request-id', request.id);
  const asked = readMessagesRequest(request.body, readHeaders(request.headers));
  const forPrompt = { ...asked, request: asked.conversation };
  const respondent = respondentOf(forPrompt, wayIn, request.headers, services, () => ofModel(asked, wayIn, services));
  const head: MessageHead = { id: `msg_${request.id}`, model: asked.model };
  const answer = { respondent, reply, wayIn, clock: services.clock };
  if (!asked.stream) return answerWhole(answer, (whole) => wholeMessage(head, whole));
  const failed = (error: unknown): object => toldError(error, request, services.log).body;
  return answerStreamed(answer, createEventWriter(head, failed));
}

/** What the vendor of this model cannot honour is refused in Anthropic's words. */
function ofModel(asked: MessagesRequest, wayIn: WayIn, services: ModelServices): Respondent {
  refuseUnsupported(services.models, findTarget(asked.model, services), asked.request, anthropicName);
  return modelRespondent({ ...asked, includeUsage: true }, wayIn, services);
}
