import type { LanguageModelV4Content, LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { UpstreamFailure } from '../../errors/index.ts';
import type { FinishReason, ModelPart, TokenUsage } from '../types.ts';
import { failures } from './failures.ts';
import { readThought } from './thoughts.ts';

/** Text and tool calls of an answer. Its sources are left out, and so is what a model thinks aloud unless it was asked for. */
export function readParts(content: readonly LanguageModelV4Content[], thoughts: boolean): readonly ModelPart[] {
  return content.flatMap((one): readonly ModelPart[] => {
    if (one.type === 'text') return one.text === '' ? [] : [{ kind: 'text', text: one.text }];
    if (one.type !== 'tool-call') return thoughts ? readThought(one) : [];
    return [{ kind: 'toolCall', id: one.toolCallId, name: one.toolName, arguments: one.input }];
  });
}

/** What the vendor says it counted; undefined when it does not say. */
export function readUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): TokenUsage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  return {
    input: inputTokens.total ?? 0,
    output: outputTokens.total ?? 0,
    cachedInput: inputTokens.cacheRead ?? 0,
    cacheWrite: inputTokens.cacheWrite ?? 0,
    reasoning: outputTokens.reasoning ?? 0,
  };
}

export function readFinishReason({ unified }: LanguageModelV4FinishReason): FinishReason {
  switch (unified) {
    case 'content-filter':
      return 'contentFilter';
    case 'tool-calls':
      return 'toolCalls';
    case 'stop':
    case 'length':
      return unified;
    case 'error':
    case 'interrupted':
    case 'other':
      return 'other';
    default: {
      const never: never = unified;
      return never;
    }
  }
}

/**
 * A way to finish that is a failure. A refusal is told by its own reason (Anthropic), or by a filter that the vendor
 * did not name as its reason: so packages mark the refusals of OpenAI's format.
 */
export function failureOfFinish({ unified, raw }: LanguageModelV4FinishReason): UpstreamFailure | undefined {
  if (unified === 'error') return failures.serverError({});
  if (unified !== 'content-filter') return undefined;
  return raw === undefined || /refus|^stop$|^completed$/i.test(raw) ? failures.refused() : failures.contentFiltered({});
}

/** Packages say one of these, and no word of the vendor's, when a stream ended without any. */
export function hasFinishReason({ unified, raw }: LanguageModelV4FinishReason): boolean {
  return raw !== undefined || (unified !== 'other' && unified !== 'interrupted' && unified !== 'error');
}
