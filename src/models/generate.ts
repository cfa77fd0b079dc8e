import { estimatePart } from './estimate.ts';
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
    const { parts, tokens, finishReason, failure } = await client.generate(sent);
    attempt.reported = tokens;
    attempt.finishReason = finishReason;
    if (tokens === undefined) attempt.outputTokens = parts.reduce((sum, part) => sum + estimatePart(part), 0);
    if (failure !== undefined) throw failure;
    if (parts.length === 0 && finishReason !== 'length') {
      throw failures.invalid('the answer has neither text nor tool calls');
    }
    return { parts, figures: attempt.succeed() };
  } catch (error: unknown) {
    throw attempt.fail(failureFromSdk(error));
  }
}
