import type { FinishReason, ModelFigures } from '../../models/index.ts';
import type { Outcome } from '../../sources/index.ts';

const NO_TOKENS = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };

/** What a prompt's call took; undefined when no model was asked for it: the answer was kept, or is a constant. */
export function figuresOf({ figures }: Outcome): ModelFigures | undefined {
  return figures?.tokens === undefined ? undefined : (figures as unknown as ModelFigures);
}

/**
 * `provider/model` of who answers, which is known before it is known what that takes. What another rung gives is of no
 * model, though one may have been asked, and paid, in vain.
 */
export function modelOf({ kind, figures }: Outcome): string | undefined {
  if (kind !== 'FRESH' && kind !== 'BACKUP') return undefined;
  if (typeof figures?.provider !== 'string' || typeof figures.model !== 'string') return undefined;
  return `${figures.provider}/${figures.model}`;
}

/** Figures of an answer that cost nothing. */
export function noFigures(finishReason: FinishReason): ModelFigures {
  return { provider: '', model: '', tokens: NO_TOKENS, tokensReported: true, usd: 0, finishReason };
}

/** Of a served answer: its tokens, and its price in US dollars (`null`: not known). */
export function usageOf(figures: ModelFigures | undefined): Readonly<Record<string, unknown>> | null {
  if (figures === undefined) return null;
  const { tokens, usd } = figures;
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cachedTokens: tokens.cachedInput,
    reasoningTokens: tokens.reasoning,
    costUsd: usd ?? null,
  };
}
