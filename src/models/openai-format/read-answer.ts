import type { WholeAnswer } from '../model-client.ts';
import type { ModelPart } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { asObject, type Fields, listIn, objectIn, parseObject, textIn } from './fields.ts';
import { readEnd, readSaid, readUsage } from './read-message.ts';

/** Reads a `chat.completion`. Calls of tools that came without an id are named after the request. */
export function readAnswer(text: string, requestId: string): WholeAnswer {
  const answer = parseObject(text, 'the answer');
  const [first] = listIn(answer, 'choices') ?? [];
  if (first === undefined) throw failures.invalid('the answer has no choices');
  const choice = asObject(first, 'a choice of the answer');
  const message = objectIn(choice, 'message');
  if (message === undefined) throw failures.invalid('a choice of the answer has no message');
  const { text: said, refusal } = readSaid(message);
  const calls = (listIn(message, 'tool_calls') ?? []).map((call, index) => readCall(call, `${requestId}-${index}`));
  const texts = [said, refusal].filter((one) => one !== '').map((one): ModelPart => ({ kind: 'text', text: one }));
  const end = readEnd(readUsage(answer), textIn(choice, 'finish_reason') ?? 'unknown', refusal !== '');
  return { parts: [...texts, ...calls], ...end };
}

function readCall(value: unknown, ownId: string): ModelPart {
  const call: Fields = asObject(value, 'a tool call of the answer');
  const called = objectIn(call, 'function') ?? {};
  const name = textIn(called, 'name');
  const given = textIn(called, 'arguments');
  if (name === undefined || given === undefined) {
    throw failures.invalid('a tool call of the answer must have a name and arguments');
  }
  return { kind: 'toolCall', id: textIn(call, 'id') || ownId, name, arguments: given };
}
