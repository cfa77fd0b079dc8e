import type { ModelAnswer, ModelChoice, ModelPart } from '../../../models/index.ts';
import { finishReasonOf } from './finish-reason.ts';
import { usageOf } from './usage.ts';

/** What an answer in OpenAI's format says of itself. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  /** The model as the client named it. */
  readonly model: string;
}

/** A whole answer as `chat.completion`. */
export function completionOf(head: AnswerHead, answer: ModelAnswer): Readonly<Record<string, unknown>> {
  const { figures, others } = answer;
  const first = choiceOf({ ...answer, finishReason: figures.finishReason }, 0);
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: others === undefined ? [first] : [first, ...others.map((other, at) => choiceOf(other, at + 1))],
    usage: usageOf(figures),
  };
}

function choiceOf({ parts, finishReason, logprobs }: ModelChoice, index: number): Readonly<Record<string, unknown>> {
  const calls = parts.flatMap(toolCallOf);
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return {
    index,
    message: {
      role: 'assistant',
      content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
      refusal: null,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    logprobs: logprobs ?? null,
    finish_reason: finishReasonOf(finishReason),
  };
}

function toolCallOf(part: ModelPart): readonly Readonly<Record<string, unknown>>[] {
  if (part.kind !== 'toolCall') return [];
  return [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }];
}
