import { Field, Float, InputType, Int } from 'type-graphql';
import { ReasoningEffort, type ValueOf } from '../enums.ts';
import { Json } from '../scalars.ts';

@InputType({ description: 'A variable of a prompt: an argument of its field.' })
export class PromptVariableInput {
  @Field(() => String, { description: 'A GraphQL name.' })
  name!: string;

  @Field(() => String, {
    description: 'As GraphQL writes it: `String!`, `[Int!]`, an enum of types or output, `File` or `Image`.',
  })
  type!: string;

  @Field(() => String, { nullable: true, description: 'For people: the description of the argument.' })
  description?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Characters of a text (default 20000), or items of a list (default 100).',
  })
  maxLength?: number | null;

  @Field(() => Json, { nullable: true, description: 'What it is when it is not given.' })
  default?: unknown;
}

@InputType({ description: "What a model is told beside the messages. What is left out is the vendor's default." })
export class PromptParametersInput {
  @Field(() => Float, { nullable: true, description: 'From 0 to 2. Answers at 0 are kept, for an hour by default.' })
  temperature?: number | null;

  @Field(() => Float, { nullable: true, description: 'From 0 to 1.' })
  topP?: number | null;

  @Field(() => Int, { nullable: true, description: 'From 1 up.' })
  topK?: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens of an answer at most.' })
  maxOutputTokens?: number | null;

  @Field(() => [String], { nullable: true, description: 'Texts before which the model stops.' })
  stop?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'For answers that can be repeated, where the vendor can.' })
  seed?: number | null;

  @Field(() => Float, { nullable: true, description: 'From -2 to 2.' })
  presencePenalty?: number | null;

  @Field(() => Float, { nullable: true, description: 'From -2 to 2.' })
  frequencyPenalty?: number | null;

  @Field(() => ReasoningEffort, { nullable: true, description: 'How long the model thinks first, where it can.' })
  reasoningEffort?: ValueOf<typeof ReasoningEffort> | null;
}

@InputType({ description: 'An example for the model: what it should answer to some variables.' })
export class PromptExampleInput {
  @Field(() => Json, { description: 'An object of variables.' })
  variables!: unknown;

  @Field(() => Json, { description: 'An object of the output type, or a text.' })
  output!: unknown;
}

@InputType({ description: 'A prompt, answered by the first of its models that can.' })
export class PromptSourceInput {
  @Field(() => String, {
    description:
      'What the model is told to do, as the system message. Mustache without logic: `{{text}}` mentions the variable `text`, `{{#text}} … {{/text}}` is there when it has a value. Values are never put into it: they go into the user message.',
  })
  template!: string;

  @Field(() => [PromptVariableInput], { description: 'Every one is mentioned in the template.' })
  variables!: PromptVariableInput[];

  @Field(() => String, { nullable: true, description: 'SDL of the enums that variables name.' })
  types?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SDL of the object type that the model answers with, first, and of the types in it. Left out: plain text.',
  })
  output?: string | null;

  @Field(() => [String], { description: '`provider/model`. The first is asked; the others stand in for it, in order.' })
  models!: string[];

  @Field(() => PromptParametersInput, { nullable: true, description: 'What the model is told beside the messages.' })
  parameters?: PromptParametersInput | null;

  @Field(() => [PromptExampleInput], { nullable: true, description: 'Stand before the message of the user.' })
  examples?: PromptExampleInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'The field has an argument `history`, which takes the conversation so far. Default: false.',
  })
  history?: boolean | null;
}
