import type { Problem } from '../../../errors/index.ts';
import type { Variable } from './variable.ts';

/** Where the declaration says nothing else. */
const DEFAULT_MAX_LENGTH = { text: 20_000, list: 100 } as const;
/** Characters of one text inside a list. */
const MAX_ITEM_LENGTH = DEFAULT_MAX_LENGTH.text;

/** Adds where the value of a variable, which stands at `path`, is too long, and how long it is. The value is not told. */
export function checkLengths({ shape, maxLength }: Variable, value: unknown, path: string, problems: Problem[]): void {
  if (typeof value === 'string' && shape.kind === 'scalar') {
    checkLength(value.length, maxLength ?? DEFAULT_MAX_LENGTH.text, 'characters', path, problems);
  } else if (Array.isArray(value)) {
    checkList(value, maxLength ?? DEFAULT_MAX_LENGTH.list, path, problems);
  }
}

function checkList(items: readonly unknown[], max: number, path: string, problems: Problem[]): void {
  // What is in a list that is too long may be as much as a request can hold.
  if (!checkLength(items.length, max, 'items', path, problems)) return;
  for (const [index, item] of items.entries()) {
    if (typeof item === 'string') checkLength(item.length, MAX_ITEM_LENGTH, 'characters', `${path}.${index}`, problems);
    else if (Array.isArray(item)) checkList(item, DEFAULT_MAX_LENGTH.list, `${path}.${index}`, problems);
  }
}

function checkLength(length: number, max: number, unit: string, path: string, problems: Problem[]): boolean {
  if (length <= max) return true;
  problems.push({ path, message: `Expected at most ${max} ${unit}; got ${length}.` });
  return false;
}
