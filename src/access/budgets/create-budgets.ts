import type { Clock } from '../../runtime/index.ts';
import { budgetExceeded } from './exceeded.ts';
import { Meter } from './meter.ts';
import { SpendingWriter } from './spending-writer.ts';
import type { BudgetRecord, BudgetStore, BudgetStoreEvent } from './store.ts';
import type { BudgetAmount, BudgetStatus, BudgetSubject, Budgets, Reservation } from './types.ts';

export interface BudgetsOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  /** The store could not keep what was spent; it is counted in memory all the same, and written later. */
  readonly onFailure: (error: unknown) => void;
}

export interface StoredBudgets extends Budgets {
  /** Writes what was spent so far. */
  close(): Promise<void>;
}

/**
 * Budgets as they are stored, with what was spent of them. Limits that change in the store hold for the next call.
 * Memory grows with the number of budgets, not of callers: what has no budget is not counted.
 */
export async function createBudgets(options: BudgetsOptions): Promise<StoredBudgets> {
  const { store, clock } = options;
  const meters = new Map<string, Meter>();
  const writer = new SpendingWriter(options);

  for (const { subject, limits } of await store.budgets()) meters.set(keyOf(subject), new Meter(subject, limits));
  for (const record of await store.spending()) meters.get(keyOf(record.subject))?.restore(record, clock.now());
  const stop = store.events.on(follow);

  function follow(event: BudgetStoreEvent): void {
    switch (event.type) {
      case 'budget':
        if (event.record === undefined) drop((subject) => keyOf(subject) === keyOf(event.subject));
        else set(event.record);
        break;
      case 'source':
        if (event.record === undefined) drop(({ kind, id }) => kind === 'SOURCE' && id === event.name);
        break;
      case 'provider':
        if (event.record === undefined) drop((subject) => isOfProvider(subject, event.name));
        break;
      case 'key':
      case 'link':
        break;
      default: {
        event satisfies never;
      }
    }
  }

  function set({ subject, limits }: BudgetRecord): void {
    const known = meters.get(keyOf(subject));
    if (known === undefined) meters.set(keyOf(subject), new Meter(subject, limits));
    else known.limit(limits);
  }

  function drop(which: (subject: BudgetSubject) => boolean): void {
    for (const [key, meter] of meters) {
      if (!which(meter.subject)) continue;
      meters.delete(key);
      writer.forget(meter);
    }
  }

  function reserve(subjects: readonly BudgetSubject[], estimateOf: () => BudgetAmount): Reservation {
    const drawnOn = new Set<Meter>();
    for (const subject of subjects) {
      const meter = meters.get(keyOf(subject));
      if (meter !== undefined) drawnOn.add(meter);
    }
    if (drawnOn.size === 0) return UNLIMITED;
    const now = clock.now();
    const estimate = estimateOf();
    const refusals = [...drawnOn].flatMap((meter) => meter.refusals(estimate, now));
    if (refusals.length > 0) throw budgetExceeded(refusals, now);
    return hold([...drawnOn], estimate, now);
  }

  function hold(drawnOn: readonly Meter[], estimate: BudgetAmount, now: number): Reservation {
    const counters = drawnOn.flatMap((meter) => meter.counters(now));
    for (const counter of counters) counter.reserve(estimate);
    let over = false;
    const endOnce = (): boolean => {
      if (over) return false;
      over = true;
      for (const counter of counters) counter.release(estimate);
      return true;
    };
    return {
      bounded: drawnOn.some(({ limitsAmount }) => limitsAmount),
      release: () => void endOnce(),
      settle: (used) => {
        if (!endOnce()) return;
        for (const counter of counters) counter.spend(used);
        for (const meter of drawnOn) if (meters.get(keyOf(meter.subject)) === meter) writer.changed(meter);
      },
    };
  }

  return {
    reserve,
    status(): readonly BudgetStatus[] {
      const now = clock.now();
      return [...meters.keys()].sort().flatMap((key) => meters.get(key)?.status(now) ?? []);
    },
    async close() {
      stop();
      await writer.close();
    },
  };
}

const UNLIMITED: Reservation = { bounded: false, settle: () => {}, release: () => {} };

const keyOf = ({ kind, id }: BudgetSubject): string => `${kind} ${id}`;

function isOfProvider({ kind, id }: BudgetSubject, name: string): boolean {
  return kind === 'PROVIDER' ? id === name : kind === 'MODEL' && id.startsWith(`${name}/`);
}
