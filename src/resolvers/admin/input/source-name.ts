import type { Problem } from '../../../errors/index.ts';

/** A GraphQL name (spec section 2.1.9); two underscores at its start are introspection's own. */
const GRAPHQL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names of sources stand before every type's name. */
export const NAME_MAX_LENGTH = 64;

/** Fields that the admin API is going to have (design section 9): a source of today must not stand in their way. */
const RESERVED_FOR_LATER: ReadonlySet<string> = new Set(['usage', 'teams']);

/** What is wrong with a source's name. `rootFields` are those of the admin API. */
export function nameProblems(name: string, rootFields: ReadonlySet<string>): readonly Problem[] {
  const path = 'input.name';
  const shown = JSON.stringify(name.slice(0, 2 * NAME_MAX_LENGTH));
  const problems: Problem[] = [];
  if (!GRAPHQL_NAME.test(name)) {
    problems.push({ path, message: `Expected a GraphQL name (letters, digits and _, no digit first); got ${shown}.` });
  }
  if (name.length > NAME_MAX_LENGTH) {
    problems.push({ path, message: `Expected at most ${NAME_MAX_LENGTH} characters; got ${name.length}.` });
  }
  if (name.startsWith('__')) {
    problems.push({
      path,
      message: `Expected a name without __ at its start, which GraphQL keeps for itself; got ${shown}.`,
    });
  }
  if (rootFields.has(name) || RESERVED_FOR_LATER.has(name)) {
    problems.push({ path, message: `Expected a name that is no field of the admin API; got ${shown}.` });
  }
  return problems;
}
