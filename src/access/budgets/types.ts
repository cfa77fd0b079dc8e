/** Whose spending is limited. The id of a MODEL is `provider/model`. */
export interface BudgetSubject {
  readonly kind: 'KEY' | 'SOURCE' | 'PROVIDER' | 'MODEL';
  readonly id: string;
}

/** Undefined: no limit. Days and months are those of UTC. */
export interface BudgetLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly usdPerDay?: number;
  readonly usdPerMonth?: number;
}

export type BudgetWindow = keyof BudgetLimits;

/** What a call is thought to take before it is made, and what it took. `usd` is undefined when no price is known. */
export interface BudgetAmount {
  readonly tokens: number;
  readonly usd: number | undefined;
}

/** One limit of one subject, as it stands. */
export interface BudgetStatus {
  readonly subject: BudgetSubject;
  readonly window: BudgetWindow;
  readonly limit: number;
  /** By calls under way. */
  readonly reserved: number;
  readonly spent: number;
  /** Calls of this window whose price was not known: they are in no sum of USD. */
  readonly unpriced: number;
  readonly resetsAt: Date;
}

/** Taken before a call; exactly one of the two ends it, later calls of either do nothing. */
export interface Reservation {
  /** Whether a limit on tokens or USD was drawn on: then the call must not be able to take more than its estimate. */
  readonly bounded: boolean;
  settle(used: BudgetAmount): void;
  /** The call never left. */
  release(): void;
}

/**
 * Spending limits. Calls side by side cannot pass a limit together: each reserves its estimate in every budget it draws
 * on, all or none, before it leaves.
 */
export interface Budgets {
  /**
   * Throws WeirError BUDGET_EXCEEDED with subject, window, limit and resetsAt when one of them has not enough left.
   * `estimate` is asked once, and only where a budget is drawn on: prices take their time.
   */
  reserve(subjects: readonly BudgetSubject[], estimate: () => BudgetAmount): Reservation;
  status(): readonly BudgetStatus[];
}
