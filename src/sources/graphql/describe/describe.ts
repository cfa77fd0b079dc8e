import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  getNullableType,
  isIntrospectionType,
  isSpecifiedScalarType,
  type OperationTypeNode,
  parse,
} from 'graphql';
import type { GraphQLDefinition } from '../definition.ts';
import { TypeCopier } from './copy-types.ts';
import { withEntities } from './entities.ts';
import type { GraphQLDescription, GraphQLOperation } from './plan.ts';
import { nameTypes } from './type-names.ts';

/**
 * Types, operations and warnings of a definition. Every root field is an operation, and nullable: what one upstream
 * does not answer takes nothing else with it. Inside its types everything is as the upstream says.
 */
export async function describeGraphQL(definition: GraphQLDefinition, _sourceName: string): Promise<GraphQLDescription> {
  const upstream = buildASTSchema(parse(definition.sdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const names = nameTypes(upstream, definition.namespace, definition.entities);
  const copier = new TypeCopier(names.graphNames);
  const operations = new Map<string, GraphQLOperation>();
  const roots = new Set<GraphQLNamedType>();

  const root = (kind: GraphQLOperation['kind']): GraphQLObjectType | undefined => {
    const type = upstream.getRootType(kind as OperationTypeNode);
    if (type == null) return undefined;
    roots.add(type);
    const fields: Record<string, GraphQLFieldConfig<unknown, unknown>> = {};
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      const answerType = copier.output(getNullableType(field.type));
      const { description, deprecationReason } = field;
      fields[field.name] = { type: answerType, description, deprecationReason, args: copier.arguments(field, path) };
      // A query's name is its field; those of the other roots too, unless it is taken.
      const operationName = operations.has(field.name) ? path : field.name;
      operations.set(operationName, operationOf(operationName, kind, field, answerType));
    }
    return new GraphQLObjectType({ name: names[kind], description: type.description, fields });
  };

  const query = root('query');
  const mutation = root('mutation');
  const subscription = root('subscription');
  const schema = new GraphQLSchema({ query, mutation, subscription, types: otherTypes(upstream, roots, copier) });
  const warnings = [...definition.readWarnings, ...names.warnings, ...copier.warnings];
  const { namespace } = definition;
  const { upstreamNames } = copier;
  const described = { schema, namespace, operations, warnings, typePrefix: names.prefix, upstreamNames };
  return definition.entities === undefined ? described : withEntities(described, definition.entities);
}

function operationOf(
  name: string,
  kind: GraphQLOperation['kind'],
  field: GraphQLField<unknown, unknown>,
  answerType: GraphQLOperation['answerType'],
): GraphQLOperation {
  return {
    name,
    kind,
    field: field.name,
    idempotent: kind === 'query',
    cacheable: kind === 'query',
    selects: true,
    ...(field.deprecationReason == null ? {} : { deprecated: field.deprecationReason }),
    upstreamArguments: field.args.map((arg) => ({ name: arg.name, type: String(arg.type) })),
    answerType,
  };
}

/** Also those that only an interface leads to. Root types come in only where a field leads back to them. */
function otherTypes(
  upstream: GraphQLSchema,
  roots: ReadonlySet<GraphQLNamedType>,
  copier: TypeCopier,
): GraphQLNamedType[] {
  return Object.values(upstream.getTypeMap())
    .filter((type) => !roots.has(type))
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .map((type) => copier.named(type));
}
