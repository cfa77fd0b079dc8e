import type { ModelRequest } from '../../../models/index.ts';
import type { AskedChat } from '../../way-in/asked-chat.ts';
import { isNothing, type JsonObject, type Reading, readBody } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';
import { readMessages } from './messages.ts';
import { OPENAI_PARAMETERS, readOpenAiParameters } from './openai-parameters.ts';
import { readParameters } from './parameters.ts';
import { readResponseFormat, readTools } from './tools.ts';

/** A request in OpenAI's chat format. */
export interface ChatRequest extends AskedChat {
  /** A stream ends with the tokens it took. */
  readonly includeUsage: boolean;
}

/** Those that are as good for a prompt. The tier that may be named is the one there is. */
const ALWAYS = ['model', 'messages', 'stream', 'stream_options', 'service_tier'];
const KNOWN: ReadonlySet<string> = new Set([
  ...ALWAYS,
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'reasoning_effort',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'user',
  ...OPENAI_PARAMETERS,
]);

/** Parameters of which one value says what happens anyway, and is not handed on. */
const AS_IT_IS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['n', (value: unknown) => value === 1],
  ['logprobs', (value: unknown) => value === false],
  ['service_tier', (value: unknown) => value === 'auto'],
  ['modalities', (value: unknown) => Array.isArray(value) && value.every((each) => each === 'text')],
]);

/** Throws RequestRefused with every problem. Nothing of the request is dropped: what cannot be handed on is refused. */
export function readChatRequest(value: unknown): ChatRequest {
  const { body, reading } = readBody(value);
  const rest = Object.fromEntries(Object.entries(body).filter(([name, given]) => AS_IT_IS.get(name)?.(given) !== true));
  reading.only(rest, '', KNOWN);
  const model = reading.word(body.model, 'model');
  const user = isNothing(body.user) ? undefined : reading.word(body.user, 'user');
  const openAi = readOpenAiParameters(rest, reading);
  const request: ModelRequest = {
    messages: readMessages(body.messages, reading),
    parameters: readParameters(body, reading),
    ...readResponseFormat(body.response_format, reading),
    ...readTools(body, reading),
    ...(user === undefined ? {} : { user }),
    ...(openAi === undefined ? {} : { openAi }),
  };
  const stream = isNothing(body.stream) ? false : reading.flag(body.stream, 'stream');
  const includeUsage = readStreamOptions(body.stream_options, stream === true, reading);
  if (reading.problems.length > 0 || model === undefined || stream === undefined) {
    throw new RequestRefused(reading.problems);
  }
  const given = Object.keys(rest).filter((name) => !ALWAYS.includes(name) && !isNothing(rest[name]));
  return { model, request, stream, includeUsage, given };
}

function readStreamOptions(value: unknown, stream: boolean, reading: Reading): boolean {
  const options: JsonObject | undefined = isNothing(value) ? undefined : reading.object(value, 'stream_options');
  if (options === undefined) return false;
  if (!stream) reading.refuse('stream_options', 'Expected only together with "stream": true.');
  const { include_obfuscation, ...rest } = options;
  if (!isNothing(include_obfuscation) && include_obfuscation !== false) {
    reading.refuse('stream_options.include_obfuscation', 'Weir does not pad its streams: only false is accepted.');
  }
  reading.only(rest, 'stream_options', new Set(['include_usage']));
  if (isNothing(options.include_usage)) return false;
  return reading.flag(options.include_usage, 'stream_options.include_usage') ?? false;
}
