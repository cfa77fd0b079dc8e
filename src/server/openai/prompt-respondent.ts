import { GraphQLString, getNullableType, isRequiredArgument } from 'graphql';
import { figuresOf, modelOf, noFigures } from '../prompts/figures.ts';
import { piecesOf } from '../prompts/pieces.ts';
import type { OpenPrompt, Prompt } from '../prompts/prompts.ts';
import { readVariables } from '../prompts/variables.ts';
import { RequestRefused } from '../way-in/refused.ts';
import type { ChatRequest } from './read/chat-request.ts';
import { textOf } from './read/messages.ts';
import type { Respondent, RespondentEvent } from './respondent.ts';

/** A prompt that is asked as if it were a model. Throws RequestRefused for what the prompt itself settles. */
export function promptRespondent(prompt: OpenPrompt, chat: ChatRequest): Respondent {
  if (chat.given.length > 0) {
    const message = `The prompt ${prompt.member.name} itself says this.`;
    throw new RequestRefused(chat.given.map((path) => ({ path, message })));
  }
  const variables = variablesOf(prompt, chat);
  return {
    async answer() {
      const outcome = await prompt.ask(variables);
      const { value, kind } = outcome;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const figures = figuresOf(outcome);
      return {
        answer: { parts: [{ kind: 'text', text }], figures: figures ?? noFigures('stop') },
        served: { model: modelOf(outcome), outcome: kind, usd: figures?.usd },
      };
    },
    stream: () => streamed(prompt, variables),
  };
}

async function* streamed(
  prompt: OpenPrompt,
  variables: Readonly<Record<string, unknown>>,
): AsyncIterable<RespondentEvent> {
  let started = false;
  for await (const piece of piecesOf(prompt, variables)) {
    if (!started) yield { kind: 'started', served: { model: piece.model, outcome: piece.outcome } };
    started = true;
    if (piece.delta !== '') yield { kind: 'text', delta: piece.delta };
    if (piece.done) yield { kind: 'finish', figures: piece.figures ?? noFigures('stop') };
  }
}

/**
 * The variables stand in the one user message, as a JSON object. Where text alone can be meant, since the prompt has
 * one String variable and needs no other, the message may be that text; an object of none but variables is still one.
 */
function variablesOf(prompt: Prompt, chat: ChatRequest): Readonly<Record<string, unknown>> {
  const [message, ...more] = chat.request.messages;
  const { name } = prompt.member;
  if (message === undefined || more.length > 0 || message.role !== 'user') {
    const problem = `Expected one user message: the prompt ${name} has its own system message and examples.`;
    throw new RequestRefused([{ path: 'messages', message: problem }]);
  }
  if (message.parts.some(({ kind }) => kind !== 'text')) {
    throw new RequestRefused([{ path: 'messages[0].content', message: 'Expected text alone.' }]);
  }
  const text = textOf(message.parts);
  const object = jsonObject(text);
  const only = textVariable(prompt);
  const isVariables =
    object !== undefined && Object.keys(object).every((key) => prompt.field.args.some((each) => each.name === key));
  if (only !== undefined && !isVariables) return readVariables(prompt.field, { [only]: text });
  if (object !== undefined) return readVariables(prompt.field, object);
  const names = prompt.field.args.map((each) => each.name).join(', ');
  const problem = `Expected a JSON object with the variables of the prompt ${name}: ${names}.`;
  throw new RequestRefused([{ path: 'messages[0].content', message: problem }]);
}

function textVariable({ field }: Prompt): string | undefined {
  const texts = field.args.filter(({ type }) => getNullableType(type) === GraphQLString);
  const [text] = texts;
  if (text === undefined || texts.length > 1) return undefined;
  return field.args.some((each) => each !== text && isRequiredArgument(each)) ? undefined : text.name;
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
