import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import { InvalidDefinition, type Problem } from '../../errors/index.ts';
import type { SourceRecord } from '../../registry/index.ts';
import { Policy, RegisterSourceInput, ReviseSourceInput, Source, UpdateSourceInput } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import { readDefinitionInput } from './input/definition.ts';
import { given } from './input/given.ts';
import { readLinks } from './input/links.ts';
import { readPolicy } from './input/policy.ts';
import { nameProblems } from './input/source-name.ts';
import { wordProblems } from './input/words.ts';
import type { AdminServices } from './services.ts';

/** Registering sources and changing what is known of them. Nothing here touches the graph but another visibility. */
@Resolver()
export class SourceMutations {
  readonly #services: AdminServices;
  readonly #rootFields: ReadonlySet<string>;

  /** `rootFields` are those of the admin API; a source cannot have their names. */
  constructor(services: AdminServices, rootFields: ReadonlySet<string>) {
    this.#services = services;
    this.#rootFields = rootFields;
  }

  @Mutation(() => Source, {
    description: 'Registers a source with its first revision, DRAFT. publishSource puts it into the graph.',
  })
  registerSource(
    @Arg('input', () => RegisterSourceInput, { description: 'What it is.' }) input: RegisterSourceInput,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    const problems: Problem[] = [...nameProblems(input.name, this.#rootFields), ...wordProblems(input)];
    const policy = readPolicy(input.policy, 'input.policy', problems);
    const links = readLinks(input.links, input.name, problems);
    return this.#services.lifecycle.register({
      name: input.name,
      title: given(input.title),
      description: given(input.description),
      tags: [...new Set(input.tags ?? [])],
      team: given(input.team),
      visibility: input.visibility,
      policy,
      actor: actorOf(context.caller),
      links,
      ...readDefinitionInput(input, problems),
    });
  }

  @Mutation(() => Source, {
    description: 'Makes the next revision of a source. The live one goes on until it is published.',
  })
  reviseSource(
    @Arg('input', () => ReviseSourceInput, { description: 'What it is from then on.' }) input: ReviseSourceInput,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    const problems: Problem[] = [...wordProblems({ note: input.note ?? null })];
    const links = readLinks(input.links, input.name, problems);
    return this.#services.lifecycle.revise({
      name: input.name,
      actor: actorOf(context.caller),
      links,
      ...readDefinitionInput(input, problems),
    });
  }

  @Mutation(() => Source, {
    description:
      'Changes how a source is shown and shared. Another visibility of a live source is a new graph version.',
  })
  updateSource(
    @Arg('input', () => UpdateSourceInput, { description: 'What to change.' }) input: UpdateSourceInput,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    const problems = wordProblems(input);
    if (problems.length > 0) throw new InvalidDefinition(problems);
    const { name, title, description, tags, team, visibility } = input;
    return this.#services.lifecycle.update({
      name,
      actor: actorOf(context.caller),
      to: {
        ...(title === undefined ? {} : { title: given(title) }),
        ...(description === undefined ? {} : { description: given(description) }),
        ...(team === undefined ? {} : { team: given(team) }),
        ...(tags === undefined ? {} : { tags: [...new Set(tags ?? [])] }),
        ...(visibility ? { visibility } : {}),
      },
    });
  }

  @Mutation(() => Source, {
    description: 'Replaces the policy of a source, or of one of its operations. Calls that start afterwards obey it.',
  })
  setPolicy(
    @Arg('source', () => ID, { description: 'The name of the source.' }) source: string,
    @Arg('operation', () => String, {
      nullable: true,
      description: "An operation id: sets what is laid over the source's policy for this operation.",
    })
    operation: string | null | undefined,
    @Arg('policy', () => Policy, { description: 'The whole new policy; an empty one brings the defaults back.' })
    input: Policy,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    const problems: Problem[] = [];
    const policy = readPolicy(input, 'input.policy', problems);
    return this.#services.lifecycle.setPolicy({
      source,
      operation: given(operation),
      policy,
      problems,
      actor: actorOf(context.caller),
    });
  }
}
