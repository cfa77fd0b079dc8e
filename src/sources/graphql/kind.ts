import type { SourceKind } from '../source.ts';
import { connectGraphQL } from './call/graphql-connection.ts';
import type { GraphQLDefinition, GraphQLInput } from './definition.ts';
import { describeGraphQL } from './describe/describe.ts';
import { inputOf } from './read/input-of.ts';
import { readGraphQLDefinition } from './read/read.ts';

/** GraphQL services, by introspection or SDL. */
export const graphqlKind: SourceKind<GraphQLInput, GraphQLDefinition> = {
  name: 'GRAPHQL',
  read: readGraphQLDefinition,
  describe: describeGraphQL,
  inputOf,
  connect: connectGraphQL,
};
