import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteServed } from '../way-in/served.ts';
import { wayInOf } from '../way-in/way-in.ts';
import { failed, findTarget, targetContext } from './model-respondent.ts';
import { readEmbeddingRequest } from './read/embedding-request.ts';
import type { OpenAiServices } from './services.ts';
import { refuseUnsupported } from './unsupported.ts';
import { embeddingsOf } from './write/embeddings.ts';

/** POST /v1/embeddings. */
export async function embeddings(
  request: FastifyRequest,
  reply: FastifyReply,
  services: OpenAiServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  const { model, asked, encoding } = readEmbeddingRequest(request.body);
  wayIn.asked = model;
  const target = findTarget(model, services);
  refuseUnsupported(target, asked, services);
  const outcome = await services.targets.embed([target], asked, targetContext(wayIn, services));
  if (!outcome.ok) throw failed(model, outcome);
  noteServed(reply, wayIn, { model, outcome: 'FRESH', usd: outcome.answer.figures.usd });
  return reply.send(embeddingsOf(model, outcome.answer, encoding));
}
