import { failures } from '../vendor/failures.ts';

/** An object of a vendor's answer: what is in it is known only when it was looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws UpstreamFailure for text that is not the JSON of an object. `what` names it in the message. */
export function parseObject(text: string, what: string): Fields {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw failures.invalid(`${what} is not JSON`);
  }
  return asObject(read, what);
}

export function asObject(value: unknown, what: string): Fields {
  if (isObject(value)) return value;
  throw wrong('an object', what, value);
}

export function objectAt(value: unknown, name: string): Fields | undefined {
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : refuse('an object', name, value);
}

export function textAt(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : refuse('a string', name, value);
}

export function numberAt(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : refuse('a number', name, value);
}

export function listAt(value: unknown, name: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value : refuse('a list', name, value);
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(expected: string, name: string, value: unknown): never {
  throw wrong(expected, `"${name}" of the answer`, value);
}

/** Says the type of what came, never the value: that may repeat what was asked. */
function wrong(expected: string, what: string, value: unknown) {
  return failures.invalid(`${what} must be ${expected}, but is ${value === null ? 'null' : typeof value}`);
}
