import { type GraphQLNamedType, GraphQLObjectType, isIntrospectionType } from 'graphql';
import type { OperationDescription, SourceDescription } from '../../sources/index.ts';
import { deprecationText } from './deprecation-text.ts';
import { markExtensions } from './field-mark.ts';
import type { GraphFieldConfig, GraphPart } from './graph-part.ts';
import type { RequestContext } from './request-context.ts';
import { subscriptionField } from './subscription-field.ts';
import type { GraphMember, ResolverFactory } from './types.ts';

/**
 * What a source adds to the graph: its operations' fields with their resolvers, under its namespace or
 * flat in the root (subscriptions always in the root), and its types as they are.
 *
 * Only the source's root types are made anew, so composing costs one pass over its operations, and
 * nothing that a description owns is ever changed: versions share all other types.
 * (A type that referred back to its root type would still mean the old root type. No description has one: a GraphQL
 * service whose types lead back to a root is described with a type beside it.)
 */
export function memberPart(member: GraphMember, resolvers: ResolverFactory): GraphPart {
  const { schema, namespace } = member.description;
  const roots = new Set<GraphQLNamedType>();
  const types: GraphQLNamedType[] = [];
  const root: { query: Record<string, GraphFieldConfig>; mutation: Record<string, GraphFieldConfig> } = {
    query: {},
    mutation: {},
  };

  for (const kind of ['query', 'mutation'] as const) {
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    if (type == null) continue;
    roots.add(type);
    const fields = operationFields(member, kind, type, resolvers);
    if (namespace === '') {
      root[kind] = fields;
      continue;
    }
    const config = type.toConfig();
    const namespaced = new GraphQLObjectType<unknown, RequestContext>({ ...config, fields });
    types.push(namespaced);
    root[kind] = {
      [namespace]: {
        type: namespaced,
        description: config.description,
        deprecationReason: deprecationText(member.deprecation),
        resolve: resolvers.namespace(kind),
        extensions: markExtensions({ source: member.name, operation: undefined }),
      },
    };
  }

  const streams = schema.getSubscriptionType();
  if (streams != null) roots.add(streams);
  const subscription = streams == null ? {} : subscriptionFields(member, streams, resolvers);

  for (const type of Object.values(schema.getTypeMap())) {
    if (roots.has(type) || isIntrospectionType(type)) continue;
    types.push(type);
  }
  const entities = new Set(member.description.entities?.map(({ type }) => type));
  return { place: `source ${member.name}`, ...root, subscription, types, entities };
}

function operationFields(
  member: GraphMember,
  kind: 'query' | 'mutation',
  type: GraphQLObjectType,
  resolvers: ResolverFactory,
): Record<string, GraphFieldConfig> {
  const operations = operationsByField(member.description, kind);
  const fields: Record<string, GraphFieldConfig> = {};
  for (const [name, field] of Object.entries(type.toConfig().fields)) {
    const operation = operations.get(name);
    fields[name] = {
      ...field,
      deprecationReason: deprecationText(member.deprecation, field.deprecationReason ?? operation?.deprecated),
      ...(operation === undefined
        ? {}
        : {
            resolve: resolvers.operation(member.name, operation),
            extensions: { ...field.extensions, ...markExtensions({ source: member.name, operation: operation.name }) },
          }),
    };
  }
  return fields;
}

function subscriptionFields(
  member: GraphMember,
  type: GraphQLObjectType,
  resolvers: ResolverFactory,
): Record<string, GraphFieldConfig> {
  const operations = operationsByField(member.description, 'subscription');
  const fields: Record<string, GraphFieldConfig> = {};
  for (const [name, field] of Object.entries(type.toConfig().fields)) {
    const operation = operations.get(name);
    if (operation === undefined) continue;
    fields[subscriptionField(member.description.namespace, name)] = {
      ...field,
      ...resolvers.subscription(member.name, operation),
      deprecationReason: deprecationText(member.deprecation, field.deprecationReason ?? operation.deprecated),
      extensions: { ...field.extensions, ...markExtensions({ source: member.name, operation: operation.name }) },
    };
  }
  return fields;
}

function operationsByField(
  description: SourceDescription,
  kind: OperationDescription['kind'],
): ReadonlyMap<string, OperationDescription> {
  const byField = new Map<string, OperationDescription>();
  for (const operation of description.operations.values()) {
    if (operation.kind === kind) byField.set(operation.field, operation);
  }
  return byField;
}
