import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import type { Problem } from '../../errors/index.ts';
import { Link, LinkArgument, LinkInput } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { LinkArgument as StoredArgument } from '../../sources/index.ts';
import { readLink } from './input/links.ts';
import type { ShownLink } from './lifecycle/index.ts';
import type { AdminServices } from './services.ts';

/** Joining sources: fields of one, answered by another. */
@Resolver(() => Link)
export class LinkResolvers {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Mutation(() => Link, {
    description:
      'Adds a field to a type of a source, answered by an operation that reads. A new graph version, if both sources ' +
      'are in the graph; else the link waits for them. Refused with the place of everything that does not fit.',
  })
  addLink(
    @Arg('input', () => LinkInput, { description: 'What leads where.' }) input: LinkInput,
    @Ctx() context: RequestContext,
  ): Promise<ShownLink> {
    const problems: Problem[] = [];
    const link = readLink(input, input.source, 'input', problems);
    return this.#services.lifecycle.addLink({
      source: input.source,
      link,
      problems,
      actor: actorOf(context.caller),
    });
  }

  @Mutation(() => ID, {
    description:
      'Removes a link that was added by addLink. One that came with a revision goes with the next that has it not.',
  })
  removeLink(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return this.#services.lifecycle.removeLink(id, actorOf(context.caller));
  }

  @FieldResolver(() => [LinkArgument])
  arguments(@Root() link: ShownLink): readonly StoredArgument[] {
    return link.arguments;
  }
}
