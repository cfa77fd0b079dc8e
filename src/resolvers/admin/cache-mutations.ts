import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import { sourceTag } from '../../cache/index.ts';
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
      'Makes cached answers unreachable: those of a source, and those with any of the tags; all of them when neither is given.',
  })
  async purgeCache(
    @Arg('source', () => ID, { nullable: true, description: 'The name of a source.' }) source:
      | string
      | null
      | undefined,
    @Arg('tags', () => [String], { nullable: true, description: 'Tags of policies.' }) tags:
      | string[]
      | null
      | undefined,
    @Ctx() context: RequestContext,
  ): Promise<{ readonly everything: boolean; readonly tags: readonly string[] }> {
    const { registry, cache } = this.#services;
    if (source && (await registry.source(source)) === undefined) {
      throw new WeirError('NOT_FOUND', `There is no source named ${JSON.stringify(source)}.`, { source });
    }
    const purged = [...(source ? [sourceTag(source)] : []), ...(tags ?? [])];
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
