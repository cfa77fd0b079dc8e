import type { JSONObject, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { PackageKind } from '../openai-format/own-format.ts';
import type { ModelRequest } from '../types.ts';
import { anthropicOptions } from './anthropic-words.ts';

/** What the common form of the packages has no words for, in each vendor's own; undefined for nothing. */
export function vendorOptions(kind: PackageKind, request: ModelRequest): SharedV4ProviderOptions | undefined {
  const [name, options] = inVendorsWords(kind, request);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return Object.keys(given).length === 0 ? undefined : { [name]: given };
}

function inVendorsWords(
  kind: PackageKind,
  request: ModelRequest,
): [name: string, options: { [key: string]: JSONObject[string] | undefined }] {
  const { output, parallelToolCalls, user, openAi } = request;
  const promptCacheKey = openAi?.prompt_cache_key;
  const strictJsonSchema = output?.strict;
  const disableParallelToolUse = parallelToolCalls === undefined ? undefined : !parallelToolCalls;
  switch (kind) {
    case 'GROQ':
      return ['groq', { parallelToolCalls, user, strictJsonSchema }];
    case 'MISTRAL':
      return ['mistral', { parallelToolCalls, strictJsonSchema, promptCacheKey }];
    case 'XAI':
      return [
        'xai',
        {
          parallelToolCalls,
          user,
          promptCacheKey,
          safetyIdentifier: openAi?.safety_identifier,
          store: openAi?.store,
        },
      ];
    case 'ANTHROPIC':
      return [
        'anthropic',
        {
          disableParallelToolUse,
          metadata: user === undefined ? undefined : { userId: user },
          ...anthropicOptions(request),
        },
      ];
    case 'AMAZON_BEDROCK':
      return ['bedrock', { disableParallelToolUse }];
    case 'DEEPSEEK':
      return ['deepseek', { strictJsonSchema }];
    case 'GOOGLE':
    case 'GOOGLE_VERTEX':
    case 'COHERE':
      return [kind.toLowerCase(), {}];
    default: {
      const never: never = kind;
      return never;
    }
  }
}
