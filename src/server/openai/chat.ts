import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerStreamed, answerWhole, type StreamWriter } from '../way-in/answer-chat.ts';
import { modelRespondent } from '../way-in/model-respondent.ts';
import { respondentOf } from '../way-in/respondent-of.ts';
import type { ModelServices } from '../way-in/services.ts';
import { type WayIn, wayInOf } from '../way-in/way-in.ts';
import { openAiName } from './names.ts';
import { readChatRequest } from './read/chat-request.ts';
import { type ChunkWriter, createChunkWriter } from './write/chunks.ts';
import { type AnswerHead, completionOf } from './write/completion.ts';
import { toldError } from './write/error.ts';

/** POST /v1/chat/completions. */
export async function chatCompletions(
  request: FastifyRequest,
  reply: FastifyReply,
  services: ModelServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  const { clock } = services;
  const chat = readChatRequest(request.body);
  const respondent = respondentOf(chat, wayIn, request.headers, services, () =>
    modelRespondent(chat, openAiName, wayIn, services),
  );
  const created = Math.floor(clock.now() / 1000);
  const head: AnswerHead = { id: `chatcmpl-${request.id}`, created, model: chat.model };
  const answer = { respondent, reply, wayIn, clock };
  if (!chat.stream) return answerWhole(answer, (whole) => completionOf(head, whole));
  return answerStreamed(answer, streamWriter(createChunkWriter(head, chat.includeUsage), wayIn, services));
}

/** A stream that broke off ends with the error, and without `[DONE]`. */
function streamWriter(chunks: ChunkWriter, wayIn: WayIn, { log }: ModelServices): StreamWriter {
  return {
    begin: (to) => void to.send(chunks.begin()),
    piece: (to, event) => to.send(chunks.piece(event)),
    finish(to, figures) {
      for (const chunk of chunks.finish(figures)) void to.send(chunk);
      void to.send('[DONE]');
    },
    fail: (to, error) => void to.send(JSON.stringify(toldError(error, wayIn, log).body)),
  };
}
