import { type GraphQLSchema, isIntrospectionType, isScalarType, isSpecifiedScalarType } from 'graphql';
import type { EntitySpec } from '../../entity/index.ts';
import { NameScope, pascalCase } from '../../rest/mapping/names.ts';
import { restScalars } from '../../rest/mapping/scalars.ts';
import type { Warning } from '../../source.ts';
import { sharedScalar } from './scalars.ts';

export interface TypeNames {
  /** What stands before the names; '' for a flat source, as a rule. */
  readonly prefix: string;
  readonly query: string;
  readonly mutation: string;
  readonly subscription: string;
  /** The name in the graph, by the name in the upstream; shared scalars and GraphQL's own are not in it. */
  readonly graphNames: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
}

/** Whose types are named. */
interface Naming {
  readonly namespace: string;
  /** Default: the namespace in PascalCase; nothing for a flat source. */
  readonly typePrefix?: string;
  readonly entities?: readonly EntitySpec[];
}

/**
 * Names in the graph of all types of an upstream: prefixed with the namespace in PascalCase, as they are when flat; or
 * with the prefix that the owner gave. Entities are the graph's and keep their names. They depend on the upstream's names alone, not on the order in which it tells them.
 */
export function nameTypes(upstream: GraphQLSchema, { namespace, typePrefix, entities = [] }: Naming): TypeNames {
  const own = namespace === '' ? '' : pascalCase(namespace);
  const prefix = typePrefix ?? own;
  const query = `${own}Query`;
  const mutation = `${own}Mutation`;
  const subscription = `${own}Subscription`;
  const scope = new NameScope([
    query,
    mutation,
    subscription,
    'Query',
    'Mutation',
    'Subscription',
    'ID',
    ...restScalars.keys(),
  ]);
  const shared = new Set(entities.map(({ type }) => type));
  const graphNames = new Map<string, string>();
  const warnings: Warning[] = [];
  const roots = new Set<unknown>([upstream.getQueryType(), upstream.getMutationType(), upstream.getSubscriptionType()]);
  const types = Object.values(upstream.getTypeMap()).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const type of types) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (isScalarType(type) && sharedScalar(type) !== undefined) continue;
    // The upstream's root types become the namespace's own. Fields that lead back to one lead to a type beside it.
    const named = shared.has(type.name) ? type.name : prefix + type.name;
    const wanted = roots.has(type) ? `${prefix}Nested${type.name}` : named;
    const name = scope.take(wanted);
    graphNames.set(type.name, name);
    if (name !== wanted) {
      warnings.push({ kind: 'RENAMED', path: type.name, message: `${wanted} is taken; the type is ${name}.` });
    }
  }
  return { prefix, query, mutation, subscription, graphNames, warnings };
}
