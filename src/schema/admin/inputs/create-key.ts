import { Field, InputType } from 'type-graphql';
import { Role, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@InputType({ description: 'A new key.' })
export class CreateKeyInput {
  @Field(() => String, { description: 'For people: who or what uses it.' })
  name!: string;

  @Field(() => Role, { defaultValue: 'CONSUMER', description: 'What it may do.' })
  role!: ValueOf<typeof Role>;

  @Field(() => DateTime, { nullable: true, description: 'From when on it is refused; left out: never.' })
  expiresAt?: string | null;
}
