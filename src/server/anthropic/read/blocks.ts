import type { ModelPart } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { textOf } from '../../way-in/text-of.ts';
import { readDocument, readImage } from './files.ts';

/** Tools that were called so far, by the id of the call. */
export type ToolNames = Map<string, string>;

const TEXT_FIELDS = new Set(['type', 'text']);
const THINKING_FIELDS = new Set(['type', 'thinking', 'signature']);
const SEALED_FIELDS = new Set(['type', 'data']);
const CALL_FIELDS = new Set(['type', 'id', 'name', 'input']);
const RESULT_FIELDS = new Set(['type', 'tool_use_id', 'content', 'is_error']);

type ReadBlock = (block: JsonObject, path: string, tools: ToolNames, reading: Reading) => ModelPart | undefined;

/** A block of a user message. */
export const readUserBlock: ReadBlock = (block, path, tools, reading) => {
  switch (block.type) {
    case 'text':
      return readTextBlock(block, path, reading);
    case 'image':
      return readImage(block, path, reading);
    case 'document':
      return readDocument(block, path, reading);
    case 'tool_result':
      return readToolResult(block, path, tools, reading);
    default:
      return reading.refuse(`${path}.type`, 'Expected one of text, image, document, tool_result.');
  }
};

/** A block of an assistant message, as one that Weir gave comes back. */
export const readAssistantBlock: ReadBlock = (block, path, tools, reading) => {
  switch (block.type) {
    case 'text':
      return readTextBlock(block, path, reading);
    case 'tool_use':
      return readToolUse(block, path, tools, reading);
    case 'thinking':
    case 'redacted_thinking':
      return readThought(block, path, reading);
    default:
      return reading.refuse(`${path}.type`, 'Expected one of text, tool_use, thinking, redacted_thinking.');
  }
};

/** A block that must be text. */
export function readTextBlock(block: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  if (reading.oneOf(block.type, `${path}.type`, ['text']) === undefined) return undefined;
  reading.only(block, path, TEXT_FIELDS);
  const text = reading.text(block.text, `${path}.text`);
  return text === undefined ? undefined : { kind: 'text', text };
}

/** As Weir gave it: the vendor checks its own seal. */
function readThought(block: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  if (block.type === 'redacted_thinking') {
    reading.only(block, path, SEALED_FIELDS);
    const data = reading.word(block.data, `${path}.data`);
    return data === undefined ? undefined : { kind: 'sealedThinking', data };
  }
  reading.only(block, path, THINKING_FIELDS);
  const text = reading.text(block.thinking, `${path}.thinking`);
  const signature = reading.word(block.signature, `${path}.signature`);
  return text === undefined || signature === undefined ? undefined : { kind: 'thinking', text, signature };
}

function readToolUse(block: JsonObject, path: string, tools: ToolNames, reading: Reading): ModelPart | undefined {
  const { caller, ...rest } = block;
  reading.only(rest, path, CALL_FIELDS);
  // What every call says that no other tool made.
  if (!isNothing(caller))
    reading.oneOf(reading.object(caller, `${path}.caller`)?.type, `${path}.caller.type`, ['direct']);
  const id = reading.word(block.id, `${path}.id`);
  const name = reading.word(block.name, `${path}.name`);
  const input = reading.object(block.input, `${path}.input`);
  if (id === undefined || name === undefined || input === undefined) return undefined;
  tools.set(id, name);
  return { kind: 'toolCall', id, name, arguments: JSON.stringify(input) };
}

function readToolResult(block: JsonObject, path: string, tools: ToolNames, reading: Reading): ModelPart | undefined {
  reading.only(block, path, RESULT_FIELDS);
  const id = reading.word(block.tool_use_id, `${path}.tool_use_id`);
  const content = readResult(block.content, `${path}.content`, reading);
  const isError = isNothing(block.is_error) ? false : reading.flag(block.is_error, `${path}.is_error`);
  if (id === undefined) return undefined;
  const name = tools.get(id);
  if (name === undefined) {
    return reading.refuse(`${path}.tool_use_id`, 'Expected the id of a tool_use in a message before it.');
  }
  const isText = content.every(({ kind }) => kind === 'text');
  if (isError === true && !isText) {
    return reading.refuse(`${path}.is_error`, 'Weir can hand this on with text alone, and drops nothing silently.');
  }
  return {
    kind: 'toolResult',
    id,
    name,
    text: textOf(content),
    ...(isError === true ? { isError } : {}),
    ...(isText ? {} : { content }),
  };
}

/** A result may be empty. */
function readResult(content: unknown, path: string, reading: Reading): readonly ModelPart[] {
  if (isNothing(content)) return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return (reading.listInPlaceOfText(content, path) ?? []).flatMap((each, index) => {
    const place = `${path}[${index}]`;
    const block = reading.object(each, place);
    return block === undefined ? [] : (readResultBlock(block, place, reading) ?? []);
  });
}

function readResultBlock(block: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  if (block.type === 'text') return readTextBlock(block, path, reading);
  if (block.type === 'image') return readImage(block, path, reading);
  return reading.refuse(`${path}.type`, 'Expected one of text, image.');
}
