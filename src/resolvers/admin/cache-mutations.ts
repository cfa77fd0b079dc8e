import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import { scopedTag, sourceTag } from '../../cache/index.ts';
import { WeirError } from '../../errors/index.ts';
import { PurgeReport } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { AdminServices } from './services.ts';

/** What is kept of upstreams' answers. */
@Resolver()
export class CacheMutations {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Mutation(() => PurgeReport, {
    description:
      'Makes cached answers unreachable, also as stale ones: those of a source, those with any of the tags, ' +
      'those of a source with any of the tags when both are given, and all of them when neither is.',
  })
  async purgeCache(
    @Arg('source', () => ID, { nullable: true, description: 'The name of a source.' }) source:
      | string
      | null
      | undefined,
    @Arg('tags', () => [String], {
      nullable: true,
      description: 'Tags of policies, and those upstreams give (`Surrogate-Key`, `Cache-Tag`).',
    })
    tags: string[] | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<Pick<PurgeReport, 'everything' | 'tags'>> {
    const { registry, cache } = this.#services;
    if (source && (await registry.source(source)) === undefined) {
      throw new WeirError('NOT_FOUND', `There is no source named ${JSON.stringify(source)}.`, { source });
    }
    const purged = purgedTags(source, tags);
    const everything = !source && !tags;
    // First the audit row: should it fail, nothing was purged. Purging itself cannot fail.
    await registry.audit(source ? `source:${source}` : 'cache', {
      actor: actorOf(context.caller),
      action: 'purgeCache',
      detail: { everything, tags: purged },
    });
    if (everything) cache.purgeAll();
    else cache.purgeTags(purged);
    return { everything, tags: purged };
  }
}

/** Both given, the tags count in that source alone. */
function purgedTags(source: string | null | undefined, tags: readonly string[] | null | undefined): string[] {
  if (!source) return [...(tags ?? [])];
  return tags ? tags.map((tag) => scopedTag(source, tag)) : [sourceTag(source)];
}
