import { Field, InputType, Int } from 'type-graphql';
import { MapStyle, OperationAs, type ValueOf } from '../enums.ts';
import { Policy } from '../types/policy.ts';
import { UpstreamAuthInput } from './auth.ts';
import { BatchInput } from './batch.ts';
import { EntityInput } from './entity.ts';
import { PaginationInput } from './pagination.ts';

@InputType({ description: 'One base URL of a source.' })
export class EndpointInput {
  @Field(() => String, { description: 'Base URL; the paths of operations are appended.' })
  url!: string;

  @Field(() => Int, { defaultValue: 0, description: '0 is primary, higher are backups.' })
  priority!: number;

  @Field(() => Int, { defaultValue: 1, description: 'Its share of the calls among endpoints of the same priority.' })
  weight!: number;
}

@InputType({ description: 'A request header that is sent with every call.' })
export class HeaderInput {
  @Field(() => String, { description: "The header's name." })
  name!: string;

  @Field(() => String, { description: 'Its value. Write-only.' })
  value!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether the value is a secret: stored encrypted, never shown.',
  })
  secret!: boolean;
}

@InputType({ description: 'Settings of one operation.' })
export class OperationInput {
  @Field(() => String, { description: 'The operation id.' })
  operation!: string;

  @Field(() => String, { nullable: true, description: "The field's name in the graph instead of the derived one." })
  field?: string | null;

  @Field(() => String, { nullable: true, description: "The name of the answer's type instead of the derived one." })
  type?: string | null;

  @Field(() => Policy, { nullable: true, description: "Laid over the source's policy." })
  policy?: Policy | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether a 404 is answered with null instead of an error.' })
  notFoundIsNull?: boolean | null;

  @Field(() => OperationAs, {
    nullable: true,
    description: 'Default: QUERY for GET, HEAD, OPTIONS and TRACE, MUTATION for the others.',
  })
  as?: ValueOf<typeof OperationAs> | null;

  @Field(() => BatchInput, {
    nullable: true,
    description: 'Its bulk form: links to it are then few calls, not one for each parent.',
  })
  batch?: BatchInput | null;

  @Field(() => PaginationInput, {
    nullable: true,
    description: 'The operation hands out a list page by page: its field becomes a connection.',
  })
  pagination?: PaginationInput | null;
}

@InputType({
  description: 'A REST API, described by an OpenAPI document (2.0, 3.0 or 3.1). Exactly one of document and url.',
})
export class RestSourceInput {
  @Field(() => String, { nullable: true, description: 'The OpenAPI document itself, JSON or YAML.' })
  document?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where Weir can fetch the OpenAPI document. At the origin of one of the endpoints it is asked for with auth and headers.',
  })
  url?: string | null;

  @Field(() => [EndpointInput], { nullable: true, description: "Base URLs. Default: the document's servers." })
  endpoints?: EndpointInput[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The field of Query and Mutation under which its fields stand; `""` puts them flat into the root. Default: the source\'s name.',
  })
  namespace?: string | null;

  @Field(() => UpstreamAuthInput, { nullable: true, description: 'How Weir proves itself to the upstream.' })
  auth?: UpstreamAuthInput | null;

  @Field(() => [HeaderInput], { nullable: true, description: 'Request headers that are sent with every call.' })
  headers?: HeaderInput[] | null;

  @Field(() => [String], { nullable: true, description: "Names of the client's request headers to pass on." })
  forwardHeaders?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Ids of the operations to take; `*` stands for any run of characters. Default: all.',
  })
  include?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Ids of the operations to leave out; `*` as in include.' })
  exclude?: string[] | null;

  @Field(() => [OperationInput], { nullable: true, description: 'Settings of single operations.' })
  operations?: OperationInput[] | null;

  @Field(() => [EntityInput], {
    nullable: true,
    description: 'Types that it shares with other sources, merged by key.',
  })
  entities?: EntityInput[] | null;

  @Field(() => MapStyle, {
    nullable: true,
    description: 'How objects with free keys and typed values stand in the graph. Default LIST.',
  })
  maps?: ValueOf<typeof MapStyle> | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Refuse a document with any part that is wrong or cannot be represented, instead of warning and using the rest.',
  })
  strict?: boolean | null;
}
