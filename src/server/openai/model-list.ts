import type { Caller } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { ModelServices } from '../way-in/services.ts';

export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** Weir does not know when a vendor made a model: always 0. */
  readonly created: 0;
  /** The provider's name, or `weir` for a prompt. */
  readonly owned_by: string;
}

/** The models of every registered provider, and the prompts that the caller may use. */
export function listModels(caller: Caller, { models, prompts }: ModelServices): readonly ListedModel[] {
  const listed = (id: string, owner: string): ListedModel => ({ id, object: 'model', created: 0, owned_by: owner });
  return [
    ...prompts.visibleTo(caller).map(({ member }) => listed(`prompt/${member.name}`, 'weir')),
    ...models.list().map(({ provider, model }) => listed(`${provider}/${model}`, provider)),
  ];
}

/** Throws NOT_FOUND for what is not in the list, though a provider may well answer under that name. */
export function findListed(id: string, caller: Caller, services: ModelServices): ListedModel {
  const found = listModels(caller, services).find((model) => model.id === id);
  if (found !== undefined) return found;
  throw new WeirError('NOT_FOUND', `There is no model ${JSON.stringify(id.slice(0, 200))} in GET /v1/models.`, {
    param: 'model',
  });
}
