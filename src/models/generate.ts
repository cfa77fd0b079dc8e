import { estimatePart } from './estimate.ts';
import { type CallServices, openGeneration } from './open-call.ts';
import type { ModelAnswer, ModelCallContext, ModelRequest, ModelTarget } from './types.ts';
import { leftOut } from './unsupported.ts';
import { failures } from './vendor/failures.ts';
import { failureOfFinish, readFinishReason, readParts, readUsage } from './vendor/from-result.ts';
import { failureFromSdk } from './vendor/sdk-error.ts';
import { toCallOptions } from './vendor/to-call-options.ts';

/** One attempt, whole. */
export async function generate(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
): Promise<ModelAnswer> {
  const call = openGeneration(services, target, request, context, false);
  const { account, attempt, vendor } = call;
  const { limit } = attempt;
  try {
    const options = toCallOptions(account.kind, call.request, limit.signal);
    const model = (await limit.race(vendor())).language(target.model);
    const { content, finishReason, usage, warnings } = await limit.race(model.doGenerate(options));
    attempt.reported = readUsage(usage);
    attempt.finishReason = readFinishReason(finishReason);
    const parts = readParts(content);
    attempt.outputTokens = parts.reduce((sum, part) => sum + estimatePart(part), 0);
    const dropped = leftOut(warnings);
    if (dropped.length > 0) throw failures.unsupported(dropped);
    const failure = failureOfFinish(finishReason);
    if (failure !== undefined) throw failure;
    if (parts.length === 0 && attempt.finishReason !== 'length') {
      throw failures.invalid('the answer has neither text nor tool calls');
    }
    return { parts, figures: attempt.succeed() };
  } catch (error: unknown) {
    throw attempt.fail(failureFromSdk(error));
  }
}
