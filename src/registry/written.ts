import type { Change } from './registry.ts';
import type { BudgetRecord, BudgetSubject, ProviderRecord, RegistryEvent, SourceRecord } from './types.ts';

/** What a write did, before its audit row is put to it. */
export interface Written<T> {
  readonly result: T;
  /** What it was done to, as the audit log names it. */
  readonly target: string;
  readonly event?: RegistryEvent;
  /** There was nothing to do: no audit row, no event. */
  readonly unchanged?: boolean;
}

export const sourceTarget = (name: string): string => `source:${name}`;
export const keyTarget = (id: string): string => `key:${id}`;

export function writtenSource<T>(result: T, change: Change, record: SourceRecord): Written<T> {
  const event: RegistryEvent = { type: 'source', action: change.action, name: record.name, record };
  return { result, target: sourceTarget(record.name), event };
}

export function writtenLink<T>(result: T, change: Change, id: string): Written<T> {
  return { result, target: `link:${id}`, event: { type: 'link', action: change.action, id } };
}

export function writtenKey<T>(result: T, change: Change, id: string): Written<T> {
  return { result, target: keyTarget(id), event: { type: 'key', action: change.action, id } };
}

/** `record` is undefined when it was removed. */
export function writtenProvider<T>(
  result: T,
  change: Change,
  name: string,
  record: ProviderRecord | undefined,
): Written<T> {
  return { result, target: `provider:${name}`, event: { type: 'provider', action: change.action, name, record } };
}

/** `record` is undefined when it was removed. */
export function writtenBudget<T>(
  result: T,
  change: Change,
  subject: BudgetSubject,
  record: BudgetRecord | undefined,
): Written<T> {
  const target = `budget:${subject.kind}:${subject.id}`;
  return { result, target, event: { type: 'budget', action: change.action, subject, record } };
}
