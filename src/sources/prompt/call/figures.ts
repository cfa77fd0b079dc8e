import type { ModelFigures, TokenUsage } from '../../../models/index.ts';

/**
 * What a call of a prompt took, for `weir-trace` and accounts. Tokens and cost are sums over every time a model was
 * asked: also when it was asked in vain. Model and finish reason are those of the last time.
 */
export interface PromptFigures extends ModelFigures {
  /** Each time a model was asked and told what it took, in order. */
  readonly calls: readonly ModelFigures[];
}

/** Undefined when no model was asked. */
export function promptFigures(calls: readonly ModelFigures[]): PromptFigures | undefined {
  const last = calls.at(-1);
  if (last === undefined) return undefined;
  const sum = (part: keyof TokenUsage): number => calls.reduce((total, { tokens }) => total + tokens[part], 0);
  const tokens: TokenUsage = {
    input: sum('input'),
    output: sum('output'),
    cachedInput: sum('cachedInput'),
    cacheWrite: sum('cacheWrite'),
    reasoning: sum('reasoning'),
  };
  return {
    provider: last.provider,
    model: last.model,
    finishReason: last.finishReason,
    tokens,
    tokensReported: calls.every(({ tokensReported }) => tokensReported),
    usd: sumOfUsd(calls),
    calls: [...calls],
  };
}

/** A sum with an unknown part is unknown. */
function sumOfUsd(calls: readonly ModelFigures[]): number | undefined {
  let sum = 0;
  for (const { usd } of calls) {
    if (usd === undefined) return undefined;
    sum += usd;
  }
  return sum;
}
