import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { BudgetSubjectKind, BudgetWindow, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'One limit of a budget, as it stands.' })
export class BudgetStatus {
  @Field(() => BudgetWindow, { description: 'What is limited, over which time.' })
  window!: ValueOf<typeof BudgetWindow>;

  @Field(() => Float, { description: 'The limit.' })
  limit!: number;

  @Field(() => Float, { description: 'What calls under way are thought to take at most.' })
  reserved!: number;

  @Field(() => Float, { description: 'What calls that are over have taken.' })
  spent!: number;

  @Field(() => Int, { description: 'Calls of this window whose price is not known: they are in no sum of USD.' })
  unpriced!: number;

  @Field(() => DateTime, { description: 'When the window ends, and the next begins at nought.' })
  resetsAt!: Date;
}

@ObjectType({ description: 'What calls of models may take of a key, source, provider or model.' })
export class Budget {
  @Field(() => BudgetSubjectKind, { description: 'What is limited.' })
  kind!: ValueOf<typeof BudgetSubjectKind>;

  @Field(() => ID, { description: 'Which one.' })
  id!: string;

  @Field(() => [BudgetStatus], { description: 'Its limits, and what is taken of them.' })
  limits!: readonly BudgetStatus[];

  @Field(() => DateTime, { description: 'When it was first set: it counts from then on.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When its limits were last set.' })
  updatedAt!: Date;
}

@InputType({ description: 'The limits of one subject: at least one. Those that are left out are no limits.' })
export class BudgetInput {
  @Field(() => BudgetSubjectKind, { description: 'What is limited.' })
  kind!: ValueOf<typeof BudgetSubjectKind>;

  @Field(() => ID, {
    description:
      "Which one: a key's id, or `anonymous` for all callers without a key; the name of a source or provider; " +
      'a model as `provider/model`.',
  })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Calls of models in a minute.' })
  requestsPerMinute?: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens in a minute, of questions and answers together.' })
  tokensPerMinute?: number | null;

  @Field(() => Float, { nullable: true, description: 'USD in a day of UTC.' })
  usdPerDay?: number | null;

  @Field(() => Float, { nullable: true, description: 'USD in a month of UTC.' })
  usdPerMonth?: number | null;
}
