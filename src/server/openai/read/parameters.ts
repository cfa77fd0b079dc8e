import type { ModelParameters } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
/** More than any vendor takes. */
const MAX_STOPS = 64;

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Sampling and length, by OpenAI's names; `top_k` is no parameter of OpenAI's, but of many servers that speak its format. */
export function readParameters(body: JsonObject, reading: Reading): ModelParameters {
  const parameters: Writable<ModelParameters> = {};
  const set = <Name extends keyof ModelParameters>(name: Name, value: ModelParameters[Name] | undefined): void => {
    if (value !== undefined) parameters[name] = value;
  };
  const given = (name: string): boolean => !isNothing(body[name]);

  if (given('temperature')) set('temperature', reading.number(body.temperature, 'temperature', 0, 2));
  if (given('top_p')) set('topP', reading.number(body.top_p, 'top_p', 0, 1));
  if (given('top_k')) set('topK', reading.wholeNumber(body.top_k, 'top_k', 1));
  if (given('seed')) set('seed', reading.wholeNumber(body.seed, 'seed', Number.MIN_SAFE_INTEGER));
  if (given('presence_penalty')) {
    set('presencePenalty', reading.number(body.presence_penalty, 'presence_penalty', -2, 2));
  }
  if (given('frequency_penalty')) {
    set('frequencyPenalty', reading.number(body.frequency_penalty, 'frequency_penalty', -2, 2));
  }
  if (given('reasoning_effort')) {
    set('reasoningEffort', reading.oneOf(body.reasoning_effort, 'reasoning_effort', EFFORTS));
  }
  if (given('stop')) set('stop', readStop(body.stop, reading));
  set('maxOutputTokens', readMaxTokens(body, reading));
  return parameters;
}

function readStop(value: unknown, reading: Reading): readonly string[] | undefined {
  const list = typeof value === 'string' ? [value] : reading.list(value, 'stop');
  if (list !== undefined && list.length > MAX_STOPS) {
    return reading.refuse('stop', `Expected at most ${MAX_STOPS} texts, got ${list.length}.`);
  }
  return list?.map((each, index) => reading.word(each, `stop[${index}]`) ?? '');
}

/** `max_tokens` is the older name of `max_completion_tokens`. */
function readMaxTokens(body: JsonObject, reading: Reading): number | undefined {
  const [older, newer] = (['max_tokens', 'max_completion_tokens'] as const).map((name) =>
    isNothing(body[name]) ? undefined : reading.wholeNumber(body[name], name, 1),
  );
  if (older !== undefined && newer !== undefined && older !== newer) {
    return reading.refuse('max_tokens', 'It says another number than max_completion_tokens, which means the same.');
  }
  return newer ?? older;
}
