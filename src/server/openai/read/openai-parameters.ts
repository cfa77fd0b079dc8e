import type { OpenAiParameters } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { readContent } from './parts.ts';

/** As many as OpenAI answers with. */
const MAX_CHOICES = 128;
const MAX_TOP_LOGPROBS = 20;

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

type Name = keyof OpenAiParameters;
type Read<N extends Name> = (
  value: unknown,
  name: N,
  reading: Reading,
  body: JsonObject,
) => OpenAiParameters[N] | undefined;

/** What each of them may be; undefined for what says nothing, and with a problem for anything else. */
const READERS: { readonly [N in Name]: Read<N> } = {
  logit_bias: (value, name, reading) => {
    const biases = reading.object(value, name);
    const read = Object.entries(biases ?? {}).map(([token, bias]) => [
      token,
      reading.number(bias, `${name}.${token.slice(0, 20)}`, -100, 100),
    ]);
    return biases && Object.fromEntries(read);
  },
  logprobs: (value, name, reading) => (reading.flag(value, name) === true ? true : undefined),
  top_logprobs: (value, name, reading, { logprobs }) => {
    if (logprobs === true) return reading.wholeNumber(value, name, 0, MAX_TOP_LOGPROBS);
    return reading.refuse(name, 'Expected only together with "logprobs": true.');
  },
  n: (value, name, reading, { stream }) => {
    const count = reading.wholeNumber(value, name, 1, MAX_CHOICES);
    if (count === undefined || stream !== true) return count;
    return reading.refuse(name, 'Weir streams one answer: several come whole only.');
  },
  prediction: (value, name, reading) => {
    const { type, content, ...rest } = reading.object(value, name) ?? {};
    reading.only(rest, name, new Set());
    reading.oneOf(type, `${name}.type`, ['content']);
    const parts = readContent(content, `${name}.content`, reading);
    const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
    if (texts.length < parts.length) return reading.refuse(`${name}.content`, 'Expected text alone.');
    return { type: 'content', content: texts.join('') };
  },
  verbosity: (value, name, reading) => reading.oneOf(value, name, ['low', 'medium', 'high']),
  store: (value, name, reading) => reading.flag(value, name),
  metadata: (value, name, reading) => {
    const pairs = reading.object(value, name);
    const read = Object.entries(pairs ?? {}).map(([key, text]) => [
      key,
      reading.text(text, `${name}.${key.slice(0, 64)}`),
    ]);
    return pairs && Object.fromEntries(read);
  },
  service_tier: (value, name, reading) => {
    if (value === 'default') return value;
    return reading.refuse(name, 'Expected auto or default: other tiers have other prices, which Weir does not know.');
  },
  safety_identifier: (value, name, reading) => reading.word(value, name),
  prompt_cache_key: (value, name, reading) => reading.word(value, name),
  prompt_cache_retention: (value, name, reading) => reading.oneOf(value, name, ['in_memory', '24h']),
};

export const OPENAI_PARAMETERS = Object.keys(READERS) as readonly Name[];

/** What only OpenAI's format has; undefined for nothing of it. `body` has no value that says what happens anyway. */
export function readOpenAiParameters(body: JsonObject, reading: Reading): OpenAiParameters | undefined {
  let read: Writable<OpenAiParameters> | undefined;
  for (const name of OPENAI_PARAMETERS) {
    if (isNothing(body[name])) continue;
    read ??= {};
    readInto(read, name, body, reading);
  }
  return read;
}

function readInto<N extends Name>(read: Writable<OpenAiParameters>, name: N, body: JsonObject, reading: Reading): void {
  const value = READERS[name](body[name], name, reading, body);
  if (value !== undefined) read[name] = value;
}
