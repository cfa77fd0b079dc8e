import { Field, InputType, Int } from 'type-graphql';
import { BatchForm, type ValueOf } from '../enums.ts';

@InputType({
  description:
    'How one call of an operation answers for many keys. Items find their keys by matchBy, as a map, or by position: ' +
    'exactly one of matchBy, map and position.',
})
export class BatchInput {
  @Field(() => String, {
    description: 'The argument that takes the list of keys; a path such as `input.ids` leads into the body.',
  })
  argument!: string;

  @Field(() => BatchForm, {
    nullable: true,
    description: 'How the keys are sent. Default: as the document describes the argument.',
  })
  form?: ValueOf<typeof BatchForm> | null;

  @Field(() => Int, { defaultValue: 100, description: 'Keys in one call at most, 1 to 10000.' })
  max!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Where in the answer the items are, such as `items`. Default: the answer itself.',
  })
  items?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The field of an item that holds its key, as in the graph; a path such as `author.id` leads deeper. Several where keys are objects: each is a field of the key, too.',
  })
  matchBy?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'The answer is an object whose keys are the keys.' })
  map!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Items stand in the order of the keys, null where there is none.',
  })
  position!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'A key may have several items: a link then gives the list of them.',
  })
  many!: boolean;
}
