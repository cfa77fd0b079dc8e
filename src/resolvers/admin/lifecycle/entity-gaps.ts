import { type Problem, WeirError } from '../../../errors/index.ts';
import type { GraphVersion } from '../../../schema/index.ts';
import type { LifecycleCore } from './core.ts';

/**
 * Fields of entities that one source would have and another's entities could not be given. Those that are in the
 * running graph already are not told again: a source that left made them, and what stays must go on.
 */
export function newGaps(core: LifecycleCore, version: GraphVersion): readonly Problem[] {
  const known = new Set(core.graph.current.gaps.map(({ path, producer }) => `${path} ${producer}`));
  return version.gaps
    .filter(({ path, producer }) => !known.has(`${path} ${producer}`))
    .map(({ path, message }) => ({ path, message }));
}

/** Throws COMPOSITION_FAILED with every such field. */
export function refuseGaps(core: LifecycleCore, version: GraphVersion): void {
  const problems = newGaps(core, version);
  const [first] = problems;
  if (first === undefined) return;
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  throw new WeirError('COMPOSITION_FAILED', `Entities do not reach each other: ${count}; first: ${first.message}`, {
    problems,
  });
}
