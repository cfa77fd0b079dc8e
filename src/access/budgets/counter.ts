import type { BudgetPeriod, SpendingRecord } from './store.ts';
import type { BudgetAmount } from './types.ts';
import { type Measure, spanAt, toNano } from './windows.ts';

type Sums = Record<Measure, number>;

/**
 * What one subject spends in one period. When the period is over a new counter takes its place: a call that is still
 * under way then ends in the old one, so that it counts where it began.
 */
export class Counter {
  readonly start: number;
  readonly end: number;
  readonly spent: Sums = { requests: 0, tokens: 0, usdNano: 0 };
  readonly reserved: Sums = { requests: 0, tokens: 0, usdNano: 0 };
  unpriced = 0;

  constructor(period: BudgetPeriod, now: number) {
    const { start, end } = spanAt(period, now);
    this.start = start;
    this.end = end;
  }

  reserve(estimate: BudgetAmount): void {
    const { reserved } = this;
    reserved.requests += 1;
    reserved.tokens += tokensOf(estimate);
    reserved.usdNano += nanoOf(estimate) ?? 0;
  }

  release(estimate: BudgetAmount): void {
    const { reserved } = this;
    reserved.requests -= 1;
    reserved.tokens -= tokensOf(estimate);
    reserved.usdNano -= nanoOf(estimate) ?? 0;
  }

  spend(used: BudgetAmount): void {
    const { spent } = this;
    const usdNano = nanoOf(used);
    spent.requests += 1;
    spent.tokens += tokensOf(used);
    if (usdNano === undefined) this.unpriced += 1;
    else spent.usdNano += usdNano;
  }

  /** As it was stored, if that was of the same period. */
  restore(record: SpendingRecord): void {
    if (record.startedAt !== this.start) return;
    const { requests, tokens, usdNano, unpriced } = record;
    Object.assign(this.spent, { requests, tokens, usdNano });
    this.unpriced = unpriced;
  }
}

/** One absurd figure must not spoil a sum for a month. */
const sane = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

export const tokensOf = (amount: BudgetAmount): number => Math.ceil(sane(amount.tokens));

export const nanoOf = (amount: BudgetAmount): number | undefined =>
  amount.usd === undefined ? undefined : toNano(sane(amount.usd));
