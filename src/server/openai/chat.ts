import type { FastifyReply, FastifyRequest } from 'fastify';
import { WeirError } from '../../errors/index.ts';
import type { OpenPrompt } from '../prompts/prompts.ts';
import { EventStream } from '../way-in/event-stream.ts';
import { noteServed } from '../way-in/served.ts';
import { type WayIn, wayInOf } from '../way-in/way-in.ts';
import { modelRespondent } from './model-respondent.ts';
import { promptRespondent } from './prompt-respondent.ts';
import { type ChatRequest, readChatRequest } from './read/chat-request.ts';
import type { Respondent } from './respondent.ts';
import type { OpenAiServices } from './services.ts';
import { createChunkWriter } from './write/chunks.ts';
import { type AnswerHead, completionOf } from './write/completion.ts';
import { toldError } from './write/error.ts';

/** `prompt/<name>` in place of a model. */
const PROMPT_PREFIX = 'prompt/';

/** POST /v1/chat/completions. */
export async function chatCompletions(
  request: FastifyRequest,
  reply: FastifyReply,
  services: OpenAiServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  const chat = readChatRequest(request.body);
  wayIn.asked = chat.model;
  const respondent = respondentOf(chat, wayIn, request, services);
  const created = Math.floor(services.clock.now() / 1000);
  const head: AnswerHead = { id: `chatcmpl-${request.id}`, created, model: chat.model };
  if (chat.stream) return answerStreamed(respondent, chat, head, reply, wayIn, services);

  const { answer, served } = await respondent.answer();
  noteServed(reply, wayIn, served);
  return reply.send(completionOf(head, answer));
}

function respondentOf(chat: ChatRequest, wayIn: WayIn, request: FastifyRequest, services: OpenAiServices): Respondent {
  if (!chat.model.startsWith(PROMPT_PREFIX)) return modelRespondent(chat, wayIn, services);
  const name = chat.model.slice(PROMPT_PREFIX.length);
  return promptRespondent(openPrompt(name, wayIn, request, services), chat);
}

/** One that is not there, or not for this caller, is a model that is not there. */
function openPrompt(name: string, wayIn: WayIn, request: FastifyRequest, services: OpenAiServices): OpenPrompt {
  try {
    return services.prompts.open(name, wayIn, services.forwardable(request.headers));
  } catch (error: unknown) {
    if (!(error instanceof WeirError) || error.code !== 'NOT_FOUND') throw error;
    throw new WeirError('NOT_FOUND', error.message, { ...error.details, param: 'model' });
  }
}

/** A failure before the first piece is an answer of its own; after it, an event, and the stream has no `[DONE]`. */
async function answerStreamed(
  respondent: Respondent,
  chat: ChatRequest,
  head: AnswerHead,
  reply: FastifyReply,
  wayIn: WayIn,
  services: OpenAiServices,
): Promise<FastifyReply> {
  const events = respondent.stream()[Symbol.asyncIterator]();
  const writer = createChunkWriter(head, chat.includeUsage);
  const first = await events.next();
  if (first.done === true || first.value.kind !== 'started') {
    throw new Error('a stream must begin with its start');
  }
  noteServed(reply, wayIn, first.value.served);
  const stream = new EventStream(reply, services.clock);
  try {
    void stream.send(writer.begin());
    for (;;) {
      const { done, value: event } = await events.next();
      if (done === true || event.kind === 'started') throw new Error('a stream must end with its finish');
      if (event.kind === 'finish') {
        for (const chunk of writer.finish(event.figures)) void stream.send(chunk);
        void stream.send('[DONE]');
        break;
      }
      const drained = stream.send(writer.piece(event));
      if (drained !== undefined) await drained;
      if (wayIn.signal.aborted) break;
    }
  } catch (error: unknown) {
    const told = toldError(error, wayIn, services.log);
    wayIn.outcome = 'FAILED';
    void stream.send(JSON.stringify(told.body));
  } finally {
    await events.return?.();
    stream.end();
  }
  return reply;
}
