import { Field, ID, ObjectType } from 'type-graphql';
import { Role, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'What a caller proves itself with. Only a hash of it is stored.' })
export class Key {
  @Field(() => ID, { description: 'Its public part.' })
  id!: string;

  @Field(() => String, { description: 'For people.' })
  name!: string;

  @Field(() => Role, { description: 'What it may do.' })
  role!: ValueOf<typeof Role>;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => String, { description: 'The id of the key that made it.' })
  createdBy!: string;

  @Field(() => DateTime, { nullable: true, description: 'From when on it is refused; null: never.' })
  expiresAt!: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: 'Since when it is refused, by hand; null: it is not.' })
  revokedAt!: Date | undefined;
}

@ObjectType({ description: 'A new key, and the only sight of its secret.' })
export class CreatedKey {
  @Field(() => Key, { description: 'What is kept of it.' })
  key!: Key;

  @Field(() => String, {
    description: 'The key itself, to send as `authorization: Bearer …`. It cannot be shown again.',
  })
  secret!: string;
}
