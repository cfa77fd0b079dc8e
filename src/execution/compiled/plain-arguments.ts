import { type FieldNode, type GraphQLField, isNonNullType, Kind, valueFromAST } from 'graphql';

type Values = Record<string, unknown>;

/** The arguments of a field, where nothing is wrong with them; undefined: GraphQL.js is to look at them. */
export type PlainArguments = (variables: Readonly<Values>) => Values | undefined;

/** Where the value of an argument comes from. */
type Given = { readonly name: string } & ({ readonly variable: string } | { readonly value: unknown });

/** What `getArgumentValues` of GraphQL.js works out for each call (GraphQL specification, section 6.4.1), once. */
export function plainArguments({ args }: GraphQLField<unknown, unknown>, node: FieldNode): PlainArguments {
  const given: Given[] = [];
  for (const { name, type, defaultValue } of args) {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (name === '__proto__') return neverPlain;
    if (value === undefined) {
      if (defaultValue !== undefined) given.push({ name, value: defaultValue });
      else if (isNonNullType(type)) return neverPlain;
    } else if (value.kind === Kind.VARIABLE) {
      given.push({ name, variable: value.name.value });
    } else {
      const literal: unknown = valueFromAST(value, type);
      // Objects are made anew for each call, and may hold variables.
      if (literal === undefined || (typeof literal === 'object' && literal !== null)) return neverPlain;
      given.push({ name, value: literal });
    }
  }
  return (variables) => {
    const values: Values = {};
    for (const one of given) {
      if ('value' in one) {
        values[one.name] = one.value;
        continue;
      }
      const value = Object.hasOwn(variables, one.variable) ? variables[one.variable] : undefined;
      if (value === undefined || value === null) return undefined;
      values[one.name] = value;
    }
    return values;
  };
}

function neverPlain(): undefined {
  return undefined;
}
