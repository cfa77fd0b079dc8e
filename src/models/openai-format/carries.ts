import type { ProviderAccount } from '../accounts.ts';
import type { ModelRequest } from '../types.ts';

/** Models of OpenAI that take other parameters than the rest: those that reason, and those that search. */
const WITH_RULES_OF_THEIR_OWN = /(?:^|[/:])(?:o\d|gpt-(?:[5-9]|\d\d))|search-preview/;

/**
 * Whether a request is one for this client. What takes knowledge of the vendor beyond the format itself goes through the
 * vendor's package: files, whose media types it tells by their bytes, and OpenAI's own rules for models and schemas.
 */
export function carries({ kind, credential }: ProviderAccount, model: string, request: ModelRequest): boolean {
  if (credential !== undefined && credential.type !== 'apiKey') return false;
  if (request.messages.some(({ parts }) => parts.some((part) => part.kind === 'file'))) return false;
  if (kind === 'OPENAI_COMPATIBLE') return true;
  return kind === 'OPENAI' && !hasOwnRules(model, request);
}

function hasOwnRules(model: string, { parameters, tools, output }: ModelRequest): boolean {
  if (WITH_RULES_OF_THEIR_OWN.test(model) || parameters.reasoningEffort !== undefined) return true;
  return output?.schema !== undefined || (tools !== undefined && tools.length > 0);
}
