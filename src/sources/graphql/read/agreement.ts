import { BreakingChangeType, findBreakingChanges, type GraphQLSchema } from 'graphql';
import type { Problem } from '../../../errors/index.ts';

/** Directives of a schema are not in the graph, so nobody is hurt when they differ. */
const HARMLESS: ReadonlySet<string> = new Set([
  BreakingChangeType.DIRECTIVE_REMOVED,
  BreakingChangeType.DIRECTIVE_ARG_REMOVED,
  BreakingChangeType.DIRECTIVE_LOCATION_REMOVED,
  BreakingChangeType.DIRECTIVE_REPEATABLE_REMOVED,
  BreakingChangeType.REQUIRED_DIRECTIVE_ARG_ADDED,
]);

/**
 * Where SDL promises what the upstream does not have. The SDL may leave things out; what it has must be there, and be
 * as it says. `given` is the schema of the SDL, `upstream` the one that introspection told.
 */
export function disagreements(given: GraphQLSchema, upstream: GraphQLSchema): readonly Problem[] {
  return findBreakingChanges(given, upstream)
    .filter(({ type }) => !HARMLESS.has(type))
    .map(({ description }) => ({
      path: 'input.graphql.sdl',
      message: `Expected the SDL to agree with the upstream; from the one to the other: ${description}`,
    }));
}
