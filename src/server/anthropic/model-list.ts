import type { Caller, RequestHeaders } from '../../access/index.ts';
import type { ModelDescription } from '../../models/index.ts';
import { findListed } from '../openai/model-list.ts';
import { RequestRefused } from '../way-in/refused.ts';
import type { ModelServices } from '../way-in/services.ts';

/** A model as Anthropic's clients list it. */
export interface ModelInfo {
  readonly type: 'model';
  readonly id: string;
  readonly display_name: string;
  /** What Anthropic says where it is not known. */
  readonly created_at: '1970-01-01T00:00:00Z';
  /** Tokens; `null` where they are not known. */
  readonly max_input_tokens: number | null;
  readonly max_tokens: number | null;
  readonly capabilities: null;
}

/** Whether a request to a route that several formats have is made by one of Anthropic's clients: they all say so. */
export const isAnthropicClient = (headers: RequestHeaders): boolean => headers['anthropic-version'] !== undefined;

/** The models of every registered provider, and the prompts that the caller may use, all on one page. */
export function listModelInfos(caller: Caller, query: unknown, services: ModelServices): object {
  refusePages(query);
  const data = modelInfos(caller, services);
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

/** Throws NOT_FOUND for what is not in the list. */
export function findModelInfo(id: string, caller: Caller, services: ModelServices): ModelInfo {
  const { id: known } = findListed(id, caller, services);
  return modelInfos(caller, services).find((info) => info.id === known) ?? infoOf(known);
}

function modelInfos(caller: Caller, { models, prompts }: ModelServices): readonly ModelInfo[] {
  return [
    ...prompts.visibleTo(caller).map(({ member }) => infoOf(`prompt/${member.name}`)),
    ...models.list().map(({ provider, model, description }) => infoOf(`${provider}/${model}`, description)),
  ];
}

function infoOf(id: string, description?: ModelDescription): ModelInfo {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: '1970-01-01T00:00:00Z',
    max_input_tokens: description?.contextTokens ?? null,
    max_tokens: description?.maxOutputTokens ?? null,
    capabilities: null,
  };
}

function refusePages(query: unknown): void {
  const asked = Object.keys(query ?? {}).filter((name) => name !== 'beta');
  if (asked.length === 0) return;
  throw new RequestRefused(asked.map((path) => ({ path, message: 'Expected none: all models are on one page.' })));
}
