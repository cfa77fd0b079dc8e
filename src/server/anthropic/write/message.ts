import { WeirError } from '../../../errors/index.ts';
import type { ModelAnswer, ModelPart } from '../../../models/index.ts';
import { stopReasonOf } from './stop-reason.ts';
import { usageOf } from './usage.ts';

/** What an answer in Anthropic's format says of itself. */
export interface MessageHead {
  readonly id: string;
  /** The model as the client named it. */
  readonly model: string;
}

/** What every message has, and Weir has nothing to say of. */
const NOTHING = { stop_sequence: null, stop_details: null, container: null };

/** A message as it begins, and as it is when it is whole. */
export function messageOf(
  { id, model }: MessageHead,
  content: readonly object[],
  stopReason: string | null,
  usage: object,
): Readonly<Record<string, unknown>> {
  return { id, type: 'message', role: 'assistant', model, content, stop_reason: stopReason, ...NOTHING, usage };
}

/** A whole answer as a `message`. Throws WeirError for arguments of a tool call that are no JSON object. */
export function wholeMessage(head: MessageHead, { parts, figures }: ModelAnswer): Readonly<Record<string, unknown>> {
  const hasToolCalls = parts.some(({ kind }) => kind === 'toolCall');
  const content = parts.flatMap((part) => blockOf(part, head.model) ?? []);
  return messageOf(head, content, stopReasonOf(figures.finishReason, hasToolCalls), usageOf(figures));
}

/** A block of text as it begins. */
export const textBlock = (text: string): object => ({ type: 'text', text, citations: null });

/** What the model thought aloud, with its vendor's seal. */
export const thinkingBlock = (thinking: string, signature: string): object => ({
  type: 'thinking',
  thinking,
  signature,
});

/** The same, where nobody but the vendor can read it. */
export const sealedBlock = (data: string): object => ({ type: 'redacted_thinking', data });

/** A call of a tool as it begins. */
export function toolUseBlock(id: string, name: string, input: object): object {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
}

function blockOf(part: ModelPart, model: string): object | undefined {
  switch (part.kind) {
    case 'text':
      return textBlock(part.text);
    case 'toolCall':
      return toolUseBlock(part.id, part.name, inputOf(part.arguments, model));
    case 'thinking':
      return thinkingBlock(part.text, part.signature);
    case 'sealedThinking':
      return sealedBlock(part.data);
    // No answer has them.
    case 'file':
    case 'toolResult':
      return undefined;
    default: {
      const never: never = part;
      return never;
    }
  }
}

function inputOf(given: string, model: string): object {
  let input: unknown;
  try {
    input = given === '' ? {} : JSON.parse(given);
  } catch {
    input = undefined;
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new WeirError(
    'UPSTREAM_INVALID_RESPONSE',
    `${model} called a tool with arguments that are no JSON object, or broke off within them.`,
  );
}
