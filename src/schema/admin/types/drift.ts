import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'A place where answers of an upstream were not what its description says.' })
export class Drift {
  @Field(() => String, { description: 'The operation id.' })
  operation!: string;

  @Field(() => String, {
    description: 'JSON path in the answer, with `*` for every index and for keys of its own making.',
  })
  path!: string;

  @Field(() => String, { description: 'What the description says is there.' })
  expected!: string;

  @Field(() => String, { description: 'The type of what came; never the value.' })
  received!: string;

  @Field(() => Int, { description: 'How often.' })
  count!: number;

  @Field(() => DateTime, { description: 'When it was last seen.' })
  lastAt!: Date;
}
