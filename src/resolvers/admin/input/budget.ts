import type { BudgetLimits } from '../../../access/index.ts';
import type { Problem } from '../../../errors/index.ts';
import type { BudgetInput } from '../../../schema/admin/index.ts';
import { onlyGiven } from './given.ts';

/** Inclusive. What is above is a slip, or no limit. */
const MOST = {
  requestsPerMinute: 2_147_483_647,
  tokensPerMinute: 2_147_483_647,
  usdPerDay: 1_000_000,
  usdPerMonth: 1_000_000,
} as const;

/** The limits; what is wrong with them is added to `problems`. */
export function readLimits(input: BudgetInput, problems: Problem[]): BudgetLimits {
  const { kind: _kind, id: _id, ...windows } = input;
  const limits = onlyGiven(windows);
  for (const [window, most] of Object.entries(MOST)) {
    const limit = limits[window as keyof typeof MOST];
    if (limit === undefined || (limit >= 0 && limit <= most)) continue;
    problems.push({ path: `input.${window}`, message: `Expected a number from 0 to ${most}; got ${limit}.` });
  }
  if (Object.keys(limits).length === 0) {
    const names = Object.keys(MOST).join(', ');
    problems.push({
      path: 'input',
      message: `Expected at least one of ${names}; got none. removeBudget takes it away.`,
    });
  }
  return limits;
}
