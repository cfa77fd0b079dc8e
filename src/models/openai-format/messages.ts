import type { ModelMessage, ModelPart, ProviderKind } from '../types.ts';
import { misplaced, readArguments } from '../vendor/to-call-options.ts';
import { filePart } from './files.ts';

/** Messages as they are sent. Throws UpstreamFailure for parts where they cannot stand. */
export function toMessages(messages: readonly ModelMessage[], kind: ProviderKind): readonly object[] {
  return messages.flatMap(({ role, name, parts }) => {
    switch (role) {
      case 'system':
        return { role, name, content: parts.map((part) => textOf(part, role)).join('') };
      case 'user':
        return { role, name, content: userContent(parts, kind) };
      case 'assistant':
        return assistantMessage(parts, name);
      case 'tool':
        return parts.map((part) => toolMessage(part));
      default: {
        const never: never = role;
        return never;
      }
    }
  });
}

function userContent(parts: readonly ModelPart[], kind: ProviderKind): string | readonly object[] {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'text') return first.text;
  return parts.map((part) =>
    part.kind === 'file' ? filePart(part, kind) : { type: 'text', text: textOf(part, 'user') },
  );
}

function assistantMessage(parts: readonly ModelPart[], name: string | undefined): object {
  let content = '';
  const calls: object[] = [];
  for (const part of parts) {
    if (part.kind === 'toolCall') calls.push(toolCall(part));
    else content += textOf(part, 'assistant');
  }
  if (calls.length === 0) return { role: 'assistant', name, content };
  return { role: 'assistant', name, content: content === '' ? null : content, tool_calls: calls };
}

function toolCall(part: Extract<ModelPart, { readonly kind: 'toolCall' }>): object {
  readArguments(part);
  return { id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments || '{}' } };
}

function toolMessage(part: ModelPart): object {
  if (part.kind !== 'toolResult') return misplaced(part, 'tool');
  return { role: 'tool', tool_call_id: part.id, content: part.text };
}

function textOf(part: ModelPart, role: string): string {
  return part.kind === 'text' ? part.text : misplaced(part, role);
}
