import type { ModelFigures } from '../../../models/index.ts';

/** OpenAI's `usage`, with what the call cost in US dollars; `null` when the price is not known. */
export function usageOf({ tokens, usd }: ModelFigures): Readonly<Record<string, unknown>> {
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    prompt_tokens_details: { cached_tokens: tokens.cachedInput },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning },
    cost: usd ?? null,
  };
}
