import { Counter, nanoOf, tokensOf } from './counter.ts';
import type { BudgetPeriod, SpendingRecord } from './store.ts';
import type { BudgetAmount, BudgetLimits, BudgetStatus, BudgetSubject, BudgetWindow } from './types.ts';
import { type Measure, shown, toNano, WINDOW_NAMES, WINDOWS } from './windows.ts';

const PERIODS: readonly BudgetPeriod[] = ['MINUTE', 'DAY', 'MONTH'];

interface Limit {
  readonly window: BudgetWindow;
  readonly period: BudgetPeriod;
  readonly measure: Measure;
  /** Whole requests and tokens, billionths of a USD. */
  readonly most: number;
}

/** Why a call may not be made now. */
export interface Refusal {
  readonly subject: BudgetSubject;
  readonly window: BudgetWindow;
  readonly limit: number;
  readonly resetsAt: number;
  /** What is spent leaves room: calls under way hold more than they will take, as a rule, and give it back soon. */
  readonly underWay: boolean;
  /** The call is larger than the whole limit: waiting does not help. */
  readonly neverFits: boolean;
}

/** The limits of one subject, and what it spends: in every period, so that a limit set later has the sum so far. */
export class Meter {
  readonly subject: BudgetSubject;
  #limits: readonly Limit[] = [];
  readonly #counters = new Map<BudgetPeriod, Counter>();

  constructor(subject: BudgetSubject, limits: BudgetLimits) {
    this.subject = subject;
    this.limit(limits);
  }

  /** Other limits; what was spent stays. */
  limit(limits: BudgetLimits): void {
    this.#limits = WINDOW_NAMES.flatMap((window) => {
      const limit = limits[window];
      const { period, measure } = WINDOWS[window];
      return limit === undefined
        ? []
        : [{ window, period, measure, most: measure === 'usdNano' ? toNano(limit) : limit }];
    });
  }

  /**
   * The limits that this call would pass. A call whose price is not known takes nothing of a limit in USD, and is held
   * back only once that is used up.
   */
  refusals(estimate: BudgetAmount, now: number): readonly Refusal[] {
    return this.#limits.flatMap(({ window, period, measure, most }) => {
      const counter = this.#counter(period, now);
      const held = counter.spent[measure] + counter.reserved[measure];
      const wanted = amountOf(estimate, measure);
      if (wanted === undefined ? held < most : held + wanted <= most) return [];
      const neverFits = wanted === undefined ? most === 0 : wanted > most;
      // A call that was made counts as one, however it ends.
      const left = most - counter.spent[measure];
      const underWay = measure !== 'requests' && (wanted === undefined ? left > 0 : wanted <= left);
      const limit = shown(measure, most);
      return [{ subject: this.subject, window, limit, resetsAt: counter.end, underWay, neverFits }];
    });
  }

  /** Whether more is limited than the number of calls. */
  get limitsAmount(): boolean {
    return this.#limits.some(({ measure }) => measure !== 'requests');
  }

  /** Where a call that begins now counts. */
  counters(now: number): readonly Counter[] {
    return PERIODS.map((period) => this.#counter(period, now));
  }

  restore(record: SpendingRecord, now: number): void {
    this.#counter(record.period, now).restore(record);
  }

  records(now: number): readonly SpendingRecord[] {
    return PERIODS.map((period) => {
      const { start, spent, unpriced } = this.#counter(period, now);
      return { subject: this.subject, period, startedAt: start, ...spent, unpriced };
    });
  }

  status(now: number): readonly BudgetStatus[] {
    return this.#limits.map(({ window, period, measure, most }) => {
      const { spent, reserved, unpriced, end } = this.#counter(period, now);
      return {
        subject: this.subject,
        window,
        limit: shown(measure, most),
        reserved: shown(measure, reserved[measure]),
        spent: shown(measure, spent[measure]),
        unpriced,
        resetsAt: new Date(end),
      };
    });
  }

  #counter(period: BudgetPeriod, now: number): Counter {
    const known = this.#counters.get(period);
    if (known !== undefined && now < known.end) return known;
    const next = new Counter(period, now);
    this.#counters.set(period, next);
    return next;
  }
}

function amountOf(amount: BudgetAmount, measure: Measure): number | undefined {
  switch (measure) {
    case 'requests':
      return 1;
    case 'tokens':
      return tokensOf(amount);
    case 'usdNano':
      return nanoOf(amount);
    default: {
      const never: never = measure;
      return never;
    }
  }
}
