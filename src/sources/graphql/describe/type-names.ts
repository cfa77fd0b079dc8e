import { type GraphQLSchema, isIntrospectionType, isScalarType, isSpecifiedScalarType } from 'graphql';
import { NameScope, pascalCase } from '../../rest/mapping/names.ts';
import { restScalars } from '../../rest/mapping/scalars.ts';
import type { Warning } from '../../source.ts';
import { sharedScalar } from './scalars.ts';

export interface TypeNames {
  /** What stands before the names; '' for a flat source. */
  readonly prefix: string;
  readonly query: string;
  readonly mutation: string;
  /** The name in the graph, by the name in the upstream; shared scalars and GraphQL's own are not in it. */
  readonly graphNames: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
}

/**
 * Names in the graph of all types of an upstream: prefixed with the namespace in PascalCase, as they are when flat.
 * They depend on the upstream's names alone, not on the order in which it tells them.
 */
export function nameTypes(upstream: GraphQLSchema, namespace: string): TypeNames {
  const prefix = namespace === '' ? '' : pascalCase(namespace);
  const query = `${prefix}Query`;
  const mutation = `${prefix}Mutation`;
  const scope = new NameScope([query, mutation, 'Query', 'Mutation', 'Subscription', 'ID', ...restScalars.keys()]);
  const graphNames = new Map<string, string>();
  const warnings: Warning[] = [];
  const roots = new Set<unknown>([upstream.getQueryType(), upstream.getMutationType(), upstream.getSubscriptionType()]);
  const types = Object.values(upstream.getTypeMap()).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const type of types) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (isScalarType(type) && sharedScalar(type) !== undefined) continue;
    // The upstream's root types become the namespace's own. Fields that lead back to one lead to a type beside it.
    const wanted = roots.has(type) ? `${prefix}Nested${type.name}` : prefix + type.name;
    const name = scope.take(wanted);
    graphNames.set(type.name, name);
    if (name !== wanted) {
      warnings.push({ kind: 'RENAMED', path: type.name, message: `${wanted} is taken; the type is ${name}.` });
    }
  }
  return { prefix, query, mutation, graphNames, warnings };
}
