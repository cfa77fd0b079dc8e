import type { AnswerEnd } from '../model-client.ts';
import type { FinishReason, TokenUsage } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { type Fields, isObject, listAt, numberAt, objectAt, textAt } from './fields.ts';

/** What a message, or a piece of one, says. */
export interface Said {
  readonly text: string;
  /** What the model thinks aloud; servers name it in several ways. */
  readonly thought: string;
  readonly refusal: string;
}

export function readSaid(message: Fields): Said {
  const thought =
    textAt(message.reasoning_content, 'reasoning_content') ?? textAt(message.reasoning, 'reasoning') ?? '';
  // Some servers have other things than text under this name; those are no refusals.
  const refusal = typeof message.refusal === 'string' ? message.refusal : '';
  if (!Array.isArray(message.content)) return { text: textAt(message.content, 'content') ?? '', thought, refusal };
  const { text, thought: within } = readParts(message.content);
  return { text, thought: thought + within, refusal };
}

/** Content as a list of parts, as servers of this format with models that think have it. */
function readParts(parts: readonly unknown[]): { readonly text: string; readonly thought: string } {
  let text = '';
  let thought = '';
  for (const part of parts) {
    if (!isObject(part)) throw failures.invalid('a part of the content of the answer must be an object');
    if (part.type === 'text') text += textAt(part.text, 'text') ?? '';
    if (part.type === 'thinking') thought += readParts(listAt(part.thinking, 'thinking') ?? []).text;
  }
  return { text, thought };
}

/** Undefined when the vendor does not say. */
export function readUsage(answer: Fields): TokenUsage | undefined {
  const usage = objectAt(answer.usage, 'usage');
  if (usage === undefined) return undefined;
  const input = objectAt(usage.prompt_tokens_details, 'prompt_tokens_details') ?? {};
  const output = objectAt(usage.completion_tokens_details, 'completion_tokens_details') ?? {};
  return {
    input: numberAt(usage.prompt_tokens, 'prompt_tokens') ?? 0,
    output: numberAt(usage.completion_tokens, 'completion_tokens') ?? 0,
    cachedInput: numberAt(input.cached_tokens, 'cached_tokens') ?? 0,
    cacheWrite: numberAt(input.cache_write_tokens, 'cache_write_tokens') ?? 0,
    reasoning: numberAt(output.reasoning_tokens, 'reasoning_tokens') ?? 0,
  };
}

/** A refusal ends as any answer does, and is told by its text. */
export function readEnd(tokens: TokenUsage | undefined, reason: string, refused: boolean): AnswerEnd {
  if (reason === 'content_filter') {
    return { tokens, finishReason: 'contentFilter', failure: failures.contentFiltered({}) };
  }
  if (reason === 'stop' && refused) return { tokens, finishReason: 'contentFilter', failure: failures.refused() };
  return { tokens, finishReason: readReason(reason), failure: undefined };
}

function readReason(reason: string): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
      return reason;
    case 'tool_calls':
    case 'function_call':
      return 'toolCalls';
    default:
      return 'other';
  }
}
