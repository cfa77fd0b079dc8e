import type { ModelMessage, ModelPart } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { readAssistantBlock, readTextBlock, readUserBlock, type ToolNames } from './blocks.ts';
import { readCache } from './cache.ts';

const FIELDS = new Set(['role', 'content']);
const ROLES = ['user', 'assistant', 'system'] as const;

export interface Conversation {
  readonly messages: readonly ModelMessage[];
  /** Where each of them stands in the request: one message of Anthropic's may be two here. */
  readonly places: readonly string[];
}

/** `system`: one text, or a list of text blocks. Undefined when there is none. */
export function readSystem(value: unknown, reading: Reading): ModelMessage | undefined {
  if (isNothing(value)) return undefined;
  if (typeof value === 'string') return { role: 'system', parts: [{ kind: 'text', text: value }] };
  return { role: 'system', parts: readBlocks(value, 'system', reading, readTextBlock) };
}

/** The conversation. Results of tools stand in user messages, and are messages of their own here. */
export function readConversation(value: unknown, reading: Reading): Conversation {
  const list = reading.list(value, 'messages') ?? [];
  if (Array.isArray(value) && list.length === 0) reading.refuse('messages', 'Expected at least one message.');
  const messages: ModelMessage[] = [];
  const places: string[] = [];
  // A result names the call it answers; vendors want the tool's name as well.
  const tools: ToolNames = new Map();
  for (const [index, each] of list.entries()) {
    const path = `messages[${index}]`;
    const message = reading.object(each, path);
    const role = message === undefined ? undefined : reading.oneOf(message.role, `${path}.role`, ROLES);
    if (message === undefined || role === undefined) continue;
    reading.only(message, path, FIELDS);
    const read = READERS[role];
    const parts = readContent(message.content, `${path}.content`, reading, (block, place) =>
      read(block, place, tools, reading),
    );
    for (const one of role === 'user' ? byRole(parts) : [{ role, parts }]) {
      messages.push(one);
      places.push(path);
    }
  }
  return { messages, places };
}

const READERS = {
  user: readUserBlock,
  assistant: readAssistantBlock,
  system: (block: JsonObject, path: string, _tools: ToolNames, reading: Reading) => readTextBlock(block, path, reading),
};

type ReadBlock = (block: JsonObject, path: string, reading: Reading) => ModelPart | undefined;

function readContent(content: unknown, path: string, reading: Reading, read: ReadBlock): readonly ModelPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (Array.isArray(content) && content.length === 0) reading.refuse(path, 'Expected at least one block.');
  return readBlocks(content, path, reading, read);
}

function readBlocks(value: unknown, path: string, reading: Reading, read: ReadBlock): readonly ModelPart[] {
  return (reading.listInPlaceOfText(value, path) ?? []).flatMap((each, index) => {
    const place = `${path}[${index}]`;
    const block = reading.object(each, place);
    if (block === undefined) return [];
    const { cache_control, ...rest } = block;
    const mark = readCache(cache_control, `${place}.cache_control`, reading);
    const part = read(rest, place, reading);
    return part === undefined ? [] : { ...part, ...mark };
  });
}

/** Runs of results and of everything else, in their order. */
function byRole(parts: readonly ModelPart[]): readonly ModelMessage[] {
  const messages: { role: 'user' | 'tool'; parts: ModelPart[] }[] = [];
  for (const part of parts) {
    const role = part.kind === 'toolResult' ? 'tool' : 'user';
    const last = messages.at(-1);
    if (last?.role === role) last.parts.push(part);
    else messages.push({ role, parts: [part] });
  }
  return messages;
}
