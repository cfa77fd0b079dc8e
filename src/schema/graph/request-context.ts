import type { Caller } from '../../access/index.ts';
import type { CallContext, Outcome } from '../../sources/index.ts';
import type { GraphVersion } from './types.ts';

/** Keeps what happened to each upstream call of one request, for `extensions.weir` and for usage. */
export interface ProvenanceRecorder {
  /** `path` is the response path of the field, such as ['petstore', 'pet']. */
  record(entry: ProvenanceEntry): void;
  /** False where nobody would hear of the paths of a call beside its first: then they need not be recorded. */
  tellsPath(outcome: Outcome): boolean;
  /** What goes into `extensions.weir` of the answer; undefined when there is nothing to say. */
  report(): Readonly<Record<string, unknown>> | undefined;
}

export interface ProvenanceEntry {
  readonly source: string;
  readonly operation: string;
  readonly path: readonly (string | number)[];
  readonly outcome: Outcome;
  /** Another entry tells of the same call already: this one only adds a path to it. */
  readonly shared?: boolean;
}

/** The GraphQL context value of every request. */
export interface RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  /** The version this request began with and stays on. */
  readonly graph: GraphVersion;
  readonly call: CallContext;
  readonly provenance: ProvenanceRecorder;
  /** The client asked for a trace (`weir-trace: 1`). */
  readonly trace: boolean;
}
