import { estimateTokens } from './estimate.ts';
import { type CallServices, openCall } from './open-call.ts';
import type { EmbeddingAnswer, EmbeddingRequest, ModelCallContext, ModelTarget } from './types.ts';
import { leftOut } from './unsupported.ts';
import { embeddingOptions, unsupportedOfVectors } from './vendor/embedding-options.ts';
import { failures } from './vendor/failures.ts';
import { failureFromSdk } from './vendor/sdk-error.ts';

/** One attempt for all texts, in as many requests as the vendor's bound on texts asks for. */
export async function embed(
  services: CallServices,
  target: ModelTarget,
  request: EmbeddingRequest,
  context: ModelCallContext,
): Promise<EmbeddingAnswer> {
  const { texts, dimensions } = request;
  const kind = services.accounts.account(target.provider)?.kind;
  const unsupported = kind === undefined ? [] : unsupportedOfVectors(kind, target.model, request);
  if (unsupported.length > 0) throw failures.unsupported(unsupported);
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const { attempt, vendor } = openCall(services, target, context, {
    streamed: false,
    inputTokens,
    maxOutputTokens: 0,
    check: undefined,
  });
  const { limit } = attempt;
  const vectors: (readonly number[])[] = [];
  let tokens: number | undefined = 0;
  try {
    const model = (await limit.race(vendor())).embedding(target.model);
    const options = kind === undefined ? {} : embeddingOptions(kind, target.model, request);
    const most = Math.max(1, (await model.maxEmbeddingsPerCall) ?? texts.length);
    for (let begin = 0; begin < texts.length; begin += most) {
      const values = texts.slice(begin, begin + most);
      const { embeddings, usage, warnings } = await limit.race(
        model.doEmbed({ values, abortSignal: limit.signal, ...options }),
      );
      tokens = tokens === undefined || usage === undefined ? undefined : tokens + usage.tokens;
      const dropped = leftOut(warnings);
      if (dropped.length > 0) throw failures.unsupported(dropped);
      if (embeddings.length !== values.length) {
        throw failures.invalid(`${values.length} vectors were expected, but ${embeddings.length} came`);
      }
      // Of another size they would be of no use, and nobody has said that they are.
      if (dimensions !== undefined && embeddings.some(({ length }) => length !== dimensions)) {
        throw failures.unsupported(['dimensions']);
      }
      vectors.push(...embeddings);
    }
    if (tokens !== undefined) {
      attempt.reported = { input: tokens, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
    }
    attempt.finishReason = 'stop';
    return { vectors, figures: attempt.succeed() };
  } catch (error: unknown) {
    throw attempt.fail(failureFromSdk(error));
  }
}
