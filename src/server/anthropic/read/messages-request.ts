import type { ModelRequest } from '../../../models/index.ts';
import type { AskedChat } from '../../way-in/asked-chat.ts';
import { isNothing, readBody } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';
import { limitMarks } from './cache.ts';
import { readConversation, readSystem } from './conversation.ts';
import { BETA_HEADER } from './headers.ts';
import { readFormat, readMetadata, readOutputConfig, readOwn, readParameters } from './parameters.ts';
import { readTools } from './tools.ts';

/** A request in the format of Anthropic's Messages. */
export interface MessagesRequest extends AskedChat {
  /** Without the system message, which Anthropic's format keeps apart. */
  readonly conversation: ModelRequest;
}

/** `max_tokens` is among them, since the format demands it: a prompt keeps its own length. */
const ALWAYS = ['model', 'messages', 'stream', 'max_tokens'];
const KNOWN: ReadonlySet<string> = new Set([
  ...ALWAYS,
  'system',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'metadata',
  'output_config',
  'thinking',
  'cache_control',
]);

/** Parameters of which one value says what happens anyway; any other is refused. */
const AS_IT_IS: ReadonlyMap<string, unknown> = new Map([
  ['service_tier', 'auto'],
  ['speed', 'standard'],
]);

/**
 * `betas`: what its headers ask for besides. Throws RequestRefused with every problem. Nothing of the request is dropped:
 * what cannot be handed on is refused.
 */
export function readMessagesRequest(value: unknown, betas: readonly string[] = []): MessagesRequest {
  const { body, reading } = readBody(value);
  const rest = Object.fromEntries(
    Object.entries(body).filter(([name, given]) => !AS_IT_IS.has(name) || AS_IT_IS.get(name) !== given),
  );
  reading.only(rest, '', KNOWN);
  const model = reading.word(body.model, 'model');
  const stream = isNothing(body.stream) ? false : reading.flag(body.stream, 'stream');
  const system = readSystem(body.system, reading);
  const { messages, places } = readConversation(body.messages, reading);
  const config = readOutputConfig(body.output_config, reading);
  const own = { ...readOwn(body, config, reading), ...(betas.length === 0 ? {} : { betas }) };
  const asked: ModelRequest = {
    messages,
    parameters: readParameters(body, reading),
    ...readFormat(config, reading),
    ...readTools(body, reading),
    ...readMetadata(body.metadata, reading),
    ...(Object.keys(own).length === 0 ? {} : { anthropic: own }),
    thoughts: true,
  };
  const request = system === undefined ? asked : { ...asked, messages: [system, ...messages] };
  limitMarks(request, reading);
  if (request.anthropic?.thinking?.kind === 'enabled' && isForced(request.toolChoice)) {
    reading.refuse('tool_choice', 'Expected auto or none together with "thinking" of the type enabled.');
  }
  if (reading.problems.length > 0 || model === undefined || stream === undefined) {
    throw new RequestRefused(reading.problems);
  }
  const given = Object.keys(rest).filter((name) => !ALWAYS.includes(name) && !isNothing(rest[name]));
  if (betas.length > 0) given.push(BETA_HEADER);
  return {
    model,
    request,
    conversation: asked,
    stream,
    given,
    places,
  };
}

function isForced(choice: ModelRequest['toolChoice']): boolean {
  return choice === 'required' || typeof choice === 'object';
}
