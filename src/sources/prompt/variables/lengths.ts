import type { Variable } from './variable.ts';

/** Where the declaration says nothing else. */
const DEFAULT_MAX_LENGTH = { text: 20_000, list: 100 } as const;
/** Characters of one text inside a list. */
const MAX_ITEM_LENGTH = DEFAULT_MAX_LENGTH.text;

/** Why a value of a variable is too long; undefined when it is not. The value itself is not told. */
export function lengthProblem({ name, shape, maxLength }: Variable, value: unknown): string | undefined {
  if (typeof value === 'string' && shape.kind === 'scalar') {
    return over(`${name} must have at most`, value.length, maxLength ?? DEFAULT_MAX_LENGTH.text, 'characters');
  }
  if (!Array.isArray(value)) return undefined;
  const tooMany = over(`${name} must have at most`, value.length, maxLength ?? DEFAULT_MAX_LENGTH.list, 'items');
  return tooMany ?? itemProblem(name, value);
}

function itemProblem(path: string, items: readonly unknown[]): string | undefined {
  for (const [index, item] of items.entries()) {
    const place = `${path}[${index}]`;
    if (typeof item === 'string') {
      const problem = over(`${place} must have at most`, item.length, MAX_ITEM_LENGTH, 'characters');
      if (problem !== undefined) return problem;
    } else if (Array.isArray(item)) {
      const problem =
        over(`${place} must have at most`, item.length, DEFAULT_MAX_LENGTH.list, 'items') ?? itemProblem(place, item);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function over(rule: string, length: number, max: number, unit: string): string | undefined {
  return length <= max ? undefined : `${rule} ${max} ${unit}; it has ${length}.`;
}
