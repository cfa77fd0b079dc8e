import type { ProvenanceEntry, ProvenanceRecorder } from '../schema/index.ts';

export interface ProvenanceOptions {
  readonly graphVersion: number;
  /** The client asked for a trace: every call is told, with its attempts and figures. */
  readonly trace: boolean;
  /** Adds why attempts failed in words that may name hosts, and in the upstream's own. For admins only. */
  readonly details?: boolean;
}

/** Paths and calls told at most in one answer; of the rest only the number is. */
const MAX_TOLD = 200;

/** The calls of one source that were served alike. */
interface Group {
  readonly name: string;
  readonly outcome: ProvenanceEntry['outcome']['kind'];
  ageMs: number | undefined;
  readonly paths: string[];
  morePaths: number;
}

/**
 * Assembles `extensions.weir`. Without a trace it tells of degraded calls only, and is absent when there
 * were none; with a trace it tells of every call.
 */
export function createProvenance(options: ProvenanceOptions): ProvenanceRecorder {
  const groups = new Map<string, Group>();
  const calls: Record<string, unknown>[] = [];
  let paths = 0;
  let moreCalls = 0;
  let degraded = false;

  return {
    record(entry) {
      const unhealthy = isDegraded(entry.outcome);
      degraded ||= unhealthy;
      if (!unhealthy && !options.trace) return;
      const group = groupOf(entry);
      if (paths < MAX_TOLD) {
        group.paths.push(entry.path.join('.'));
        paths++;
      } else {
        group.morePaths++;
      }
      const { outcome } = entry;
      if (outcome.kind === 'STALE' || (outcome.kind === 'CACHED' && outcome.ageMs > 0)) {
        group.ageMs = Math.max(group.ageMs ?? 0, Math.round(outcome.ageMs));
      }
      if (!options.trace || entry.shared === true) return;
      for (const part of outcome.parts ?? [outcome]) {
        if (calls.length < MAX_TOLD) calls.push(callTrace({ ...entry, outcome: part }, options.details === true));
        else moreCalls++;
      }
    },
    tellsPath: (outcome) => options.trace || isDegraded(outcome),
    report() {
      if (!degraded && !options.trace) return undefined;
      return {
        graphVersion: options.graphVersion,
        degraded,
        sources: [...groups.values()].map(({ name, outcome, ageMs, paths: told, morePaths }) => ({
          name,
          outcome,
          ...(ageMs === undefined ? {} : { ageMs }),
          paths: told,
          ...(morePaths === 0 ? {} : { morePaths }),
        })),
        ...(options.trace ? { calls } : {}),
        ...(moreCalls === 0 ? {} : { moreCalls }),
      };
    },
  };

  function groupOf({ source, outcome }: ProvenanceEntry): Group {
    const kind = worstKind(outcome);
    const key = `${kind} ${source}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { name: source, outcome: kind, ageMs: undefined, paths: [], morePaths: 0 };
      groups.set(key, group);
    }
    return group;
  }
}

/** An answer of several parts may lack one that failed, and still be an answer. */
function worstKind({ kind, parts = [] }: ProvenanceEntry['outcome']): ProvenanceEntry['outcome']['kind'] {
  return parts.some((part) => part.kind === 'FAILED') ? 'FAILED' : kind;
}

function isDegraded(outcome: ProvenanceEntry['outcome']): boolean {
  const kind = worstKind(outcome);
  switch (kind) {
    case 'FRESH':
    case 'CACHED':
      return false;
    case 'STALE':
    case 'BACKUP':
    case 'FALLBACK':
    case 'FAILED':
      return true;
    default: {
      const never: never = kind;
      return never;
    }
  }
}

/** Endpoints go by number; hosts, and what an upstream said of its failure, are in details only. */
function callTrace({ source, operation, path, outcome }: ProvenanceEntry, details: boolean): Record<string, unknown> {
  const { failure } = outcome;
  return {
    source,
    operation,
    path: path.join('.'),
    outcome: outcome.kind,
    cache: outcome.cache,
    ...(outcome.kind === 'FAILED' || outcome.ageMs === 0 ? {} : { ageMs: Math.round(outcome.ageMs) }),
    durationMs: tenths(outcome.durationMs),
    attempts: outcome.attempts.map((attempt) => ({
      endpoint: attempt.endpoint,
      ms: tenths(attempt.durationMs),
      result: attempt.result,
      ...(attempt.status === undefined ? {} : { status: attempt.status }),
    })),
    ...(failure === undefined ? {} : { failure: { code: failure.code, reason: failure.reason } }),
    ...(failure === undefined || !details ? {} : { detail: failure.detail }),
    ...(failure?.upstreamAnswer === undefined || !details ? {} : { upstreamAnswer: failure.upstreamAnswer }),
    ...(outcome.figures === undefined ? {} : { figures: outcome.figures }),
  };
}

/** Milliseconds to a tenth: what lies beyond is noise to whoever reads a trace. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
