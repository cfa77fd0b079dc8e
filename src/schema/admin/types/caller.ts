import { Field, ID, ObjectType } from 'type-graphql';
import { CallerKind, Role, type ValueOf } from '../enums.ts';

/** `Caller` in the API. */
@ObjectType('Caller', { description: 'Who makes this request.' })
export class CurrentCaller {
  @Field(() => CallerKind, { description: 'How the caller is known.' })
  kind!: ValueOf<typeof CallerKind>;

  @Field(() => String, { nullable: true, description: "The key's name; null without one." })
  name!: string | undefined;

  @Field(() => Role, { nullable: true, description: 'What the key may do; null without one.' })
  role!: ValueOf<typeof Role> | undefined;

  @Field(() => ID, { nullable: true, description: "The key's public part; null without one." })
  keyId!: string | undefined;
}
