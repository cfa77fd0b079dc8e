import type { AnswerEnd, WholeAnswer } from '../model-client.ts';
import type { ModelPart } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { asObject, type Fields, listAt, objectAt, parseObject, textAt } from './fields.ts';
import { readEnd, readSaid, readUsage } from './read-message.ts';

/** Reads a `chat.completion`. Calls of tools that came without an id are named after the request. */
export function readAnswer(text: string, requestId: string): WholeAnswer {
  const answer = parseObject(text, 'the answer');
  const choices = listAt(answer.choices, 'choices') ?? [];
  const [first, ...others] = choices.map((choice, place) =>
    readChoice(choice, place === 0 ? requestId : `${requestId}-${place}`),
  );
  if (first === undefined) throw failures.invalid('the answer has no choices');
  const { parts, logprobs, end } = first;
  const whole = { parts, ...(logprobs && { logprobs }), ...end, tokens: readUsage(answer) };
  if (others.length === 0) return whole;
  return {
    ...whole,
    // As long as one of them may be told, it is.
    failure: others.some((other) => other.end.failure === undefined) ? undefined : end.failure,
    others: others.map((other) => ({
      parts: other.parts,
      finishReason: other.end.finishReason,
      ...(other.logprobs && { logprobs: other.logprobs }),
    })),
  };
}

interface Choice {
  readonly parts: readonly ModelPart[];
  readonly logprobs: Fields | undefined;
  readonly end: AnswerEnd;
}

function readChoice(value: unknown, requestId: string): Choice {
  const choice = asObject(value, 'a choice of the answer');
  const message = objectAt(choice.message, 'message');
  if (message === undefined) throw failures.invalid('a choice of the answer has no message');
  const { text: said, refusal } = readSaid(message);
  const calls = (listAt(message.tool_calls, 'tool_calls') ?? []).map((call, index) =>
    readCall(call, `${requestId}-${index}`),
  );
  const texts = [said, refusal].filter((one) => one !== '').map((one): ModelPart => ({ kind: 'text', text: one }));
  const reason = textAt(choice.finish_reason, 'finish_reason') ?? 'unknown';
  return {
    parts: [...texts, ...calls],
    logprobs: objectAt(choice.logprobs, 'logprobs'),
    end: readEnd(undefined, reason, refusal !== ''),
  };
}

function readCall(value: unknown, ownId: string): ModelPart {
  const call: Fields = asObject(value, 'a tool call of the answer');
  const called = objectAt(call.function, 'function') ?? {};
  const name = textAt(called.name, 'name');
  const given = textAt(called.arguments, 'arguments');
  if (name === undefined || given === undefined) {
    throw failures.invalid('a tool call of the answer must have a name and arguments');
  }
  return { kind: 'toolCall', id: textAt(call.id, 'id') || ownId, name, arguments: given };
}
