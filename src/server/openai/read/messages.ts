import type { ModelMessage, ModelPart } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { textOf } from '../../way-in/text-of.ts';
import { readContent } from './parts.ts';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
const PLAIN_FIELDS = new Set(['role', 'content', 'name']);
const ASSISTANT_FIELDS = new Set(['role', 'content', 'name', 'refusal', 'tool_calls']);
const TOOL_FIELDS = new Set(['role', 'content', 'tool_call_id']);
const CALL_FIELDS = new Set(['id', 'type', 'function']);
const FUNCTION_FIELDS = new Set(['name', 'arguments']);

/** The conversation of a chat request. `developer` is OpenAI's newer word for `system`. */
export function readMessages(value: unknown, reading: Reading): readonly ModelMessage[] {
  const list = reading.list(value, 'messages') ?? [];
  if (Array.isArray(value) && list.length === 0) reading.refuse('messages', 'Expected at least one message.');
  const messages: ModelMessage[] = [];
  // A result names the call it answers; vendors want the tool's name as well.
  const tools = new Map<string, string>();
  for (const [index, each] of list.entries()) {
    const path = `messages[${index}]`;
    const object = reading.object(each, path);
    const role = object === undefined ? undefined : reading.oneOf(object.role, `${path}.role`, ROLES);
    if (object === undefined || role === undefined) continue;
    switch (role) {
      case 'system':
      case 'developer':
        messages.push({ role: 'system', parts: readTexts(object, path, reading), ...named(object, path, reading) });
        break;
      case 'user':
        reading.only(object, path, PLAIN_FIELDS);
        messages.push({
          role,
          parts: readContent(object.content, `${path}.content`, reading),
          ...named(object, path, reading),
        });
        break;
      case 'assistant':
        messages.push({ role, parts: readAssistant(object, path, tools, reading), ...named(object, path, reading) });
        break;
      case 'tool':
        messages.push({ role, parts: readToolResult(object, path, tools, reading) });
        break;
      default: {
        const never: never = role;
        return never;
      }
    }
  }
  return messages;
}

function named({ name }: JsonObject, path: string, reading: Reading): Pick<ModelMessage, 'name'> {
  const word = isNothing(name) ? undefined : reading.word(name, `${path}.name`);
  return word === undefined ? {} : { name: word };
}

function readTexts(message: JsonObject, path: string, reading: Reading): readonly ModelPart[] {
  reading.only(message, path, PLAIN_FIELDS);
  return onlyTexts(readContent(message.content, `${path}.content`, reading), path, reading);
}

function onlyTexts(parts: readonly ModelPart[], path: string, reading: Reading): readonly ModelPart[] {
  if (parts.some(({ kind }) => kind !== 'text')) reading.refuse(`${path}.content`, 'Expected text alone.');
  return parts;
}

function readAssistant(
  message: JsonObject,
  path: string,
  tools: Map<string, string>,
  reading: Reading,
): readonly ModelPart[] {
  reading.only(message, path, ASSISTANT_FIELDS);
  const parts: ModelPart[] = [];
  if (!isNothing(message.content)) {
    parts.push(...onlyTexts(readContent(message.content, `${path}.content`, reading), path, reading));
  }
  if (!isNothing(message.refusal)) {
    parts.push({ kind: 'text', text: reading.text(message.refusal, `${path}.refusal`) ?? '' });
  }
  if (isNothing(message.tool_calls)) return parts;
  for (const [index, each] of (reading.list(message.tool_calls, `${path}.tool_calls`) ?? []).entries()) {
    const call = readToolCall(each, `${path}.tool_calls[${index}]`, reading);
    if (call === undefined) continue;
    tools.set(call.id, call.name);
    parts.push(call);
  }
  return parts;
}

function readToolCall(
  value: unknown,
  path: string,
  reading: Reading,
): Extract<ModelPart, { kind: 'toolCall' }> | undefined {
  const call = reading.object(value, path);
  if (call === undefined) return undefined;
  reading.only(call, path, CALL_FIELDS);
  reading.oneOf(call.type, `${path}.type`, ['function']);
  const id = reading.word(call.id, `${path}.id`);
  const called = reading.object(call.function, `${path}.function`);
  if (called === undefined) return undefined;
  reading.only(called, `${path}.function`, FUNCTION_FIELDS);
  const name = reading.word(called.name, `${path}.function.name`);
  const given = reading.text(called.arguments, `${path}.function.arguments`);
  if (id === undefined || name === undefined || given === undefined) return undefined;
  return { kind: 'toolCall', id, name, arguments: given };
}

function readToolResult(
  message: JsonObject,
  path: string,
  tools: ReadonlyMap<string, string>,
  reading: Reading,
): readonly ModelPart[] {
  reading.only(message, path, TOOL_FIELDS);
  const id = reading.word(message.tool_call_id, `${path}.tool_call_id`);
  const parts = onlyTexts(readContent(message.content, `${path}.content`, reading), path, reading);
  if (id === undefined) return [];
  const name = tools.get(id);
  if (name === undefined) {
    reading.refuse(`${path}.tool_call_id`, 'Expected the id of a tool call in a message before it.');
    return [];
  }
  return [{ kind: 'toolResult', id, name, text: textOf(parts) }];
}
