import type { PoolNumbers } from './numbers.ts';

/** What active probes say of one endpoint. */
export type HealthVerdict =
  | { readonly name: 'UNKNOWN'; readonly failures: number }
  | { readonly name: 'UP'; readonly failures: number }
  | { readonly name: 'DOWN'; readonly successes: number };

export const UNPROBED: HealthVerdict = { name: 'UNKNOWN', failures: 0 };
const UP: HealthVerdict = { name: 'UP', failures: 0 };

/** The verdict after one more probe: failures in a row take down, successes in a row bring up. */
export function nextVerdict(verdict: HealthVerdict, ok: boolean, numbers: PoolNumbers['activeHealth']): HealthVerdict {
  switch (verdict.name) {
    case 'UNKNOWN':
    case 'UP': {
      if (ok) return UP;
      const failures = verdict.failures + 1;
      return failures >= numbers.failuresDown ? { name: 'DOWN', successes: 0 } : { name: verdict.name, failures };
    }
    case 'DOWN': {
      if (!ok) return verdict.successes === 0 ? verdict : { name: 'DOWN', successes: 0 };
      const successes = verdict.successes + 1;
      return successes >= numbers.successesUp ? UP : { name: 'DOWN', successes };
    }
    default: {
      const never: never = verdict;
      return never;
    }
  }
}
