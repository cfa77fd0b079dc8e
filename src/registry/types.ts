import type { Actor, BudgetRecord, BudgetSubject, Visibility } from '../access/index.ts';
import type { ProviderAccount } from '../models/index.ts';
import type { LinkSpec, Policy, SourceKindName, Warning } from '../sources/index.ts';

export type {
  Actor,
  BudgetLimits,
  BudgetRecord,
  BudgetSubject,
  KeyRecord,
  SpendingRecord,
} from '../access/index.ts';

export type LifecycleState = 'DRAFT' | 'PUBLISHED' | 'DEPRECATED' | 'RETIRED';

/**
 * What is registered under a name. `version` grows with every change of the row: optimistic locking.
 * It goes on growing when the name is deleted and registered again.
 */
export interface SourceRecord {
  readonly name: string;
  readonly kind: SourceKindName;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly team: string | undefined;
  readonly visibility: Visibility;
  readonly state: LifecycleState;
  readonly paused: boolean;
  readonly deprecation: { readonly reason: string; readonly sunsetAt: Date | undefined } | undefined;
  /** Set while PUBLISHED or DEPRECATED. */
  readonly liveRevision: number | undefined;
  readonly latestRevision: number;
  readonly policy: Policy;
  readonly operationPolicies: Readonly<Record<string, Policy>>;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SchemaChange {
  readonly criticality: 'BREAKING' | 'DANGEROUS' | 'SAFE';
  /** The field or type, such as `PetstorePet.name`. */
  readonly path: string | undefined;
  readonly message: string;
}

/** One immutable definition of a source. */
export interface RevisionRecord {
  readonly source: string;
  /** Never used twice for a name, not even after the source was deleted and registered again. */
  readonly number: number;
  /**
   * As the kind's `read` returned it, Secrets included (fields that were undefined are absent).
   * In a list it is decoded when it is first looked at; looking throws STORAGE_UNAVAILABLE if it is damaged.
   */
  readonly definition: unknown;
  readonly sdl: string;
  readonly warnings: readonly Warning[];
  /** Against the revision that was live (or else the latest) when this one was made. */
  readonly changes: readonly SchemaChange[];
  /** Those given with it: they are in the graph while it is live. */
  readonly links: readonly LinkSpec[];
  readonly note: string | undefined;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface NewRevision {
  readonly definition: unknown;
  readonly sdl: string;
  readonly warnings: readonly Warning[];
  readonly changes: readonly SchemaChange[];
  readonly links?: readonly LinkSpec[];
  readonly note: string | undefined;
}

/** A link that was added by itself. It never changes, and goes with its source. */
export interface LinkRecord extends LinkSpec {
  readonly id: string;
  /** The source whose type has the field. */
  readonly source: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface NewSource {
  readonly name: string;
  readonly kind: SourceKindName;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly team: string | undefined;
  readonly visibility: Visibility;
  readonly policy: Policy;
  readonly operationPolicies: Readonly<Record<string, Policy>>;
  readonly revision: NewRevision;
}

/** A change of a source's row: exactly the fields named; undefined clears where the record allows it. */
export type SourceChange = Partial<
  Pick<
    SourceRecord,
    | 'title'
    | 'description'
    | 'tags'
    | 'team'
    | 'visibility'
    | 'state'
    | 'paused'
    | 'deprecation'
    | 'liveRevision'
    | 'policy'
    | 'operationPolicies'
  >
>;

/** A vendor's account as it is stored; its Secrets are encrypted. */
export interface ProviderRecord extends ProviderAccount {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewProvider = Omit<ProviderAccount, 'version'>;

export interface AuditEntry {
  /** Grows by one; the cursor of the log. */
  readonly id: number;
  readonly at: Date;
  readonly actor: Actor;
  /** The mutation's name, such as `publishSource`. */
  readonly action: string;
  /** What it was done to: `source:petstore`, `key:ab12`. */
  readonly target: string;
  /** What changed, without secrets. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface SourceFilter {
  readonly states?: readonly LifecycleState[];
  readonly kinds?: readonly SourceKindName[];
  readonly tag?: string;
  /** Part of name, title or description, any case. */
  readonly search?: string;
}

export interface Page<T> {
  readonly nodes: readonly T[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

/** What one committed transaction changed, told after the commit, in order. */
export type RegistryEvent =
  | {
      readonly type: 'source';
      readonly action: string;
      readonly name: string;
      readonly record: SourceRecord | undefined;
    }
  | { readonly type: 'key' | 'link'; readonly action: string; readonly id: string }
  | {
      readonly type: 'provider';
      readonly action: string;
      readonly name: string;
      readonly record: ProviderRecord | undefined;
    }
  | {
      readonly type: 'budget';
      readonly action: string;
      readonly subject: BudgetSubject;
      readonly record: BudgetRecord | undefined;
    };
