import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One thing that is wrong.' })
export class Problem {
  @Field(() => String, {
    description: 'Where: an input path (`input.name`) or a JSON pointer into a document (`/paths/~1pets`).',
  })
  path!: string;

  @Field(() => String, { description: 'What was expected, and what came.' })
  message!: string;
}

@ObjectType({ description: 'Something in a definition that could not be represented, and what was done instead.' })
export class Warning extends Problem {
  @Field(() => String, {
    description: 'Stable, upper snake case: `RENAMED`, `UNTYPED`, `OPERATION_SKIPPED` and others.',
  })
  kind!: string;
}
