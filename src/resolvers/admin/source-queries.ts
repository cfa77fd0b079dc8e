import { Arg, ID, Int, Query, Resolver } from 'type-graphql';
import type { SourceRecord, SourceFilter as StoredFilter } from '../../registry/index.ts';
import { Source, SourceConnection, SourceFilter } from '../../schema/admin/index.ts';
import { onlyGiven } from './input/given.ts';
import { type Connection, readCursor, readFirst, toConnection } from './paging.ts';
import type { AdminServices } from './services.ts';

/** Looking at sources. */
@Resolver()
export class SourceQueries {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => SourceConnection, { description: 'The registered sources, by name.' })
  async sources(
    @Arg('filter', () => SourceFilter, { nullable: true, description: 'Which ones; all when left out.' })
    filter: SourceFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<SourceRecord>> {
    const position = readCursor(after, 'source');
    const stored: StoredFilter = onlyGiven(filter ?? {});
    const page = await this.#services.registry.sources(stored, readFirst(first), position);
    return toConnection(page, 'source', ({ name }) => name);
  }

  @Query(() => Source, { nullable: true, description: 'One source; null when there is none of that name.' })
  source(@Arg('name', () => ID, { description: 'Its name.' }) name: string): Promise<SourceRecord | undefined> {
    return this.#services.registry.source(name);
  }
}
