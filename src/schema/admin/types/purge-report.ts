import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What purgeCache made unreachable.' })
export class PurgeReport {
  @Field(() => Boolean, { description: 'Whether every cached answer of every source was purged.' })
  everything!: boolean;

  @Field(() => [String], {
    description:
      'The tags that were purged: those given, `source:<name>` for a source, `source:<name>/<tag>` for a tag in one source.',
  })
  tags!: string[];
}
