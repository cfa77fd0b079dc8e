import { Field, ID, ObjectType } from 'type-graphql';
import { LinkOrigin, LinkState, type ValueOf } from '../enums.ts';
import { Json } from '../scalars.ts';

@ObjectType({ description: "Where an argument of a link's operation comes from: field, value or argument." })
export class LinkArgument {
  @Field(() => String, { description: "The operation's argument." })
  name!: string;

  @Field(() => String, { nullable: true, description: 'A field of the parent object.' })
  field!: string | undefined;

  @Field(() => Json, { nullable: true, description: 'A constant.' })
  value!: unknown;

  @Field(() => String, { nullable: true, description: 'An argument of the link field itself.' })
  argument!: string | undefined;
}

@ObjectType({ description: 'A field of a type of one source, answered by an operation of another or the same.' })
export class Link {
  @Field(() => ID, { description: 'Unique.' })
  id!: string;

  @Field(() => ID, { description: 'The source whose type has the field.' })
  source!: string;

  @Field(() => String, { description: 'The type, as it was named.' })
  type!: string;

  @Field(() => String, { description: "The field's name." })
  field!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description!: string | undefined;

  @Field(() => ID, { description: 'The source that answers.' })
  target!: string;

  @Field(() => String, { description: 'The id of its operation.' })
  operation!: string;

  @Field(() => [LinkArgument], { description: 'Where the arguments of the operation come from.' })
  arguments!: LinkArgument[];

  @Field(() => String, { nullable: true, description: 'The path inside the answer.' })
  select!: string | undefined;

  @Field(() => LinkOrigin, { description: 'Where it comes from.' })
  origin!: ValueOf<typeof LinkOrigin>;

  @Field(() => LinkState, { description: 'Whether it is in the graph.' })
  state!: ValueOf<typeof LinkState>;

  @Field(() => String, { nullable: true, description: 'Why it is not in the graph; null while it is.' })
  problem!: string | undefined;

  @Field(() => Boolean, {
    description:
      'Whether many parents become few calls, by the bulk form of the operation; false while not in the graph.',
  })
  batched!: boolean;
}
