import { WeirError } from '../../errors/index.ts';
import type { Refusal } from './meter.ts';
import type { BudgetSubject, BudgetWindow } from './types.ts';

const WHOSE: Readonly<Record<BudgetSubject['kind'], string>> = {
  KEY: 'this key',
  SOURCE: 'this source',
  PROVIDER: 'the provider of this model',
  MODEL: 'this model',
};

const UNIT: Readonly<Record<BudgetWindow, string>> = {
  requestsPerMinute: 'requests a minute',
  tokensPerMinute: 'tokens a minute',
  usdPerDay: 'USD a day',
  usdPerMonth: 'USD a month',
};

/** When to come back for what calls under way hold. */
const UNDER_WAY_MS = 1000;

/**
 * The error for the refusal that holds longest. Safe to show to whoever made the call: it names what kind of thing is
 * limited, never which key, and no sum that others have spent.
 */
export function budgetExceeded(refusals: readonly Refusal[], now: number): WeirError {
  const [worst] = [...refusals].sort(
    (a, b) =>
      Number(b.neverFits) - Number(a.neverFits) ||
      Number(a.underWay) - Number(b.underWay) ||
      b.resetsAt - a.resetsAt ||
      a.limit - b.limit,
  );
  if (worst === undefined) throw new TypeError('Expected at least one refusal; got none.');
  const { subject, window, limit, resetsAt, underWay, neverFits } = worst;
  const budget = `The budget of ${WHOSE[subject.kind]}, ${limit} ${UNIT[window]},`;
  const details = { subject: subject.kind, window, limit };
  if (neverFits) {
    return new WeirError('BUDGET_EXCEEDED', `${budget} is smaller than what this one call may take.`, {
      ...details,
      retryable: false,
    });
  }
  const until = new Date(resetsAt).toISOString();
  const leftMs = Math.max(0, Math.ceil(resetsAt - now));
  const state = underWay ? 'is held by calls under way' : `is used up until ${until}`;
  return new WeirError('BUDGET_EXCEEDED', `${budget} ${state}.`, {
    ...details,
    resetsAt: until,
    retryAfterMs: underWay ? Math.min(leftMs, UNDER_WAY_MS) : leftMs,
    retryable: true,
    ...(underWay ? { underWay } : {}),
  });
}
