import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.ts';

@ObjectType({
  description: 'USD for a million tokens, before any step for long contexts. null: not known, which is not nought.',
})
export class ModelPrices {
  @Field(() => Float, { nullable: true, description: 'What goes in.' })
  input!: number | undefined;

  @Field(() => Float, { nullable: true, description: 'What comes out, reasoning included.' })
  output!: number | undefined;

  @Field(() => Float, { nullable: true, description: 'What goes in and was kept by the vendor.' })
  cachedInput!: number | undefined;

  @Field(() => Float, { nullable: true, description: 'What goes in and is going to be kept.' })
  cacheWrite!: number | undefined;
}

@ObjectType({ description: 'A model of a registered account, as far as it is known.' })
export class Model {
  @Field(() => ID, { description: '`provider/name`: what prompts and budgets name.' })
  id!: string;

  @Field(() => ID, { description: 'The name of the provider.' })
  provider!: string;

  @Field(() => String, { description: 'As the vendor calls it.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether it was given with setProvider; else it is from the catalogue.' })
  declared!: boolean;

  @Field(() => Int, { nullable: true, description: 'Tokens of question and answer together; null: not known.' })
  contextTokens!: number | undefined;

  @Field(() => Int, { nullable: true, description: 'Tokens of an answer; null: not known.' })
  maxOutputTokens!: number | undefined;

  @Field(() => [String], { nullable: true, description: 'What it takes: `text`, `image` and others; null: not known.' })
  inputs!: readonly string[] | undefined;

  @Field(() => ModelPrices, { nullable: true, description: 'What it costs; null: not known.' })
  prices!: ModelPrices | undefined;
}

@ObjectType({ description: 'A page of models, by provider and name.' })
export class ModelConnection {
  @Field(() => [Model], { description: 'The models of this page.' })
  nodes!: Model[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number;
}

@InputType({ description: 'Which models. Conditions are joined by and.' })
export class ModelFilter {
  @Field(() => ID, { nullable: true, description: 'Of this provider.' })
  provider?: string | null;

  @Field(() => String, { nullable: true, description: 'With this text in `provider/name`, in any case.' })
  search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: with a known price for input and output; false: without.',
  })
  priced?: boolean | null;
}
