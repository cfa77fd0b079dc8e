import {
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  GraphQLSchema as Schema,
} from 'graphql';
import type { GraphFieldConfig, GraphPart } from './graph-part.ts';
import type { RequestContext } from './request-context.ts';

/** The admin API, and how much of it everybody gets. */
export interface AdminApi {
  readonly schema: GraphQLSchema;
  /** Fields of its Query that are in every view, so that no view is empty: `me`. */
  readonly publicFields: readonly string[];
}

export interface AdminParts {
  /** All of it, for admins. */
  readonly whole: GraphPart;
  /** The public fields and the types these need, for everybody else. */
  readonly open: GraphPart;
}

const NOTHING: GraphPart = {
  place: 'the admin API',
  query: {},
  mutation: {},
  subscription: {},
  types: [],
  entities: new Set(),
};

/** Throws when a public field does not exist: that is a mistake in the program, not in any input. */
export function adminParts(api: AdminApi | undefined): AdminParts {
  if (api === undefined) return { whole: NOTHING, open: NOTHING };
  const query = rootFields(api.schema.getQueryType());
  const mutation = rootFields(api.schema.getMutationType());
  const whole: GraphPart = { ...NOTHING, query, mutation, types: ownTypes(api.schema) };

  const open: Record<string, GraphFieldConfig> = {};
  for (const name of api.publicFields) {
    const field = query[name];
    if (field === undefined) throw new Error(`The admin API must have the public field Query.${name}; it has not.`);
    open[name] = field;
  }
  const openFields = open as Record<string, GraphQLFieldConfig<unknown, unknown>>;
  const reachable = new Schema({
    query: new GraphQLObjectType({ name: 'Query', fields: openFields }),
    assumeValid: true,
  });
  return { whole, open: { ...NOTHING, query: open, types: ownTypes(reachable) } };
}

function rootFields(type: GraphQLObjectType<unknown, RequestContext> | null | undefined) {
  return type == null ? {} : type.toConfig().fields;
}

function ownTypes(schema: GraphQLSchema): readonly GraphQLNamedType[] {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType()];
  return Object.values(schema.getTypeMap()).filter((type) => !roots.includes(type) && !isIntrospectionType(type));
}
