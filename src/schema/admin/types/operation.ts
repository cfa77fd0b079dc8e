import { Field, ObjectType } from 'type-graphql';
import { OperationKind, type ValueOf } from '../enums.ts';
import { Policy } from './policy.ts';

@ObjectType({ description: 'One thing a source can do.' })
export class Operation {
  @Field(() => String, { description: 'The operation id, unique in its source.' })
  name!: string;

  @Field(() => String, { description: 'Its place in the graph, such as `Query.petstore.getPet`.' })
  field!: string;

  @Field(() => OperationKind, { description: 'The root it stands in.' })
  kind!: ValueOf<typeof OperationKind>;

  @Field(() => Boolean, { description: 'Whether calling it twice has the effect of calling it once.' })
  idempotent!: boolean;

  @Field(() => Boolean, { description: 'Whether its answers may be kept.' })
  cacheable!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it should not be used any more, if the upstream says so.' })
  deprecated!: string | undefined;

  @Field(() => Policy, {
    nullable: true,
    description: "Its own policy, laid over the source's; null when it has none.",
  })
  policy!: Policy | undefined;
}
