import type { ProviderAccount } from '../accounts.ts';
import type { ModelRequest, ProviderKind } from '../types.ts';

/** Kinds whose models are asked by our own client: their format is OpenAI's chat completions. */
export type OwnFormatKind = 'OPENAI' | 'AZURE_OPENAI' | 'OPENAI_COMPATIBLE';

export type PackageKind = Exclude<ProviderKind, OwnFormatKind>;

export function isOwnFormat(kind: ProviderKind): kind is OwnFormatKind {
  return kind === 'OPENAI' || kind === 'AZURE_OPENAI' || kind === 'OPENAI_COMPATIBLE';
}

/** Models of OpenAI that reason. */
const REASONING = /(?:^|[/:])(?:o\d|gpt-(?:[5-9]|\d\d))/;

/** Of those, the ones that chat completions give no tools while they reason, which they do unless told otherwise. */
const TOOLS_OR_REASONING = /(?:^|[/:])gpt-5\.(?:[6-9]|\d\d)/;

/**
 * The name under which the length of an answer is asked for. OpenAI's models that reason refuse the older one, other
 * servers may not know the newer.
 */
export function lengthParameter(
  account: ProviderAccount,
  model: string,
  { parameters }: ModelRequest,
): 'max_tokens' | 'max_completion_tokens' {
  if (account.kind === 'OPENAI_COMPATIBLE') return 'max_tokens';
  const reasons = parameters.reasoningEffort !== undefined || REASONING.test(baseModel(account, model));
  return reasons ? 'max_completion_tokens' : 'max_tokens';
}

/** The effort where nobody said one: none, for a model that would refuse its tools otherwise. */
export function effortWithTools(account: ProviderAccount, model: string): 'none' | undefined {
  if (account.kind === 'OPENAI_COMPATIBLE') return undefined;
  return TOOLS_OR_REASONING.test(baseModel(account, model)) ? 'none' : undefined;
}

/** What Azure calls a model is its owner's choice, who can declare what it is based on. */
function baseModel({ models }: ProviderAccount, model: string): string {
  return models.find(({ name }) => name === model)?.baseModel ?? model;
}
