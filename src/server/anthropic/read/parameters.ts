import type { AnthropicParameters, ModelParameters, ModelRequest } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { readCache } from './cache.ts';

/** Tokens; Anthropic takes no fewer. */
const MIN_THINKING = 1024;

/** Sampling and length, by Anthropic's names. */
export function readParameters(body: JsonObject, reading: Reading): ModelParameters {
  const { temperature, top_p, top_k, stop_sequences } = body;
  const parameters = {
    maxOutputTokens: readLength(body.max_tokens, reading),
    temperature: isNothing(temperature) ? undefined : reading.number(temperature, 'temperature', 0, 1),
    topP: isNothing(top_p) ? undefined : reading.number(top_p, 'top_p', 0, 1),
    topK: isNothing(top_k) ? undefined : reading.wholeNumber(top_k, 'top_k', 0),
    stop: isNothing(stop_sequences) ? undefined : readStop(stop_sequences, reading),
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

function readLength(value: unknown, reading: Reading): number | undefined {
  if (isNothing(value)) return reading.refuse('max_tokens', 'This format requires it: a whole number from 1 up.');
  return reading.wholeNumber(value, 'max_tokens', 1);
}

function readStop(value: unknown, reading: Reading): readonly string[] {
  const list = reading.list(value, 'stop_sequences') ?? [];
  return list.map((each, index) => reading.word(each, `stop_sequences[${index}]`) ?? '');
}

/** `metadata`: Anthropic knows `user_id` there. */
export function readMetadata(value: unknown, reading: Reading): Pick<ModelRequest, 'user'> {
  const metadata = isNothing(value) ? undefined : reading.object(value, 'metadata');
  if (metadata === undefined) return {};
  reading.only(metadata, 'metadata', new Set(['user_id']));
  const user = isNothing(metadata.user_id) ? undefined : reading.word(metadata.user_id, 'metadata.user_id');
  return user === undefined ? {} : { user };
}

/** What only Anthropic's format has words for: `thinking`, `output_config.effort` and `cache_control`. */
export function readOwn(body: JsonObject, { effort }: JsonObject, reading: Reading): AnthropicParameters {
  return {
    ...readThinking(body, reading),
    ...(isNothing(effort) ? {} : readEffort(effort, reading)),
    ...readCache(body.cache_control, 'cache_control', reading),
  };
}

function readEffort(value: unknown, reading: Reading): Pick<AnthropicParameters, 'effort'> {
  const effort = reading.oneOf(value, 'output_config.effort', ['low', 'medium', 'high', 'xhigh', 'max']);
  return effort === undefined ? {} : { effort };
}

function readThinking(body: JsonObject, reading: Reading): Pick<AnthropicParameters, 'thinking'> {
  const given = isNothing(body.thinking) ? undefined : reading.object(body.thinking, 'thinking');
  const types = ['adaptive', 'enabled', 'between_tools', 'disabled'] as const;
  const type = given && reading.oneOf(given.type, 'thinking.type', types);
  if (given === undefined || type === undefined) return {};
  const fields = { adaptive: ['type', 'display'], enabled: ['type', 'budget_tokens'], between_tools: ['type'] };
  reading.only(given, 'thinking', new Set(type === 'disabled' ? ['type'] : fields[type]));
  switch (type) {
    case 'adaptive': {
      const { display: asked } = given;
      if (isNothing(asked)) return { thinking: { kind: 'adaptive' } };
      const display = reading.oneOf(asked, 'thinking.display', ['summarized', 'omitted']);
      return display === undefined ? {} : { thinking: { kind: 'adaptive', display } };
    }
    case 'enabled': {
      const budgetTokens = reading.wholeNumber(given.budget_tokens, 'thinking.budget_tokens', MIN_THINKING);
      if (budgetTokens === undefined) return {};
      if (typeof body.max_tokens === 'number' && budgetTokens >= body.max_tokens) {
        reading.refuse('thinking.budget_tokens', 'Expected fewer than max_tokens, of which they are a part.');
      }
      return { thinking: { kind: 'enabled', budgetTokens } };
    }
    case 'between_tools':
      return { thinking: { kind: 'betweenTools' } };
    case 'disabled':
      return { thinking: { kind: 'disabled' } };
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** `output_config`; without anything in it when there is none. */
export function readOutputConfig(value: unknown, reading: Reading): JsonObject {
  const config = isNothing(value) ? {} : (reading.object(value, 'output_config') ?? {});
  reading.only(config, 'output_config', new Set(['format', 'effort']));
  return config;
}

/** `output_config.format`: the schema that an answer must have. */
export function readFormat(config: JsonObject, reading: Reading): Pick<ModelRequest, 'output'> {
  const path = 'output_config.format';
  const format = isNothing(config.format) ? undefined : reading.object(config.format, path);
  if (format === undefined) return {};
  reading.only(format, path, new Set(['type', 'schema']));
  reading.oneOf(format.type, `${path}.type`, ['json_schema']);
  const schema = reading.object(format.schema, `${path}.schema`);
  return schema === undefined ? {} : { output: { kind: 'json', schema } };
}
