import type { Events } from '../runtime/index.ts';
import type {
  Actor,
  AuditEntry,
  KeyRecord,
  NewRevision,
  NewSource,
  Page,
  RegistryEvent,
  RevisionRecord,
  SourceChange,
  SourceFilter,
  SourceRecord,
} from './types.ts';

/** What is done, by whom: becomes the audit row of the same transaction. */
export interface Change {
  readonly actor: Actor;
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * What is registered. Every writing method is one transaction with its audit row; when its promise
 * resolves the change survives kill -9 and power loss. Errors are WeirError: NOT_FOUND, CONFLICT,
 * STORAGE_UNAVAILABLE; on any of them nothing was changed.
 */
export interface Registry {
  /** Makes the source, DRAFT, with revision 1. CONFLICT when the name is taken. */
  addSource(source: NewSource, change: Change): Promise<SourceRecord>;
  /** Makes the next revision. CONFLICT when the row is no longer at `expectedVersion`. */
  addRevision(name: string, expectedVersion: number, revision: NewRevision, change: Change): Promise<RevisionRecord>;
  /** CONFLICT when the row is no longer at `expectedVersion`. */
  changeSource(name: string, expectedVersion: number, to: SourceChange, change: Change): Promise<SourceRecord>;
  /** Removes the source with its revisions and secrets; the audit log stays. */
  deleteSource(name: string, expectedVersion: number, change: Change): Promise<void>;

  source(name: string): Promise<SourceRecord | undefined>;
  sources(filter: SourceFilter, first: number, afterName: string | undefined): Promise<Page<SourceRecord>>;
  /** All sources that have a live revision, by name. */
  liveSources(): Promise<readonly SourceRecord[]>;
  revision(name: string, number: number): Promise<RevisionRecord | undefined>;
  /** Newest first, without definitions' documents being parsed. */
  revisions(name: string): Promise<readonly RevisionRecord[]>;

  addKey(key: KeyRecord, change: Change): Promise<void>;
  revokeKey(id: string, at: Date, change: Change): Promise<KeyRecord>;
  keys(): Promise<readonly KeyRecord[]>;
  key(id: string): Promise<KeyRecord | undefined>;

  /** Newest first; `before` is the id of the last entry already seen. */
  auditLog(first: number, before: number | undefined): Promise<Page<AuditEntry>>;
  /** An audit row for an action that changes nothing stored, such as a purge. */
  audit(target: string, change: Change): Promise<void>;

  /** True until `close`; false when the store cannot be read. For /ready. */
  isAvailable(): Promise<boolean>;
  readonly events: Events<RegistryEvent>;
  close(): Promise<void>;
}
