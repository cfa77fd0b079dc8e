import { coerceInputValue, type GraphQLField, isRequiredArgument } from 'graphql';
import type { Problem } from '../../../errors/index.ts';

const MAX_MESSAGE = 300;

export interface VariablesFromJson {
  readonly variables: Readonly<Record<string, unknown>>;
  /** Paths begin with the variable's name. */
  readonly problems: readonly Problem[];
}

/** A prompt's variables as GraphQL types them, from JSON. `field` is the one whose arguments they are. */
export function variablesFromJson(
  field: GraphQLField<unknown, unknown>,
  json: Readonly<Record<string, unknown>>,
): VariablesFromJson {
  const problems: Problem[] = [];
  const variables: Record<string, unknown> = {};
  const known = new Set(field.args.map(({ name }) => name));
  for (const name of Object.keys(json)) {
    if (!known.has(name)) problems.push({ path: name.slice(0, 100), message: 'There is no such variable.' });
  }
  for (const argument of field.args) {
    const { name, type } = argument;
    if (!Object.hasOwn(json, name)) {
      if (isRequiredArgument(argument)) problems.push({ path: name, message: `Expected a ${type}, got nothing.` });
      else if (argument.defaultValue !== undefined) variables[name] = argument.defaultValue;
      continue;
    }
    variables[name] = coerceInputValue(json[name], type, (path, _value, error) => {
      problems.push({ path: [name, ...path].join('.'), message: withoutValue(error.message) });
    });
  }
  return { variables, problems };
}

/** graphql-js repeats the value behind a colon. */
function withoutValue(message: string): string {
  return message.replace(/: [\s\S]*$/, '.').slice(0, MAX_MESSAGE);
}
