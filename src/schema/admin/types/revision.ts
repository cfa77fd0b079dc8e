import { Field, Int, ObjectType } from 'type-graphql';
import { Criticality, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { Warning } from './problem.ts';

@ObjectType({ description: 'One difference between two schemas.' })
export class SchemaChange {
  @Field(() => Criticality, { description: 'What it does to clients.' })
  criticality!: ValueOf<typeof Criticality>;

  @Field(() => String, { nullable: true, description: 'The type or field, such as `PetstorePet.name`.' })
  path!: string | undefined;

  @Field(() => String, { description: 'What changed.' })
  message!: string;
}

@ObjectType({ description: 'One immutable definition of a source.' })
export class Revision {
  @Field(() => Int, {
    description: 'Grows by one. The first is 1, or goes on where a deleted source of the same name left off.',
  })
  number!: number;

  @Field(() => String, { description: 'Its types, as GraphQL SDL.' })
  sdl!: string;

  @Field(() => [SchemaChange], {
    description: 'Differences from the revision that was live (or else the latest) when this one was made.',
  })
  changes!: SchemaChange[];

  @Field(() => [Warning], { description: 'What could not be represented, and what was done instead.' })
  warnings!: Warning[];

  @Field(() => String, { nullable: true, description: "The maker's note." })
  note!: string | undefined;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => String, { description: 'The id of the key that made it.' })
  createdBy!: string;

  @Field(() => Boolean, { description: 'Whether it is the one in the graph.' })
  live!: boolean;
}
