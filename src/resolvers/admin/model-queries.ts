import { Arg, Int, Query, Resolver } from 'type-graphql';
import type { Model as ModelShape } from '../../schema/admin/index.ts';
import { ModelConnection, ModelFilter } from '../../schema/admin/index.ts';
import { type Connection, readCursor, readFirst, toConnection } from './paging.ts';
import type { AdminServices } from './services.ts';

/** What is known of the models of registered accounts. */
@Resolver()
export class ModelQueries {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => ModelConnection, {
    description: 'The models of all registered accounts that are declared or in the catalogue, by provider and name.',
  })
  async models(
    @Arg('filter', () => ModelFilter, { nullable: true, description: 'Default: all of them.' })
    filter: ModelFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<ModelShape>> {
    const most = readFirst(first);
    const position = readCursor(after, 'model');
    const declared = await this.#declared();
    const all = this.#services.models
      .list()
      .map(({ provider, model, description }): ModelShape => {
        const id = `${provider}/${model}`;
        return {
          id,
          provider,
          name: model,
          declared: declared.has(id),
          contextTokens: description?.contextTokens,
          maxOutputTokens: description?.maxOutputTokens,
          inputs: description?.inputs,
          prices: description?.prices,
        };
      })
      .filter((model) => matches(model, filter ?? {}))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const left = all.filter(({ id }) => position === undefined || id > position);
    const page = { nodes: left.slice(0, most), hasNextPage: left.length > most, totalCount: all.length };
    return toConnection(page, 'model', ({ id }) => id);
  }

  async #declared(): Promise<ReadonlySet<string>> {
    const providers = await this.#services.registry.providers();
    return new Set(providers.flatMap(({ name, models }) => models.map((model) => `${name}/${model.name}`)));
  }
}

function matches(model: ModelShape, { provider, search, priced }: ModelFilter): boolean {
  const hasPrices = model.prices?.input !== undefined && model.prices.output !== undefined;
  return (
    (provider == null || model.provider === provider) &&
    (search == null || model.id.toLowerCase().includes(search.toLowerCase())) &&
    (priced == null || priced === hasPrices)
  );
}
