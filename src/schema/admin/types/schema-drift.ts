import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import { SchemaChange } from './revision.ts';

@ObjectType({ description: 'How the schema that a service tells now differs from that of the live revision.' })
export class SchemaDrift {
  @Field(() => DateTime, { description: 'When the schema that it has now was first seen.' })
  changedAt!: Date;

  @Field(() => [SchemaChange], {
    description:
      "What changed, in the service's own names, gravest first. Where the owner gave SDL, which may be a part of the schema, what the service has besides is left out.",
  })
  changes!: readonly SchemaChange[];

  @Field(() => String, {
    nullable: true,
    description: 'Why `publishSafeChanges` left it to somebody; null where it is not asked for, or not decided yet.',
  })
  heldBack!: string | undefined;
}
