import { Field, ID, InputType } from 'type-graphql';
import { type ValueOf, Visibility } from '../enums.ts';
import { Policy } from '../types/policy.ts';
import { GraphQLSourceInput } from './graphql-source.ts';
import { SourceLinkInput } from './link.ts';
import { PromptSourceInput } from './prompt-source.ts';
import { RestSourceInput } from './rest-source.ts';

@InputType({ description: 'A new source.' })
export class RegisterSourceInput {
  @Field(() => ID, { description: 'A GraphQL name of at most 64 characters that is not taken.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'Free words to find it by.' })
  tags?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The team that owns it.' })
  team?: string | null;

  @Field(() => Visibility, { defaultValue: 'PRIVATE', description: 'Who may use it once it is published.' })
  visibility!: ValueOf<typeof Visibility>;

  @Field(() => RestSourceInput, {
    nullable: true,
    description: 'The REST API to wrap. Exactly one of rest, graphql and prompt is given.',
  })
  rest?: RestSourceInput | null;

  @Field(() => GraphQLSourceInput, {
    nullable: true,
    description: 'The GraphQL service to wrap. Exactly one of rest, graphql and prompt is given.',
  })
  graphql?: GraphQLSourceInput | null;

  @Field(() => PromptSourceInput, {
    nullable: true,
    description: 'The prompt to ask. Exactly one of rest, graphql and prompt is given.',
  })
  prompt?: PromptSourceInput | null;

  @Field(() => Policy, { nullable: true, description: 'Settings of the source.' })
  policy?: Policy | null;

  @Field(() => [SourceLinkInput], { nullable: true, description: 'Fields that other operations answer.' })
  links?: SourceLinkInput[] | null;

  @Field(() => String, { nullable: true, description: 'A note for the first revision.' })
  note?: string | null;
}

@InputType({
  description: 'The next revision of a source, of the same kind. Complete: nothing is taken over from earlier ones.',
})
export class ReviseSourceInput {
  @Field(() => ID, { description: 'The name of the source.' })
  name!: string;

  @Field(() => RestSourceInput, {
    nullable: true,
    description: 'The REST API to wrap. Exactly one of rest, graphql and prompt is given.',
  })
  rest?: RestSourceInput | null;

  @Field(() => GraphQLSourceInput, {
    nullable: true,
    description: 'The GraphQL service to wrap. Exactly one of rest, graphql and prompt is given.',
  })
  graphql?: GraphQLSourceInput | null;

  @Field(() => PromptSourceInput, {
    nullable: true,
    description: 'The prompt to ask. Exactly one of rest, graphql and prompt is given.',
  })
  prompt?: PromptSourceInput | null;

  @Field(() => [SourceLinkInput], {
    nullable: true,
    description: 'Fields that other operations answer; those of addLink stay whatever is given here.',
  })
  links?: SourceLinkInput[] | null;

  @Field(() => String, { nullable: true, description: 'What is new, for people.' })
  note?: string | null;
}

@InputType({
  description: 'What to change about how a source is shown and shared. What is left out stays; null clears.',
})
export class UpdateSourceInput {
  @Field(() => ID, { description: 'The name of the source.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'Free words to find it by; all of them.' })
  tags?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The team that owns it.' })
  team?: string | null;

  @Field(() => Visibility, { nullable: true, description: 'Who may use it once it is published; null is as left out.' })
  visibility?: ValueOf<typeof Visibility> | null;
}
