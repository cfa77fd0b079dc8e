import { PartError, type UpstreamError } from './upstream-errors.ts';

type Holder = Record<string | number, unknown>;

/**
 * Puts each error where the answer has the null that it caused: at its path, or further up where null came to rest.
 * `value` is changed. Errors that lead to a value, or nowhere, have no place: false when there was one.
 */
export function placeErrors(source: string, value: unknown, errors: readonly UpstreamError[]): boolean {
  let allPlaced = true;
  for (const error of errors) {
    // The first step is the root field itself.
    const path = error.path?.slice(1) ?? [];
    if (!place(source, value, path, error)) allPlaced = false;
  }
  return allPlaced;
}

function place(source: string, value: unknown, path: readonly (string | number)[], error: UpstreamError): boolean {
  let holder = value;
  for (const [depth, step] of path.entries()) {
    if (holder instanceof PartError) return true; // an earlier error of the same null
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return false;
    const next = (holder as Holder)[step];
    if (next === null) {
      (holder as Holder)[step] = new PartError(source, error, path.slice(depth + 1));
      return true;
    }
    holder = next;
  }
  return holder instanceof PartError;
}

/** Freezes an answer all the way down. Errors inside it are ours and stay as they are. */
export function freezeAnswer(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof PartError) return value;
  if (Array.isArray(value)) {
    for (const item of value) freezeAnswer(item);
  } else {
    // What JSON.parse made has no keys but its own.
    for (const key in value) freezeAnswer((value as Holder)[key]);
  }
  return Object.freeze(value);
}
