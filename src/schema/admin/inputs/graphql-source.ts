import { Field, InputType, Int } from 'type-graphql';
import { UpstreamAuthInput } from './auth.ts';
import { EntityInput } from './entity.ts';
import { GraphQLSubscriptionsInput } from './graphql-subscriptions.ts';
import { EndpointInput, HeaderInput } from './rest-source.ts';

@InputType({
  description: 'A GraphQL service. Weir introspects it, unless its schema is given as SDL.',
})
export class GraphQLSourceInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Where the service answers. Introspected at registration, and called unless there are endpoints. May be left out when there are SDL and endpoints.',
  })
  url?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Its schema, or the part of it to take. Compared with what the service tells, where it tells anything.',
  })
  sdl?: string | null;

  @Field(() => [EndpointInput], {
    nullable: true,
    description: 'URLs that are called, each the whole of it. Default: the url.',
  })
  endpoints?: EndpointInput[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The field of Query and Mutation under which its fields stand, and what its types begin with; `""` puts them flat into the root, unprefixed. Default: the source\'s name.',
  })
  namespace?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What names of its types begin with; entities keep their own names. Default: the namespace, and nothing without one.',
  })
  typePrefix?: string | null;

  @Field(() => UpstreamAuthInput, { nullable: true, description: 'How Weir proves itself to the upstream.' })
  auth?: UpstreamAuthInput | null;

  @Field(() => [HeaderInput], { nullable: true, description: 'Request headers that are sent with every call.' })
  headers?: HeaderInput[] | null;

  @Field(() => [String], { nullable: true, description: "Names of the client's request headers to pass on." })
  forwardHeaders?: string[] | null;

  @Field(() => GraphQLSubscriptionsInput, { nullable: true, description: 'How its subscriptions are spoken to.' })
  subscriptions?: GraphQLSubscriptionsInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Send a query by its hash, and its text only where the service does not know it yet (Automatic Persisted Queries). Default: false.',
  })
  persistedQueries?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds between looks at the schema that the service tells, 1 to 86400; a change is shown as `Source.schemaDrift`. Default: it is not looked at.',
  })
  pollSeconds?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Publish a changed schema by itself, as a new revision made by `polling`, when all its changes are `SAFE`. Wants `pollSeconds`, and no `sdl`. Default: false.',
  })
  publishSafeChanges?: boolean | null;

  @Field(() => [EntityInput], {
    nullable: true,
    description: 'Types that it shares with other sources, merged by key.',
  })
  entities?: EntityInput[] | null;
}
