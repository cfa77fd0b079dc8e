import type { AnswerEnd } from '../model-client.ts';
import type { FinishReason, TokenUsage } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { type Fields, isObject, listIn, numberIn, objectIn, textIn } from './fields.ts';

/** What a message, or a piece of one, says. */
export interface Said {
  readonly text: string;
  /** What the model thinks aloud; servers name it in several ways. */
  readonly thought: string;
  readonly refusal: string;
}

export function readSaid(message: Fields): Said {
  const thought = textIn(message, 'reasoning_content') ?? textIn(message, 'reasoning') ?? '';
  // Some servers have other things than text under this name; those are no refusals.
  const refusal = typeof message.refusal === 'string' ? message.refusal : '';
  if (!Array.isArray(message.content)) return { text: textIn(message, 'content') ?? '', thought, refusal };
  const { text, thought: within } = readParts(message.content);
  return { text, thought: thought + within, refusal };
}

/** Content as a list of parts, as servers of this format with models that think have it. */
function readParts(parts: readonly unknown[]): { readonly text: string; readonly thought: string } {
  let text = '';
  let thought = '';
  for (const part of parts) {
    if (!isObject(part)) throw failures.invalid('a part of the content of the answer must be an object');
    if (part.type === 'text') text += textIn(part, 'text') ?? '';
    if (part.type === 'thinking') thought += readParts(listIn(part, 'thinking') ?? []).text;
  }
  return { text, thought };
}

/** Undefined when the vendor does not say. */
export function readUsage(answer: Fields): TokenUsage | undefined {
  const usage = objectIn(answer, 'usage');
  if (usage === undefined) return undefined;
  const input = objectIn(usage, 'prompt_tokens_details') ?? {};
  const output = objectIn(usage, 'completion_tokens_details') ?? {};
  return {
    input: numberIn(usage, 'prompt_tokens') ?? 0,
    output: numberIn(usage, 'completion_tokens') ?? 0,
    cachedInput: numberIn(input, 'cached_tokens') ?? 0,
    cacheWrite: numberIn(input, 'cache_write_tokens') ?? 0,
    reasoning: numberIn(output, 'reasoning_tokens') ?? 0,
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
