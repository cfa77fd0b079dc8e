import { Arg, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { WeirError } from '../../errors/index.ts';
import type { SchemaChange as Change } from '../../registry/index.ts';
import { RunningGraph, SchemaChange } from '../../schema/admin/index.ts';
import type { GraphVersion } from '../../schema/index.ts';
import type { AdminServices } from './services.ts';

/** The running graph. */
@Resolver(() => RunningGraph)
export class GraphQueries {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => RunningGraph, { description: 'The running graph.' })
  graph(): GraphVersion {
    return this.#services.graph.current;
  }

  @FieldResolver(() => Int)
  version(@Root() graph: GraphVersion): number {
    return graph.number;
  }

  @FieldResolver(() => [SchemaChange], { description: 'What changed since an earlier version, in sum.' })
  async changes(
    @Arg('since', () => Int, { description: 'The number of a version of this process; the last 50 are kept.' })
    since: number,
  ): Promise<readonly Change[]> {
    const changes = await this.#services.graph.changesSince(since);
    if (changes !== undefined) return changes;
    const { number } = this.#services.graph.current;
    throw new WeirError(
      'NOT_FOUND',
      `Graph version ${since} is not known here any more, or not yet; the current one is ${number}.`,
      {
        graphVersion: number,
      },
    );
  }
}
