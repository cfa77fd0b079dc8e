import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerStreamed, answerWhole } from '../way-in/answer-chat.ts';
import { modelRespondent } from '../way-in/model-respondent.ts';
import { respondentOf } from '../way-in/respondent-of.ts';
import type { ModelServices } from '../way-in/services.ts';
import { wayInOf } from '../way-in/way-in.ts';
import { anthropicName } from './names.ts';
import { readHeaders } from './read/headers.ts';
import { readMessagesRequest } from './read/messages-request.ts';
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
  const respondent = respondentOf(forPrompt, wayIn, request.headers, services, () =>
    modelRespondent(asked, anthropicName, wayIn, services),
  );
  const head: MessageHead = { id: `msg_${request.id}`, model: asked.model };
  const answer = { respondent, reply, wayIn, clock: services.clock };
  if (!asked.stream) return answerWhole(answer, (whole) => wholeMessage(head, whole));
  const failed = (error: unknown): object => toldError(error, request, services.log).body;
  return answerStreamed(answer, createEventWriter(head, failed));
}
