import type { GraphQLDefinition, GraphQLInput } from '../definition.ts';

/** What the owner gave, as far as the definition has it; SDL only where it was given. */
export function inputOf(definition: GraphQLDefinition): GraphQLInput {
  const { url, sdl, isPart, endpoints, namespace, auth, headers, forwardHeaders, subgraph } = definition;
  const { subscriptions, persistedQueries, pollSeconds, publishSafeChanges } = definition;
  const entities = subgraph === true ? definition.givenEntities : definition.entities;
  return {
    endpoints,
    namespace,
    headers,
    forwardHeaders,
    ...(url === undefined ? {} : { url }),
    ...(isPart === true ? { sdl } : {}),
    ...(auth === undefined ? {} : { auth }),
    ...(subscriptions === undefined ? {} : { subscriptions }),
    ...(persistedQueries === undefined ? {} : { persistedQueries }),
    ...(pollSeconds === undefined ? {} : { pollSeconds }),
    ...(publishSafeChanges === undefined ? {} : { publishSafeChanges }),
    ...(entities === undefined ? {} : { entities }),
  };
}
