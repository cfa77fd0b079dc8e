import { estimatePart } from './estimate.ts';
import type { WholeAnswer } from './model-client.ts';
import { type CallServices, openGeneration } from './open-call.ts';
import type { ModelAnswer, ModelCallContext, ModelRequest, ModelTarget } from './types.ts';
import { failures } from './vendor/failures.ts';
import { failureFromSdk } from './vendor/sdk-error.ts';

/** One attempt, whole. */
export async function generate(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
): Promise<ModelAnswer> {
  const { attempt, client, request: sent } = openGeneration(services, target, request, context, false);
  try {
    const answer = await client.generate(sent);
    const { parts, logprobs, others, tokens, finishReason, failure } = answer;
    attempt.reported = tokens;
    attempt.finishReason = finishReason;
    if (tokens === undefined) attempt.outputTokens = estimateAnswer(answer);
    if (failure !== undefined) throw failure;
    if (parts.length === 0 && others === undefined && finishReason !== 'length') {
      throw failures.invalid('the answer has neither text nor tool calls');
    }
    return { parts, ...(logprobs && { logprobs }), ...(others && { others }), figures: attempt.succeed() };
  } catch (error: unknown) {
    throw attempt.fail(failureFromSdk(error));
  }
}

function estimateAnswer({ parts, others = [] }: WholeAnswer): number {
  const all = [...parts, ...others.flatMap((other) => other.parts)];
  return all.reduce((sum, part) => sum + estimatePart(part), 0);
}
