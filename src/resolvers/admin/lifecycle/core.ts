import type { Actor } from '../../../access/index.ts';
import type { CallCache } from '../../../cache/index.ts';
import { WeirError } from '../../../errors/index.ts';
import type { Models } from '../../../models/index.ts';
import type { Change, Registry, RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import { type Clock, Emitter, type Random } from '../../../runtime/index.ts';
import type { Graph, GraphLink } from '../../../schema/index.ts';
import type { SchemaDrift, SourceKind, SourceKindName } from '../../../sources/index.ts';
import type { HttpClient } from '../../../upstream/index.ts';
import { Descriptions } from './descriptions.ts';
import { SerialQueue } from './serial-queue.ts';
import { SourceLocks } from './source-locks.ts';

export interface LifecycleServices {
  readonly registry: Registry;
  readonly graph: Graph;
  readonly kinds: ReadonlyMap<SourceKindName, SourceKind>;
  readonly http: HttpClient;
  readonly cache: CallCache;
  readonly clock: Clock;
  readonly random: Random;
  /** Seals what clients carry from call to call; the same in every process that serves the same sources. */
  readonly cursorKey?: Uint8Array;
  /** Language models; there wherever there is the kind PROMPT. */
  readonly models?: Models;
}

/** What an operator should hear about; logging subscribes. */
export type LifecycleEvent =
  | {
      readonly type: 'leftOut';
      readonly source: string;
      readonly revision: number;
      readonly reason: string;
      readonly cause: unknown;
    }
  | { readonly type: 'driftNotPublished'; readonly source: string; readonly cause: unknown }
  | { readonly type: 'restored'; readonly sources: number; readonly leftOut: number };

/** An upstream's schema is not that of the revision that is connected. */
export interface FoundDrift {
  readonly name: string;
  readonly revision: number;
  readonly drift: SchemaDrift;
}

export interface HeldBack {
  readonly why: string;
  /** Somebody has to decide: it is not tried again. */
  readonly decided: boolean;
}

/** What the parts of the lifecycle share. */
export interface LifecycleCore extends LifecycleServices {
  readonly locks: SourceLocks;
  /** Composition, commit and swap of different sources go through here, so that no version loses another's change. */
  readonly graphChanges: SerialQueue;
  readonly descriptions: Descriptions;
  /** Links that were added by themselves, by id, oldest first. */
  readonly links: Map<string, GraphLink>;
  /** Why a published source is not in the graph, by name. */
  readonly leftOut: Map<string, string>;
  /** Changed schemas whose owners want what is safe to be published. */
  readonly drifts: Emitter<FoundDrift>;
  /** Why a changed schema was not published by itself. */
  readonly heldBack: WeakMap<SchemaDrift, HeldBack>;
  readonly events: Emitter<LifecycleEvent>;
}

export function createCore(services: LifecycleServices): LifecycleCore {
  return {
    ...services,
    locks: new SourceLocks(),
    graphChanges: new SerialQueue(),
    descriptions: new Descriptions(services.kinds),
    links: new Map(),
    leftOut: new Map(),
    drifts: new Emitter(),
    heldBack: new WeakMap(),
    events: new Emitter(),
  };
}

export async function requireSource(core: LifecycleCore, name: string): Promise<SourceRecord> {
  const record = await core.registry.source(name);
  if (record !== undefined) return record;
  throw new WeirError('NOT_FOUND', `There is no source named ${JSON.stringify(name)}.`, { source: name });
}

export async function requireRevision(
  core: LifecycleCore,
  record: SourceRecord,
  number: number,
): Promise<RevisionRecord> {
  const revision = await core.registry.revision(record.name, number);
  if (revision !== undefined) return revision;
  throw new WeirError(
    'NOT_FOUND',
    `${record.name} has no revision ${number}; its latest is ${record.latestRevision}.`,
    { source: record.name, latestRevision: record.latestRevision },
  );
}

/** The audit row of a mutation. */
export function change(actor: Actor, action: string, detail: Readonly<Record<string, unknown>> = {}): Change {
  return { actor, action, detail };
}
