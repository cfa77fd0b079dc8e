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
import { ENTITIES_FIELD, ENTITIES_TYPES } from '../federation/names.ts';
import { TypeCopier } from './copy-types.ts';
import { withEntities } from './entities.ts';
import type { GraphQLDescription, GraphQLOperation } from './plan.ts';
import { nameTypes } from './type-names.ts';

type Fields = Record<string, GraphQLFieldConfig<unknown, unknown>>;

/**
 * Types, operations and warnings of a definition. Every root field is an operation, and nullable: what one upstream
 * does not answer takes nothing else with it. Inside its types everything is as the upstream says.
 */
export async function describeGraphQL(definition: GraphQLDefinition, _sourceName: string): Promise<GraphQLDescription> {
  const upstream = buildASTSchema(parse(definition.sdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const names = nameTypes(upstream, definition);
  const copier = new TypeCopier(names.graphNames);
  const operations = new Map<string, GraphQLOperation>();
  const roots = new Set<GraphQLNamedType>();

  const root = (kind: GraphQLOperation['kind']): GraphQLObjectType | undefined => {
    const type = upstream.getRootType(kind as OperationTypeNode);
    if (type == null) return undefined;
    roots.add(type);
    const fields: Fields = {};
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      const answerType = copier.output(getNullableType(field.type));
      const { description, deprecationReason } = field;
      const config = { type: answerType, description, deprecationReason, args: copier.arguments(field, path) };
      const isHidden = definition.subgraph === true && kind === 'query' && field.name === ENTITIES_FIELD;
      if (!isHidden) fields[field.name] = config;
      // A query's name is its field; those of the other roots too, unless it is taken.
      const operationName = operations.has(field.name) ? path : field.name;
      const operation = operationOf(operationName, kind, field, answerType);
      operations.set(operationName, isHidden ? { ...operation, hidden: fieldOf(field.name, config) } : operation);
    }
    if (Object.keys(fields).length === 0) return undefined;
    return new GraphQLObjectType({ name: names[kind], description: type.description, fields });
  };

  const query = root('query');
  const mutation = root('mutation');
  const subscription = root('subscription');
  const left = definition.subgraph === true ? ENTITIES_TYPES : new Set<string>();
  const types = otherTypes(upstream, roots, left).map((type) => copier.named(type));
  const schema = new GraphQLSchema({ query, mutation, subscription, types });
  const warnings = [...definition.readWarnings, ...names.warnings, ...copier.warnings];
  const { namespace } = definition;
  const { upstreamNames } = copier;
  const described = { schema, namespace, operations, warnings, typePrefix: names.prefix, upstreamNames };
  const { entities, relations } = definition;
  if (entities === undefined) return described;
  if (relations === undefined) return withEntities(described, entities);
  const keyedInterfaces = relations.keyedInterfaces.map((one) => {
    return { ...one, inGraph: names.graphNames.get(one.name) ?? one.name };
  });
  return withEntities({ ...described, relations: { ...relations, keyedInterfaces } }, entities);
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
  left: ReadonlySet<string>,
): GraphQLNamedType[] {
  return Object.values(upstream.getTypeMap())
    .filter((type) => !roots.has(type) && !left.has(type.name))
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
}

function fieldOf(name: string, config: Fields[string]): GraphQLField<unknown, unknown> {
  const { [name]: field } = new GraphQLObjectType({ name: 'Hidden', fields: { [name]: config } }).getFields();
  if (field === undefined) throw new Error(`A type must have the field it was made of; ${name} is missing.`);
  return field;
}
