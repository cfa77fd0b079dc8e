import type { Problem } from '../../../errors/index.ts';
import type { GraphQLSourceInput } from '../../../schema/admin/index.ts';
import type { GraphQLInput } from '../../../sources/graphql/index.ts';
import { readEntities } from './entities.ts';
import { onlyGiven } from './given.ts';
import { readUpstream } from './upstream.ts';

/** What the GraphQL kind reads, with every credential wrapped. The kind itself checks the rest of it. */
export function readGraphQLInput(input: GraphQLSourceInput, path: string, problems: Problem[]): GraphQLInput {
  const { auth, headers, entities, subscriptions, ...plain } = onlyGiven(input);
  return {
    ...plain,
    ...readUpstream({ auth, headers }, path, problems),
    ...(subscriptions === undefined ? {} : { subscriptions: onlyGiven(subscriptions) }),
    ...(entities === undefined ? {} : { entities: readEntities(entities, `${path}.entities`, problems) }),
  };
}
