import type { ModelParameters, ModelRequest } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';

/** Sampling and length, by Anthropic's names. */
export function readParameters(body: JsonObject, reading: Reading): ModelParameters {
  const { temperature, top_p, top_k, stop_sequences } = body;
  const parameters = {
    maxOutputTokens: reading.wholeNumber(body.max_tokens, 'max_tokens', 1),
    temperature: isNothing(temperature) ? undefined : reading.number(temperature, 'temperature', 0, 1),
    topP: isNothing(top_p) ? undefined : reading.number(top_p, 'top_p', 0, 1),
    topK: isNothing(top_k) ? undefined : reading.wholeNumber(top_k, 'top_k', 0),
    stop: isNothing(stop_sequences) ? undefined : readStop(stop_sequences, reading),
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
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

/** `output_config`: the schema that an answer must have. */
export function readOutputConfig(value: unknown, reading: Reading): Pick<ModelRequest, 'output'> {
  const config = isNothing(value) ? undefined : reading.object(value, 'output_config');
  if (config === undefined) return {};
  reading.only(config, 'output_config', new Set(['format']));
  const path = 'output_config.format';
  const format = isNothing(config.format) ? undefined : reading.object(config.format, path);
  if (format === undefined) return {};
  reading.only(format, path, new Set(['type', 'schema']));
  reading.oneOf(format.type, `${path}.type`, ['json_schema']);
  const schema = reading.object(format.schema, `${path}.schema`);
  return schema === undefined ? {} : { output: { kind: 'json', schema } };
}
