import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLSchema,
  GraphQLString,
  Kind,
  type VariableDefinitionNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** The variables of an operation, where all are what they have to be already; undefined: GraphQL.js is to look at them. */
export type PlainVariables = (given: Variables) => Record<string, unknown> | undefined;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** Values that coercion (GraphQL specification, section 3.5) leaves as they are. */
const PLAIN = new Map<unknown, (value: unknown) => boolean>([
  [GraphQLInt, (value) => Number.isInteger(value) && (value as number) >= MIN_INT && (value as number) <= MAX_INT],
  [GraphQLFloat, (value) => Number.isFinite(value)],
  [GraphQLString, (value) => typeof value === 'string'],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLID, (value) => typeof value === 'string'],
]);

/**
 * Most variables are scalars of the types they should be, for which GraphQL.js finds and checks the type anew for each
 * request. Whatever is left out, null, wrong or of another type is left to it, with its words.
 */
export function plainVariables(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): PlainVariables {
  const variables = definitions.map(({ variable, type }) => {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    const isPlain = named.kind === Kind.NAMED_TYPE ? PLAIN.get(schema.getType(named.name.value)) : undefined;
    return { name: variable.name.value, isPlain: variable.name.value === '__proto__' ? undefined : isPlain };
  });
  if (variables.some(({ isPlain }) => isPlain === undefined)) return () => undefined;
  return (given) => {
    const coerced: Record<string, unknown> = {};
    for (const { name, isPlain } of variables) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (isPlain?.(value) !== true) return undefined;
      coerced[name] = value;
    }
    return coerced;
  };
}
