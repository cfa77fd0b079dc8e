import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../scalars.ts';
import { PageInfo } from './page-info.ts';

@ObjectType({ description: 'Who did it.' })
export class Actor {
  @Field(() => ID, { description: 'The id of the key, or `system`.' })
  id!: string;

  @Field(() => String, { description: "The key's name at that time." })
  name!: string;
}

@ObjectType({ description: 'One thing that was done.' })
export class AuditEntry {
  @Field(() => ID, { description: 'Grows by one.' })
  id!: number;

  @Field(() => DateTime, { description: 'When it was committed.' })
  at!: Date;

  @Field(() => Actor, { description: 'Who did it.' })
  actor!: Actor;

  @Field(() => String, { description: "The mutation's name, such as `publishSource`." })
  action!: string;

  @Field(() => String, { description: 'What it was done to: `source:petstore`, `key:ab12`.' })
  target!: string;

  @Field(() => Json, { description: 'What changed, without secrets.' })
  detail!: unknown;
}

@ObjectType({ description: 'A page of the audit log, newest first.' })
export class AuditConnection {
  @Field(() => [AuditEntry], { description: 'The entries of this page.' })
  nodes!: AuditEntry[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number;
}
