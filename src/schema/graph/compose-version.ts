import { type Problem, WeirError } from '../../errors/index.ts';
import type { Steps } from '../../runtime/index.ts';
import type { AdminParts } from './admin-part.ts';
import { composeLinks } from './compose-links.ts';
import { ComposedVersion } from './composed-version.ts';
import { entityConflicts, entityGaps, findEntities, overrideConflicts, ownEntityProblems } from './entity/index.ts';
import { findClashes } from './find-clashes.ts';
import type { GraphPart } from './graph-part.ts';
import { memberPart } from './member-part.ts';
import type { GraphLink, GraphMember, ResolverFactory } from './types.ts';
import { validateMember } from './validate-member.ts';

export interface Composition {
  readonly members: readonly GraphMember[];
  /** Those that were added by themselves. */
  readonly links: readonly GraphLink[];
  readonly admin: AdminParts;
  readonly resolvers: ResolverFactory;
  readonly compositionId: number;
  readonly number: number;
  readonly composedAt: Date;
}

/**
 * Composes members into a version. The order in which they come does not matter: the same members give
 * the same text. Throws COMPOSITION_FAILED with every problem that was found, never only the first.
 */
export function* composeVersion(composition: Composition): Steps<ComposedVersion> {
  const { admin, resolvers, links: added, ...rest } = composition;
  const members = new Map<string, GraphMember>();
  const parts = new Map<string, GraphPart>();
  const problems: Problem[] = [];

  for (const member of [...composition.members].sort(byName)) {
    if (members.has(member.name)) {
      problems.push({ path: member.name, message: `A source must be in the graph once; ${member.name} came twice.` });
      continue;
    }
    members.set(member.name, member);
    const own = [...(yield* validateMember(member)), ...ownEntityProblems(member)];
    problems.push(...own);
    // A schema that is not valid may not even be walked safely.
    if (own.length === 0) parts.set(member.name, partOf(member, resolvers));
    yield;
  }
  problems.push(...findClashes([admin.whole, ...parts.values()]));
  const entities = findEntities(members.values(), resolvers);
  problems.push(...overrideConflicts(entities, members), ...entityConflicts(entities));
  yield;

  if (problems.length > 0) throw compositionFailed(problems);
  const links = composeLinks(members, added);
  const shared = { gaps: entityGaps(entities), entities: new Set(entities.keys()) };
  const version = new ComposedVersion({ ...rest, ...shared, members, parts, links, admin, resolvers });
  yield* version.assemble();
  return version;
}

/** A member that stays as it is from version to version is not taken apart again. */
const knownParts = new WeakMap<GraphMember, { readonly resolvers: ResolverFactory; readonly part: GraphPart }>();

function partOf(member: GraphMember, resolvers: ResolverFactory): GraphPart {
  const known = knownParts.get(member);
  if (known?.resolvers === resolvers) return known.part;
  const part = memberPart(member, resolvers);
  knownParts.set(member, { resolvers, part });
  return part;
}

/** By code point, not by locale: the same on every machine. */
function byName(a: GraphMember, b: GraphMember): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function compositionFailed(problems: readonly Problem[]): WeirError {
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return new WeirError(
    'COMPOSITION_FAILED',
    `The graph cannot be composed: ${count}; first: ${problems[0]?.message ?? ''}`,
    { problems },
  );
}
