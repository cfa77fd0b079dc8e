import { Field, ID, Int, ObjectType } from 'type-graphql';
import { LifecycleState, SourceKind, type ValueOf, Visibility } from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { PageInfo } from './page-info.ts';
import { Policy } from './policy.ts';

@ObjectType({ description: 'Why a source should not be used any more, and until when it can be.' })
export class Deprecation {
  @Field(() => String, { description: 'Shown to clients on every field of the source.' })
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'When the source is going to be retired.' })
  sunsetAt!: Date | undefined;
}

@ObjectType({ description: 'A registered upstream under a name.' })
export class Source {
  @Field(() => ID, { description: 'Unique, a GraphQL name; the namespace of its fields unless told otherwise.' })
  name!: string;

  @Field(() => SourceKind, { description: 'What kind of upstream it wraps.' })
  kind!: ValueOf<typeof SourceKind>;

  @Field(() => String, { nullable: true, description: 'For people.' })
  title!: string | undefined;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description!: string | undefined;

  @Field(() => [String], { description: 'Free words to find it by.' })
  tags!: string[];

  @Field(() => ID, { nullable: true, description: 'The team that owns it.' })
  team!: string | undefined;

  @Field(() => Visibility, { description: 'Who may use it once it is published.' })
  visibility!: ValueOf<typeof Visibility>;

  @Field(() => LifecycleState, { description: 'Where it stands in its life.' })
  state!: ValueOf<typeof LifecycleState>;

  @Field(() => Boolean, { description: 'Whether calls to its upstream are held back by hand.' })
  paused!: boolean;

  @Field(() => Deprecation, { nullable: true, description: 'Set while it is DEPRECATED.' })
  deprecation!: Deprecation | undefined;

  @Field(() => Int, { description: 'The number of its newest revision, live or not.' })
  latestRevision!: number;

  @Field(() => Policy, { description: 'The settings of the source, without those of single operations.' })
  policy!: Policy;

  @Field(() => DateTime, { description: 'When it was registered.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When anything about it last changed.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'A page of sources, by name.' })
export class SourceConnection {
  @Field(() => [Source], { description: 'The sources of this page.' })
  nodes!: Source[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number;
}
