import type { ModelFigures } from '../../../models/index.ts';

/**
 * Anthropic's `usage`, which counts what came from a cache, or went there, apart from the rest; with what the call cost
 * in US dollars, `null` when the price is not known.
 */
export function usageOf({ tokens, usd }: ModelFigures): Readonly<Record<string, unknown>> {
  const { input, output, cachedInput, cacheWrite, reasoning } = tokens;
  return {
    input_tokens: Math.max(0, input - cachedInput - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cachedInput,
    output_tokens: output,
    output_tokens_details: { thinking_tokens: reasoning },
    server_tool_use: null,
    cost: usd ?? null,
  };
}
