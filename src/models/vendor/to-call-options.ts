import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { PackageKind } from '../openai-format/own-format.ts';
import type { JsonSchema, ModelMessage, ModelPart, ModelRequest, ToolChoice } from '../types.ts';
import { cacheOption, lengthBesideThinking } from './anthropic-words.ts';
import { failures } from './failures.ts';
import { vendorOptions } from './vendor-options.ts';

type ToolCallPart = Extract<ModelPart, { readonly kind: 'toolCall' }>;

/** A request in the form that every vendor's package takes. Throws UpstreamFailure for parts where they cannot stand. */
export function toCallOptions(
  kind: PackageKind,
  request: ModelRequest,
  signal: AbortSignal,
): LanguageModelV4CallOptions {
  const { stop, reasoningEffort, ...parameters } = request.parameters;
  const providerOptions = vendorOptions(kind, request);
  return {
    ...parameters,
    ...lengthBesideThinking(request),
    prompt: (kind === 'ANTHROPIC' ? request.messages.flatMap(inBlocks) : request.messages).map(toMessage),
    abortSignal: signal,
    ...(stop === undefined ? {} : { stopSequences: [...stop] }),
    ...(reasoningEffort === undefined ? {} : { reasoning: reasoningEffort }),
    ...(request.output === undefined ? {} : { responseFormat: toResponseFormat(request.output) }),
    ...(request.tools === undefined ? {} : { tools: request.tools.map(toTool) }),
    ...(request.toolChoice === undefined ? {} : { toolChoice: toToolChoice(request.toolChoice) }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  };
}

/** Anthropic takes a system message in blocks, which its package makes of one message each. */
function inBlocks(message: ModelMessage): readonly ModelMessage[] {
  return message.role === 'system' ? message.parts.map((part) => ({ ...message, parts: [part] })) : [message];
}

function toMessage({ role, parts }: ModelMessage): LanguageModelV4Message {
  switch (role) {
    case 'system':
      return {
        role,
        content: parts.map((part) => (part.kind === 'text' ? part.text : misplaced(part, role))).join(''),
        ...cacheOption(parts[0]?.cache),
      };
    case 'user':
      return { role, content: parts.map((part) => toTextOrFile(part, role)) };
    case 'assistant':
      return {
        role,
        content: parts.map((part) => toSaid(part, role)),
      };
    case 'tool':
      return {
        role,
        content: parts.map((part) => {
          if (part.kind !== 'toolResult') return misplaced(part, role);
          const { id: toolCallId, name: toolName, cache } = part;
          const output = toOutput(part);
          return { type: 'tool-result' as const, toolCallId, toolName, output, ...cacheOption(cache) };
        }),
      };
    default: {
      const never: never = role;
      return never;
    }
  }
}

function toTextOrFile(part: ModelPart, role: string): LanguageModelV4TextPart | LanguageModelV4FilePart {
  if (part.kind === 'text') return { type: 'text', text: part.text, ...cacheOption(part.cache) };
  if (part.kind !== 'file') return misplaced(part, role);
  const { data, mediaType, name, cache } = part;
  return {
    type: 'file',
    mediaType,
    data: data instanceof URL ? { type: 'url', url: data } : { type: 'data', data },
    ...(name === undefined ? {} : { filename: name }),
    ...cacheOption(cache),
  };
}

function toOutput({ text, isError, content }: Extract<ModelPart, { kind: 'toolResult' }>) {
  if (content !== undefined) {
    return { type: 'content' as const, value: content.map((part) => toTextOrFile(part, 'tool')) };
  }
  return { type: isError === true ? ('error-text' as const) : ('text' as const), value: text };
}

/** What an assistant said, and thought. */
function toSaid(part: ModelPart, role: string) {
  if (part.kind === 'toolCall') return toToolCall(part);
  if (part.kind === 'thinking') return toReasoning(part.text, { signature: part.signature });
  if (part.kind === 'sealedThinking') return toReasoning('', { redactedData: part.data });
  return toTextOrFile(part, role);
}

function toReasoning(text: string, seal: { readonly [name: string]: string }) {
  return { type: 'reasoning' as const, text, providerOptions: { anthropic: { ...seal } } };
}

function toToolCall(part: ToolCallPart) {
  const { id: toolCallId, name: toolName, cache } = part;
  return { type: 'tool-call' as const, toolCallId, toolName, input: readArguments(part), ...cacheOption(cache) };
}

/** Throws UpstreamFailure for arguments that are not JSON. */
export function readArguments(part: ToolCallPart): unknown {
  try {
    return part.arguments === '' ? {} : JSON.parse(part.arguments);
  } catch {
    throw failures.unsendable(`the arguments of the tool call ${JSON.stringify(part.id)} must be JSON`);
  }
}

export function misplaced(part: ModelPart, role: string): never {
  throw failures.unsendable(`a message of the role ${role} must not have a part of the kind ${part.kind}`);
}

function toResponseFormat({ schema, name, description }: NonNullable<ModelRequest['output']>) {
  return {
    type: 'json' as const,
    ...(schema === undefined ? {} : { schema: toSchema(schema) }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function toTool({ name, description, parameters, strict, cache }: NonNullable<ModelRequest['tools']>[number]) {
  return {
    type: 'function' as const,
    name,
    inputSchema: toSchema(parameters),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...cacheOption(cache),
  };
}

function toToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name };
}

/** The one place where a schema of the caller's own is taken for one: vendors check it. */
function toSchema(schema: JsonSchema): JSONSchema7 {
  return schema as JSONSchema7;
}
