import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { actorOf, type KeyRecord } from '../../access/index.ts';
import { CreatedKey, CreateKeyInput, Key, toDate } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { AdminServices } from './services.ts';

/** The keys by which callers are known. */
@Resolver()
export class KeyResolvers {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => [Key], { description: 'All keys that were made, revoked and expired ones too.' })
  keys(): Promise<readonly KeyRecord[]> {
    return this.#services.registry.keys();
  }

  @Mutation(() => CreatedKey, { description: 'Makes a key. Its secret is in this answer and never shown again.' })
  async createKey(
    @Arg('input', () => CreateKeyInput, { description: 'Whose key, and what it may do.' }) input: CreateKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<{ readonly key: KeyRecord; readonly secret: string }> {
    const { name, role, expiresAt } = input;
    const request = { name, role, expiresAt: expiresAt == null ? undefined : toDate(expiresAt) };
    const { record, secret } = await this.#services.keyring.issueKey(request, actorOf(context.caller));
    return { key: record, secret };
  }

  @Mutation(() => Key, {
    description: 'Makes a key useless at once. Refused for the last key that can administer Weir.',
  })
  revokeKey(
    @Arg('id', () => ID, { description: "The key's public part." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<KeyRecord> {
    return this.#services.keyring.revokeKey(id, actorOf(context.caller));
  }
}
