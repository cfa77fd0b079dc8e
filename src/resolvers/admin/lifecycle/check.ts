import { type Problem, WeirError } from '../../../errors/index.ts';
import type { SchemaChange, SourceRecord } from '../../../registry/index.ts';
import { entityChanges, type GraphMember, type GraphVersion } from '../../../schema/index.ts';
import type { ProbeResult, Warning } from '../../../sources/index.ts';
import { changesAgainstLive } from './compare.ts';
import { type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { newGaps } from './entity-gaps.ts';
import { entityWarnings } from './entity-warnings.ts';
import { linkChangesOf, linkWarnings } from './link-effects.ts';
import { candidateOf, composeWith, withCandidate } from './members.ts';
import { overrideWarnings } from './override-warnings.ts';
import { probeOnce } from './probe.ts';
import { missingModels } from './providers.ts';

/** What publishing a revision would do. */
export interface CheckResult {
  readonly ok: boolean;
  readonly revision: number;
  readonly comparedWith: number | undefined;
  readonly breaking: boolean;
  readonly changes: readonly SchemaChange[];
  readonly conflicts: readonly Problem[];
  readonly warnings: readonly Warning[];
  readonly probe: ProbeResult;
}

/** A dry run of publishing, with a probe of the upstream. Changes nothing, and waits for nobody. */
export async function check(core: LifecycleCore, name: string, number: number | undefined): Promise<CheckResult> {
  const record = await requireSource(core, name);
  const revision = await requireRevision(core, record, number ?? record.latestRevision);
  const candidate = await candidateOf(core, record, revision);
  return withCandidate(candidate, async (member) => {
    const [probe, examined, missing] = await Promise.all([
      probeOnce(member.connection, core.clock),
      examine(core, record, member),
      missingModels(core, record, revision),
    ]);
    const { version, changes } = examined;
    const conflicts = [...examined.conflicts, ...missing];
    const breaking = changes.some(({ criticality }) => criticality === 'BREAKING');
    return {
      ok: conflicts.length === 0 && !breaking,
      revision: revision.number,
      comparedWith: record.liveRevision,
      breaking,
      changes,
      conflicts,
      warnings: [
        ...member.description.warnings,
        ...entityWarnings(member),
        ...(version === undefined ? [] : [...linkWarnings(version, name), ...overrideWarnings(version, member)]),
      ],
      probe,
    };
  });
}

interface Examined extends TriedComposition {
  /** What clients would notice, of this source or of others. */
  readonly changes: readonly SchemaChange[];
}

/** What the graph would be with a member in it, and what that does to clients. */
export async function examine(core: LifecycleCore, record: SourceRecord, member: GraphMember): Promise<Examined> {
  const [composed, ownChanges] = await Promise.all([
    tryToCompose(core, member),
    changesAgainstLive(core, record, member.description),
  ]);
  const { version } = composed;
  if (version === undefined) return { ...composed, changes: ownChanges };
  const links = linkChangesOf(core, version, record.name, record.liveRevision !== undefined);
  const entities = entityChanges(core.graph.current.schema, version.schema);
  return { ...composed, changes: [...links, ...entities, ...ownChanges] };
}

interface TriedComposition {
  readonly version: GraphVersion | undefined;
  readonly conflicts: readonly Problem[];
}

async function tryToCompose(core: LifecycleCore, member: GraphMember): Promise<TriedComposition> {
  try {
    const version = await composeWith(core, member.name, member);
    return { version, conflicts: newGaps(core, version) };
  } catch (error: unknown) {
    if (!(error instanceof WeirError) || error.code !== 'COMPOSITION_FAILED') throw error;
    const conflicts = error.details.problems ?? [{ path: member.name, message: error.message }];
    return { version: undefined, conflicts };
  }
}
