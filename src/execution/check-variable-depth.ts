import { GraphQLError } from 'graphql';
import { asRequestError } from './request-errors.ts';

/** Levels of lists and objects in one variable: far more than anybody writes, far fewer than recursion overflows with. */
const MAX_VARIABLE_DEPTH = 64;

/** One error for each variable that is nested too deeply to be looked at by what follows, which is recursive. */
export function checkVariableDepth(variables: Readonly<Record<string, unknown>>): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (!isDeeper(value, MAX_VARIABLE_DEPTH)) continue;
    const message = `Variable "$${name}" must have at most ${MAX_VARIABLE_DEPTH} levels of lists and objects; it has more.`;
    errors.push(asRequestError(new GraphQLError(message), 'BAD_USER_INPUT'));
  }
  return errors;
}

/** Level by level, without recursion. */
function isDeeper(value: unknown, depth: number): boolean {
  let level = isNesting(value) ? [value] : [];
  for (let depthOfLevel = 1; level.length > 0; depthOfLevel++) {
    if (depthOfLevel > depth) return true;
    level = level.flatMap((outer) => Object.values(outer).filter(isNesting));
  }
  return false;
}

function isNesting(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
