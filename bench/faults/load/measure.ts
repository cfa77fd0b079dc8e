import type { LoadRecord } from './messages.ts';

/** Milliseconds within which the share `q` of the answers came. */
export function quantile(records: readonly LoadRecord[], q: number): number {
  const sorted = records.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? 0;
}

export const p50 = (records: readonly LoadRecord[]): number => quantile(records, 0.5);
export const p99 = (records: readonly LoadRecord[]): number => quantile(records, 0.99);

/** `61.8 % STALE, 38.2 % FAILED NO_HEALTHY_UPSTREAM circuit_open`, most frequent first. */
export function shares(records: readonly LoadRecord[]): string {
  const counts = new Map<string, number>();
  for (const { outcome, code, reason } of records) {
    const key = [outcome, code, reason].filter((part) => part !== undefined).join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => `${count} ${key}`)
    .join(', ');
}

/** The records that were due from `from` to `to` milliseconds after the first. */
export function between(records: readonly LoadRecord[], from: number, to = Infinity): LoadRecord[] {
  const first = Math.min(...records.map(({ at }) => at));
  return records.filter(({ at }) => at - first >= from && at - first < to);
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
