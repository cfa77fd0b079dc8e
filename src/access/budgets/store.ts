import type { Events } from '../../runtime/index.ts';
import type { BudgetLimits, BudgetSubject } from './types.ts';

/** The limits that an admin has set for a subject. */
export interface BudgetRecord {
  readonly subject: BudgetSubject;
  readonly limits: BudgetLimits;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type BudgetPeriod = 'MINUTE' | 'DAY' | 'MONTH';

/** What was spent on a subject since a period began. There is one for each period: a later one takes its place. */
export interface SpendingRecord {
  readonly subject: BudgetSubject;
  readonly period: BudgetPeriod;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly requests: number;
  readonly tokens: number;
  /** Billionths of a USD. */
  readonly usdNano: number;
  readonly unpriced: number;
}

/** What budgets need of the place where they are kept. The registry has this shape. */
export interface BudgetStore {
  budgets(): Promise<readonly BudgetRecord[]>;
  spending(): Promise<readonly SpendingRecord[]>;
  /**
   * All or none. Kept when the promise resolves, and through a `kill -9` after that.
   * A record of a subject that has no budget any more is left out.
   */
  saveSpending(records: readonly SpendingRecord[]): Promise<void>;
  /** Must tell of every change after it is stored, and before it is acknowledged. */
  readonly events: Events<BudgetStoreEvent>;
}

/** The budget of a source or provider goes with it: its `record` is undefined then. */
export type BudgetStoreEvent =
  | { readonly type: 'budget'; readonly subject: BudgetSubject; readonly record: BudgetRecord | undefined }
  | { readonly type: 'source' | 'provider'; readonly name: string; readonly record: object | undefined }
  | { readonly type: 'key' | 'link' };
