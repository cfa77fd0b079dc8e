import { GraphQLString, getNullableType, isRequiredArgument } from 'graphql';
import { figuresOf, modelOf, noFigures } from '../prompts/figures.ts';
import { piecesOf } from '../prompts/pieces.ts';
import type { OpenPrompt, Prompt } from '../prompts/prompts.ts';
import { readVariables } from '../prompts/variables.ts';
import type { AskedChat } from './asked-chat.ts';
import { RequestRefused } from './refused.ts';
import type { Respondent, TellAnswer } from './respondent.ts';
import type { Served } from './served.ts';
import { textOf } from './text-of.ts';

/** The argument of prompts that takes a conversation so far. */
const HISTORY = 'history';

/** A prompt that is asked as if it were a model. Throws RequestRefused for what the prompt itself settles. */
export function promptRespondent(prompt: OpenPrompt, chat: AskedChat): Respondent {
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
    stream: (tell) => streamed(prompt, variables, tell),
  };
}

async function streamed(
  prompt: OpenPrompt,
  variables: Readonly<Record<string, unknown>>,
  tell: TellAnswer,
): ReturnType<Respondent['stream']> {
  let served: Served | undefined;
  for await (const { delta, done, figures, model, outcome } of piecesOf(prompt, variables)) {
    served ??= { model, outcome };
    if (delta !== '') await tell([{ kind: 'text', delta }], served);
    if (done) return { figures: figures ?? noFigures('stop'), served };
  }
  throw new Error('pieces end with the last one');
}

/**
 * The variables stand in the last user message, as a JSON object. Where text alone can be meant, since the prompt has one
 * String variable and needs no other, the message may be that text; an object of none but variables is still one.
 * What was said before it is the prompt's `history`, where it takes one.
 */
function variablesOf(prompt: Prompt, chat: AskedChat): Readonly<Record<string, unknown>> {
  const { messages } = chat.request;
  const problems = messages.flatMap(({ role, name, parts }, index) => {
    const path = chat.places?.[index] ?? `messages[${index}]`;
    if (role === 'system') return [{ path, message: `The prompt ${prompt.member.name} has its own system message.` }];
    if (role === 'tool' || parts.some(({ kind }) => kind !== 'text'))
      return [{ path, message: 'Expected text alone.' }];
    if (parts.some(({ cache }) => cache !== undefined)) {
      return [{ path, message: 'Expected nothing marked to be kept: prompts have a cache of their own.' }];
    }
    if (name !== undefined) return [{ path: `${path}.name`, message: 'Expected none: prompts know roles, not names.' }];
    return [];
  });
  const asked = messages.at(-1);
  if (asked?.role !== 'user') problems.push({ path: 'messages', message: 'Expected a user message at the end.' });
  const earlier = messages.slice(0, -1);
  const takesHistory = prompt.field.args.some(({ name }) => name === HISTORY);
  if (earlier.length > 0 && !takesHistory) {
    problems.push({
      path: 'messages',
      message: `Expected one message: the prompt ${prompt.member.name} has no history.`,
    });
  }
  if (problems.length > 0) throw new RequestRefused(problems);

  const said = earlier.map(({ role, parts }) => ({ role: role.toUpperCase(), text: textOf(parts) }));
  const history = takesHistory && said.length > 0 ? { [HISTORY]: said } : {};
  return readVariables(prompt.field, { ...history, ...readAsked(prompt, textOf(asked?.parts ?? [])) });
}

function readAsked(prompt: Prompt, text: string): Readonly<Record<string, unknown>> {
  const variables = prompt.field.args.map(({ name }) => name).filter((name) => name !== HISTORY);
  const object = jsonObject(text);
  const only = textVariable(prompt);
  const isVariables = object !== undefined && Object.keys(object).every((key) => variables.includes(key));
  if (only !== undefined && !isVariables) return { [only]: text };
  if (object !== undefined) return object;
  const message = `Expected a JSON object with the variables of the prompt: ${variables.join(', ')}.`;
  throw new RequestRefused([{ path: 'messages', message }]);
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
