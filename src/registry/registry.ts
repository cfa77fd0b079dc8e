import type { Events } from '../runtime/index.ts';
import type {
  Actor,
  AuditEntry,
  BudgetLimits,
  BudgetRecord,
  BudgetSubject,
  KeyRecord,
  LinkRecord,
  NewProvider,
  NewRevision,
  NewSource,
  Page,
  ProviderRecord,
  RegistryEvent,
  RevisionRecord,
  SourceChange,
  SourceFilter,
  SourceRecord,
  SpendingRecord,
} from './types.ts';

/** What is done, by whom: becomes the audit row of the same transaction. */
export interface Change {
  readonly actor: Actor;
  readonly action: string;
  /** Plain data. A Secret in it is kept as `[secret]`, bytes as their number; a plain string is kept as it is. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * What is registered. Every writing method is one transaction with its audit row; when its promise
 * resolves the change survives kill -9 and power loss. Errors are WeirError: NOT_FOUND, CONFLICT,
 * STORAGE_UNAVAILABLE; on any of them nothing was changed.
 */
export interface Registry {
  /**
   * Makes the source, DRAFT, with revision 1; or the number after the last one that a deleted source of this name had,
   * so that nothing kept under the old numbers (answers in a cache) can be taken for the new source's.
   * CONFLICT when the name is taken.
   */
  addSource(source: NewSource, change: Change): Promise<SourceRecord>;
  /** Makes the next revision. CONFLICT when the row is no longer at `expectedVersion`. */
  addRevision(name: string, expectedVersion: number, revision: NewRevision, change: Change): Promise<RevisionRecord>;
  /**
   * CONFLICT when the row is no longer at `expectedVersion`, or when it would have a live revision without being
   * PUBLISHED or DEPRECATED, or be so without one. NOT_FOUND when the new live revision does not exist.
   */
  changeSource(name: string, expectedVersion: number, to: SourceChange, change: Change): Promise<SourceRecord>;
  /**
   * Removes the source with its revisions and secrets; the audit log stays.
   * CONFLICT when the row is no longer at `expectedVersion`, or has a live revision.
   */
  deleteSource(name: string, expectedVersion: number, change: Change): Promise<void>;

  source(name: string): Promise<SourceRecord | undefined>;
  sources(filter: SourceFilter, first: number, afterName: string | undefined): Promise<Page<SourceRecord>>;
  /** All sources that have a live revision, by name. */
  liveSources(): Promise<readonly SourceRecord[]>;
  revision(name: string, number: number): Promise<RevisionRecord | undefined>;
  /** Newest first, without definitions' documents being parsed. */
  revisions(name: string): Promise<readonly RevisionRecord[]>;

  /**
   * NOT_FOUND when its source is not there; CONFLICT when the id is taken, or another link has this field of this type.
   * A link never changes: it is added and removed. deleteSource takes the links of its types with it.
   */
  addLink(link: Omit<LinkRecord, 'createdAt' | 'createdBy'>, change: Change): Promise<LinkRecord>;
  /** NOT_FOUND when it is not there. */
  removeLink(id: string, change: Change): Promise<void>;
  /** By source, then oldest first. */
  links(): Promise<readonly LinkRecord[]>;
  link(id: string): Promise<LinkRecord | undefined>;

  /** CONFLICT when the id is taken. */
  addKey(key: KeyRecord, change: Change): Promise<void>;
  /** A key that is revoked already is returned as it is, and nothing is written. */
  revokeKey(id: string, at: Date, change: Change): Promise<KeyRecord>;
  keys(): Promise<readonly KeyRecord[]>;
  key(id: string): Promise<KeyRecord | undefined>;

  /**
   * Makes the provider, or takes the place of the one at `expectedVersion`; undefined: there must be none.
   * CONFLICT when that is not so.
   */
  setProvider(provider: NewProvider, expectedVersion: number | undefined, change: Change): Promise<ProviderRecord>;
  /** Takes the provider's budgets, and those of its models, with it. NOT_FOUND when it is not there. */
  removeProvider(name: string, change: Change): Promise<void>;
  /** By name, credentials included. */
  providers(): Promise<readonly ProviderRecord[]>;
  provider(name: string): Promise<ProviderRecord | undefined>;

  /** Takes the place of the subject's limits; what was spent stays. Whether there is such a subject is not asked. */
  setBudget(subject: BudgetSubject, limits: BudgetLimits, change: Change): Promise<BudgetRecord>;
  /** What was spent is forgotten. NOT_FOUND when it is not there. deleteSource takes the budget of its source along. */
  removeBudget(subject: BudgetSubject, change: Change): Promise<void>;
  budgets(): Promise<readonly BudgetRecord[]>;
  spending(): Promise<readonly SpendingRecord[]>;
  /**
   * Without an audit row: it is a count, not an admin's change. Survives kill -9; a power loss may take the last ones.
   * A record of a subject that has no budget is left out.
   */
  saveSpending(records: readonly SpendingRecord[]): Promise<void>;

  /** Newest first; `before` is the id of the last entry already seen. */
  auditLog(first: number, before: number | undefined): Promise<Page<AuditEntry>>;
  /** An audit row for an action that changes nothing stored, such as a purge. */
  audit(target: string, change: Change): Promise<void>;

  /** True until `close`; false when the store cannot be read. For /ready. */
  isAvailable(): Promise<boolean>;
  /** Told after the commit and before the write's promise resolves. */
  readonly events: Events<RegistryEvent>;
  /** Waits for writes under way. Every later call is STORAGE_UNAVAILABLE. */
  close(): Promise<void>;
}
