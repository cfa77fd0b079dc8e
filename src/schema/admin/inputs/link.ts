import { Field, ID, InputType } from 'type-graphql';
import { Json } from '../scalars.ts';

@InputType({
  description: "Where an argument of a link's operation comes from. Exactly one of field, value and argument.",
})
export class LinkArgumentInput {
  @Field(() => String, {
    description: "The operation's argument; a path such as `input.ids` leads into an input object.",
  })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A field of the parent object, as in the graph; a path such as `author.id` leads through objects.',
  })
  field?: string | null;

  @Field(() => Json, { nullable: true, description: 'A constant.' })
  value?: unknown;

  @Field(() => String, { nullable: true, description: 'An argument of this name, which the link field then has.' })
  argument?: string | null;
}

@InputType({ description: 'A link that a revision of a source brings. It comes and goes with the revision.' })
export class SourceLinkInput {
  @Field(() => String, {
    description: 'The type that gets the field: its name in the graph (`BookshopBook`) or in the source (`Book`).',
  })
  type!: string;

  @Field(() => String, { description: "The new field's name." })
  field!: string;

  @Field(() => String, { nullable: true, description: "Shown in the graph. Default: the operation's own." })
  description?: string | null;

  @Field(() => ID, { nullable: true, description: 'The source that answers. Default: the same source.' })
  target?: string | null;

  @Field(() => String, { description: 'The id of one of its operations that read.' })
  operation!: string;

  @Field(() => [LinkArgumentInput], {
    defaultValue: [],
    description:
      "The operation's arguments. One that the operation's bulk form takes its keys in (batch) is given one key.",
  })
  arguments!: LinkArgumentInput[];

  @Field(() => String, {
    nullable: true,
    description: 'A path inside the answer, such as `items`: what the field gives instead of all of it.',
  })
  select?: string | null;
}

@InputType({ description: 'A link that is added by itself, and stays until it is removed.' })
export class LinkInput extends SourceLinkInput {
  @Field(() => ID, { description: 'The source whose type gets the field.' })
  source!: string;
}
