import { Field, ID, InputType, Int } from 'type-graphql';
import { Json } from '../scalars.ts';
import { PromptSourceInput } from './prompt-source.ts';

@InputType({ description: 'What to ask a prompt that need not be published, or registered.' })
export class TestPromptInput {
  @Field(() => ID, { description: 'The name of the source: that of a prompt, or one that it could have.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'Of a registered prompt. Default: the latest.' })
  revision?: number | null;

  @Field(() => PromptSourceInput, { nullable: true, description: 'Instead of a revision: a draft.' })
  prompt?: PromptSourceInput | null;

  @Field(() => Json, { description: 'An object of the variables.' })
  variables!: unknown;
}
