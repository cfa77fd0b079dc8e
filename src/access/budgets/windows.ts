import type { BudgetPeriod } from './store.ts';
import type { BudgetWindow } from './types.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export type Measure = 'requests' | 'tokens' | 'usdNano';

/** What each limit counts, and over which period. In the order in which they are shown. */
export const WINDOWS: Readonly<Record<BudgetWindow, { readonly period: BudgetPeriod; readonly measure: Measure }>> = {
  requestsPerMinute: { period: 'MINUTE', measure: 'requests' },
  tokensPerMinute: { period: 'MINUTE', measure: 'tokens' },
  usdPerDay: { period: 'DAY', measure: 'usdNano' },
  usdPerMonth: { period: 'MONTH', measure: 'usdNano' },
};

export const WINDOW_NAMES = Object.keys(WINDOWS) as readonly BudgetWindow[];

const NANO = 1e9;

export const toNano = (usd: number): number => Math.round(usd * NANO);
export const fromNano = (usdNano: number): number => usdNano / NANO;

/** A limit, or a sum, in the unit that people read. */
export const shown = (measure: Measure, value: number): number => (measure === 'usdNano' ? fromNano(value) : value);

export interface Span {
  readonly start: number;
  /** The first millisecond that is not in it. */
  readonly end: number;
}

/** The minute, day or month of UTC in which `at` lies (milliseconds since the Unix epoch). */
export function spanAt(period: BudgetPeriod, at: number): Span {
  switch (period) {
    case 'MINUTE':
      return evenSpan(MINUTE_MS, at);
    case 'DAY':
      return evenSpan(DAY_MS, at);
    case 'MONTH': {
      const date = new Date(at);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
    }
    default: {
      const never: never = period;
      return never;
    }
  }
}

function evenSpan(length: number, at: number): Span {
  const start = Math.floor(at / length) * length;
  return { start, end: start + length };
}
