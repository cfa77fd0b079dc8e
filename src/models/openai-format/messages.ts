import type { ModelMessage, ModelPart } from '../types.ts';
import { misplaced, readArguments } from '../vendor/to-call-options.ts';

/** Messages as they are sent. Throws UpstreamFailure for parts where they cannot stand. */
export function toMessages(messages: readonly ModelMessage[]): readonly object[] {
  return messages.flatMap(({ role, parts }) => {
    switch (role) {
      case 'system':
        return { role, content: parts.map((part) => textOf(part, role)).join('') };
      case 'user':
        return { role, content: userContent(parts) };
      case 'assistant':
        return assistantMessage(parts);
      case 'tool':
        return parts.map((part) => toolMessage(part));
      default: {
        const never: never = role;
        return never;
      }
    }
  });
}

function userContent(parts: readonly ModelPart[]): string | readonly object[] {
  const texts = parts.map((part) => textOf(part, 'user'));
  const [first] = texts;
  return texts.length === 1 && first !== undefined ? first : texts.map((text) => ({ type: 'text', text }));
}

function assistantMessage(parts: readonly ModelPart[]): object {
  let content = '';
  const calls: object[] = [];
  for (const part of parts) {
    if (part.kind === 'toolCall') calls.push(toolCall(part));
    else content += textOf(part, 'assistant');
  }
  if (calls.length === 0) return { role: 'assistant', content };
  return { role: 'assistant', content: content === '' ? null : content, tool_calls: calls };
}

function toolCall(part: Extract<ModelPart, { readonly kind: 'toolCall' }>): object {
  const given = JSON.stringify(readArguments(part));
  return { id: part.id, type: 'function', function: { name: part.name, arguments: given } };
}

function toolMessage(part: ModelPart): object {
  if (part.kind !== 'toolResult') return misplaced(part, 'tool');
  return { role: 'tool', tool_call_id: part.id, content: part.text };
}

function textOf(part: ModelPart, role: string): string {
  return part.kind === 'text' ? part.text : misplaced(part, role);
}
