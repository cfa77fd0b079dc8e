import { coerceInputValue, type GraphQLField, isRequiredArgument } from 'graphql';
import type { Problem } from '../../errors/index.ts';
import { RequestRefused } from '../way-in/refused.ts';

const MAX_MESSAGE = 300;

/** A prompt's variables from JSON, typed as GraphQL types them. Throws RequestRefused with every problem. */
export function readVariables(
  field: GraphQLField<unknown, unknown>,
  json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
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
  if (problems.length > 0) throw new RequestRefused(problems);
  return variables;
}

/** graphql-js repeats the value behind a colon. */
function withoutValue(message: string): string {
  return message.replace(/: [\s\S]*$/, '.').slice(0, MAX_MESSAGE);
}
