import type { FastifyReply, FastifyRequest } from 'fastify';
import { failed, findTarget, targetContext } from '../way-in/model-respondent.ts';
import { noteServed } from '../way-in/served.ts';
import type { ModelServices } from '../way-in/services.ts';
import { refuseUnsupported } from '../way-in/unsupported.ts';
import { wayInOf } from '../way-in/way-in.ts';
import { openAiName } from './names.ts';
import { readEmbeddingRequest } from './read/embedding-request.ts';
import { embeddingsOf } from './write/embeddings.ts';

/** POST /v1/embeddings. */
export async function embeddings(
  request: FastifyRequest,
  reply: FastifyReply,
  services: ModelServices,
): Promise<FastifyReply> {
  const wayIn = wayInOf(request);
  const { model, asked, encoding } = readEmbeddingRequest(request.body);
  wayIn.asked = model;
  const target = findTarget(model, services);
  refuseUnsupported(services.models, target, asked, openAiName);
  const outcome = await services.targets.embed([target], asked, targetContext(wayIn, services));
  if (!outcome.ok) throw failed(model, outcome);
  noteServed(reply, wayIn, { model, outcome: 'FRESH', usd: outcome.answer.figures.usd });
  return reply.send(embeddingsOf(model, outcome.answer, encoding));
}
