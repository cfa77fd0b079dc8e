import type { JSONObject, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { CacheMark, Thinking } from '../anthropic-types.ts';
import type { ModelRequest } from '../types.ts';

type Given = { readonly [name: string]: JSONObject[string] | undefined };

/** What only Anthropic's format has words for, in those of its package. */
export function anthropicOptions({ anthropic }: ModelRequest): Given {
  if (anthropic === undefined) return {};
  const { thinking, effort, cache, betas } = anthropic;
  return {
    thinking: thinking && thinkingOption(thinking),
    effort,
    cacheControl: cache && cacheControl(cache),
    anthropicBeta: betas && [...betas],
  };
}

/** Of a part, or a tool, up to which the vendor is to keep what it read. */
export function cacheOption(cache: CacheMark | undefined): { providerOptions?: SharedV4ProviderOptions } {
  return cache === undefined ? {} : { providerOptions: { anthropic: { cacheControl: cacheControl(cache) } } };
}

/** The package adds the tokens for thinking to the length of the answer, of which the vendor takes them for a part. */
export function lengthBesideThinking({ parameters, anthropic }: ModelRequest): { maxOutputTokens?: number } {
  const { maxOutputTokens } = parameters;
  const thinking = anthropic?.thinking;
  if (maxOutputTokens === undefined || thinking?.kind !== 'enabled') return {};
  return { maxOutputTokens: maxOutputTokens - thinking.budgetTokens };
}

/** What was asked for and is not in the body that the package made: for some models it puts something else in its place. */
export function replacedIn(body: string, { parameters, anthropic }: ModelRequest): readonly string[] {
  const { thinking, effort } = anthropic ?? {};
  // An effort in the words of other formats is made tokens for thinking, which are added.
  const length = parameters.reasoningEffort === undefined ? parameters.maxOutputTokens : undefined;
  return [
    ...(length === undefined || body.includes(`"max_tokens":${length},`) ? [] : ['maxOutputTokens']),
    ...(thinking === undefined || body.includes(`"thinking":{"type":"${typeOf(thinking)}"`) ? [] : ['thinking']),
    ...(effort === undefined || body.includes(`"effort":"${effort}"`) ? [] : ['effort']),
  ];
}

function thinkingOption(thinking: Thinking): JSONObject {
  const type = typeOf(thinking);
  if (thinking.kind === 'enabled') return { type, budgetTokens: thinking.budgetTokens };
  const { display } = thinking.kind === 'adaptive' ? thinking : {};
  return display === undefined ? { type } : { type, display };
}

const typeOf = ({ kind }: Thinking): string => (kind === 'betweenTools' ? 'between_tools' : kind);

function cacheControl({ ttl }: CacheMark): JSONObject {
  return ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl };
}
