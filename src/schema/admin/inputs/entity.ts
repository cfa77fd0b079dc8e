import { Field, InputType, Int } from 'type-graphql';
import { Json } from '../scalars.ts';

@InputType({
  description: "Where an argument of an entity's operation comes from. Exactly one of field, fields and value.",
})
export class EntityArgumentInput {
  @Field(() => String, {
    description:
      "The operation's argument; a path such as `input.ids` leads into an input object. One that the operation's bulk form takes its keys in is given one key.",
  })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A field of the entity, of this source or of another one; a path such as `owner.id` leads through objects.',
  })
  field?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Several fields of the entity, which become one object under their own names: a composite key.',
  })
  fields?: string[] | null;

  @Field(() => String, { nullable: true, description: 'With `fields`: the `__typename` in the object.' })
  typename?: string | null;

  @Field(() => Json, { nullable: true, description: 'A constant.' })
  value?: unknown;
}

@InputType({ description: "The bulk form of an entity's operation: one call for many entities." })
export class EntityBatchInput {
  @Field(() => String, {
    description: 'The argument that takes the list of keys; a path such as `input.ids` leads into an input object.',
  })
  argument!: string;

  @Field(() => Int, { nullable: true, description: 'Keys in one call at most, 1 to 10000. Default 100.' })
  max?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where in the answer the items are, such as `items`. Default: the answer itself.',
  })
  items?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Items stand in the order of the keys, null where there is none. Default: they are told apart by their key fields.',
  })
  position?: boolean | null;
}

@InputType({
  description:
    'A type that the source shares with others: it is not prefixed, and has the fields of all sources that declare it. There may be several for one type, for other keys or other operations.',
})
export class EntityInput {
  @Field(() => String, { description: "The type's name, the same in all its sources." })
  type!: string;

  @Field(() => [String], {
    description:
      'The fields of it that tell one from another, together; a path such as `owner.id` leads through objects.',
  })
  key!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'The id of the operation that gives one. Without it the source only refers to entities of others.',
  })
  operation?: string | null;

  @Field(() => [EntityArgumentInput], { nullable: true, description: "The operation's arguments." })
  arguments?: EntityArgumentInput[] | null;

  @Field(() => String, { nullable: true, description: 'A path inside the answer to the entity, such as `item`.' })
  select?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "The fields that the operation gives. Default: all that the source's type has.",
  })
  fields?: string[] | null;

  @Field(() => EntityBatchInput, {
    nullable: true,
    description: "The operation's bulk form, at a GraphQL service. That of a REST operation stands at the operation.",
  })
  batch?: EntityBatchInput | null;
}
