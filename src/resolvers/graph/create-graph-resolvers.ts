import type { GraphQLFieldResolver } from 'graphql';
import type { RequestContext, ResolverFactory } from '../../schema/index.ts';
import type { OperationDescription } from '../../sources/index.ts';
import { callOperation } from './call-operation.ts';
import { entityLoader } from './entity-loader.ts';
import { linkResolver } from './link-resolver.ts';
import { selectionOf } from './linked-selection.ts';
import { SerialTurns } from './serial-turns.ts';
import { subscriptionResolvers } from './subscription-resolvers.ts';

/** What answers the graph's own fields: operations call their source directly, never through delegation. */
export function createGraphResolvers(): ResolverFactory {
  return {
    operation: operationResolver,
    subscription: subscriptionResolvers,
    link: linkResolver,
    entity: entityLoader,
    namespace: namespaceResolver,
  };
}

function operationResolver(
  source: string,
  operation: OperationDescription,
): GraphQLFieldResolver<unknown, RequestContext> {
  const { name, selects } = operation;
  return (parent, args: Record<string, unknown>, context, info) => {
    const selection = selects === true ? selectionOf(info, source) : undefined;
    // Only the parent of namespaced mutations has turns: the root's own mutations are in order by the
    // rules of GraphQL already, and queries run at once.
    if (parent instanceof SerialTurns) {
      return parent.take(() => callOperation(source, name, args, context, info.path, selection));
    }
    return callOperation(source, name, args, context, info.path, selection);
  };
}

/** Queries need nothing from their parent, so all requests share one. */
const QUERY_PARENT = Object.freeze({});

function namespaceResolver(kind: 'query' | 'mutation'): GraphQLFieldResolver<unknown, RequestContext> {
  return kind === 'query' ? () => QUERY_PARENT : () => new SerialTurns();
}
