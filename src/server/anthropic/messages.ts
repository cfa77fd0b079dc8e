import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModelRequest } from '../../models/index.ts';
import { findTarget, modelRespondent } from '../openai/model-respondent.ts';
import { answerStreamed, answerWhole } from '../way-in/answer-chat.ts';
import { RequestRefused } from '../way-in/refused.ts';
import type { Respondent } from '../way-in/respondent.ts';
import { respondentOf } from '../way-in/respondent-of.ts';
import type { ModelServices } from '../way-in/services.ts';
import { tell } from '../way-in/told.ts';
import { type WayIn, wayInOf } from '../way-in/way-in.ts';
import { checkHeaders } from './read/headers.ts';
import { type MessagesRequest, readMessagesRequest } from './read/messages-request.ts';
import { errorBody } from './write/error.ts';
import { createEventWriter } from './write/events.ts';
import { type MessageHead, wholeMessage } from './write/message.ts';

/** Anthropic's names of what `Models.unsupported` names in Weir's words. */
const ANTHROPIC_NAMES: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  maxOutputTokens: 'max_tokens',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  output: 'output_config.format',
  user: 'metadata.user_id',
  file: 'messages',
};

/** POST /v1/messages. */
export async function messages(
  request: FastifyRequest,
  reply: FastifyReply,
  services: ModelServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  // Where these clients look for the request's name.
  reply.header('request-id', request.id);
  checkHeaders(request.headers);
  const asked = readMessagesRequest(request.body);
  const forPrompt = { ...asked, request: asked.conversation };
  const respondent = respondentOf(forPrompt, wayIn, request.headers, services, () => ofModel(asked, wayIn, services));
  const head: MessageHead = { id: `msg_${request.id}`, model: asked.model };
  const answer = { respondent, reply, wayIn, clock: services.clock };
  if (!asked.stream) return answerWhole(answer, (whole) => wholeMessage(head, whole));
  const failed = (error: unknown): object => errorBody(tell(error, wayIn, services.log), request.id);
  return answerStreamed(answer, createEventWriter(head, failed));
}

/** Throws RequestRefused, in Anthropic's words, for what the vendor of this model cannot honour. */
function ofModel(asked: MessagesRequest, wayIn: WayIn, services: ModelServices): Respondent {
  refuseUnsupported(asked.model, asked.request, services);
  return modelRespondent({ ...asked, includeUsage: true }, wayIn, services);
}

function refuseUnsupported(model: string, request: ModelRequest, services: ModelServices): void {
  const target = findTarget(model, services);
  const refused = services.models.unsupported(target, request);
  if (refused.length === 0) return;
  const message = `${target.provider} cannot honour it for ${target.model}, and Weir drops nothing silently.`;
  throw new RequestRefused(refused.map((name) => ({ path: ANTHROPIC_NAMES[name] ?? name, message })));
}
