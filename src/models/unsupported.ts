import type { SharedV4Warning } from '@ai-sdk/provider';
import { isOwnFormat } from './openai-format/own-format.ts';
import type { ModelPart, ModelRequest, ProviderKind } from './types.ts';

type FilePart = Extract<ModelPart, { readonly kind: 'file' }>;

/** Parameters that a vendor's format, or its package, has no place for. Names are those of ModelRequest. */
const UNSUPPORTED: Readonly<Record<ProviderKind, readonly string[]>> = {
  OPENAI: ['topK'],
  AZURE_OPENAI: ['topK'],
  ANTHROPIC: ['seed', 'presencePenalty', 'frequencyPenalty'],
  GOOGLE: ['parallelToolCalls', 'user'],
  GOOGLE_VERTEX: ['parallelToolCalls', 'user'],
  AMAZON_BEDROCK: ['seed', 'presencePenalty', 'frequencyPenalty', 'user'],
  MISTRAL: ['topK', 'user'],
  COHERE: ['parallelToolCalls', 'user', 'reasoningEffort'],
  XAI: ['presencePenalty', 'frequencyPenalty', 'stop'],
  GROQ: ['topK'],
  DEEPSEEK: ['topK', 'seed', 'parallelToolCalls', 'user'],
  OPENAI_COMPATIBLE: [],
};

/** Of OpenAI's own parameters, those that a vendor's package has a place for. */
const OPENAI_WORDS: { readonly [kind in ProviderKind]?: readonly string[] } = {
  MISTRAL: ['prompt_cache_key'],
  XAI: ['prompt_cache_key', 'safety_identifier', 'store'],
};

/** The names of what a request asks for and the vendor cannot honour. */
export function unsupportedBy(kind: ProviderKind, request: ModelRequest): readonly string[] {
  const asked: Readonly<Record<string, unknown>> = {
    ...request.parameters,
    parallelToolCalls: request.parallelToolCalls,
    user: request.user,
  };
  const names = UNSUPPORTED[kind].filter((name) => asked[name] !== undefined);
  if (!isOwnFormat(kind)) names.push(...ofOpenAiAlone(kind, request));
  if (kind !== 'ANTHROPIC') names.push(...ofAnthropicAlone(kind, request));
  return names;
}

/** What is asked in OpenAI's words, and has none in the common form of the packages. */
function ofOpenAiAlone(kind: ProviderKind, { messages, openAi }: ModelRequest): readonly string[] {
  const names = new Set<string>();
  for (const { name, parts } of messages) {
    if (name !== undefined) names.add('messageName');
    if (parts.some((part) => part.kind === 'file' && part.detail !== undefined)) names.add('imageDetail');
  }
  for (const [name, value] of Object.entries(openAi ?? {})) {
    // Where nothing is kept, and there are no tiers, these happen anyway.
    const isSo = name === 'service_tier' || (name === 'store' && value === false);
    if (!isSo && OPENAI_WORDS[kind]?.includes(name) !== true) names.add(name);
  }
  return [...names];
}

/** What is asked in Anthropic's words, and has none in other formats, or not in their packages. */
function ofAnthropicAlone(kind: ProviderKind, { messages, tools, anthropic }: ModelRequest): readonly string[] {
  const names = anthropic === undefined ? [] : Object.keys(anthropic);
  const add = (name: string): void => {
    if (!names.includes(name)) names.push(name);
  };
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.cache !== undefined) add('cache');
      if (part.kind === 'thinking' || part.kind === 'sealedThinking') add('thinking');
      else if (part.kind === 'file') for (const name of ofFile(kind, part)) add(name);
      else if (part.kind === 'toolResult') {
        if (part.isError === true) add('toolError');
        if (part.content !== undefined) add('toolFiles');
      }
    }
  }
  if (tools?.some(({ cache }) => cache !== undefined) === true) add('cache');
  return names;
}

/** OpenAI's format gives a title to files that it does not take for text, and fetches images only. */
function ofFile(kind: ProviderKind, { title, mediaType, data }: FilePart): readonly string[] {
  const ownFormat = isOwnFormat(kind);
  const isUntitled = title !== undefined && (!ownFormat || mediaType.startsWith('text/'));
  const isUnfetched = ownFormat && data instanceof URL && !/^(?:image|video)\//.test(mediaType);
  return [...(isUntitled ? ['title'] : []), ...(isUnfetched ? ['fileUrl'] : [])];
}

/** How vendors' packages call what is called otherwise here. */
const OWN_NAMES = new Map([
  ['stopSequences', 'stop'],
  ['reasoning', 'reasoningEffort'],
  ['responseFormat', 'output'],
  ['providerOptions.anthropic.disableParallelToolUse', 'parallelToolCalls'],
  ['providerOptions.anthropic.thinking', 'thinking'],
  ['providerOptions.anthropic.effort', 'effort'],
]);

/** What a vendor's package says it left out of a request. Notes on how it carried the rest are none of it. */
export function leftOut(warnings: readonly SharedV4Warning[]): readonly string[] {
  return warnings.flatMap((warning) =>
    warning.type === 'unsupported' ? [OWN_NAMES.get(warning.feature) ?? warning.feature] : [],
  );
}
