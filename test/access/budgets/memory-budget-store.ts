import type {
  BudgetLimits,
  BudgetRecord,
  BudgetStore,
  BudgetStoreEvent,
  BudgetSubject,
  SpendingRecord,
} from '../../../src/access/index.ts';
import { Emitter } from '../../../src/runtime/index.ts';

const keyOf = ({ kind, id }: BudgetSubject): string => `${kind} ${id}`;

/** Budgets in a map, with the group commits counted. */
export class MemoryBudgetStore implements BudgetStore {
  readonly events = new Emitter<BudgetStoreEvent>();
  readonly records = new Map<string, BudgetRecord>();
  readonly spent = new Map<string, SpendingRecord>();
  commits = 0;
  failing = false;

  set(subject: BudgetSubject, limits: BudgetLimits): void {
    const record = { subject, limits, createdAt: new Date(0), updatedAt: new Date(0) };
    this.records.set(keyOf(subject), record);
    this.events.emit({ type: 'budget', subject, record });
  }

  remove(subject: BudgetSubject): void {
    this.records.delete(keyOf(subject));
    this.events.emit({ type: 'budget', subject, record: undefined });
  }

  async budgets(): Promise<readonly BudgetRecord[]> {
    return [...this.records.values()];
  }

  async spending(): Promise<readonly SpendingRecord[]> {
    return [...this.spent.values()];
  }

  async saveSpending(records: readonly SpendingRecord[]): Promise<void> {
    if (this.failing) throw new Error('the disk is full');
    this.commits++;
    for (const record of records) this.spent.set(`${keyOf(record.subject)} ${record.period}`, record);
  }
}
