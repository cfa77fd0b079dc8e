import type { GraphQLField } from 'graphql';
import { variablesFromJson } from '../../sources/prompt/index.ts';
import { RequestRefused } from '../way-in/refused.ts';

/** A prompt's variables from JSON, typed as GraphQL types them. Throws RequestRefused with every problem. */
export function readVariables(
  field: GraphQLField<unknown, unknown>,
  json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { variables, problems } = variablesFromJson(field, json);
  if (problems.length > 0) throw new RequestRefused(problems);
  return variables;
}
