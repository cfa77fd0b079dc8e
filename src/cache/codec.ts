import { deserialize, serialize } from 'node:v8';
import type { Stored } from './memory-level.ts';
import type { CacheEntry } from './types.ts';

/** What is written beside the value. */
interface Meta {
  readonly entry: Omit<CacheEntry, 'value'>;
  readonly tags: readonly string[];
  readonly began: number;
  readonly writer: string;
}

const FORMAT = '1';
const DEEPEST = 500;

/**
 * An entry as text: format, form of the body, length of the meta data, meta data, body. JSON where the value is
 * plain JSON, since nothing reads faster; V8's own form for what JSON would change (bigint, Date, undefined).
 * `undefined` for a value that must not leave the process: with an Error in a place, a function, a class of its own.
 */
export function encodeEntry(stored: Stored): string | undefined {
  const { value, ...entry } = stored.entry;
  const form = formOf(value, 0);
  if (form === 'unfit') return undefined;
  const meta = JSON.stringify({ entry, tags: stored.tags, began: stored.began, writer: stored.writer } satisfies Meta);
  const body = form === 'json' ? JSON.stringify(value) : serialize(value).toString('base64');
  return `${FORMAT}${form === 'json' ? 'J' : 'V'}${meta.length}:${meta}${body}`;
}

/** The way back, frozen. `undefined` for anything that `encodeEntry` of this format did not write. */
export function decodeEntry(text: string): Omit<Stored, 'epoch' | 'expiryEpoch' | 'verifiedAt'> | undefined {
  const colon = text.indexOf(':');
  const start = colon + 1 + Number(text.slice(2, colon));
  if (text[0] !== FORMAT || colon < 3 || !Number.isInteger(start)) return undefined;
  try {
    const { entry, tags, began, writer } = JSON.parse(text.slice(colon + 1, start)) as Meta;
    const body = text.slice(start);
    const value: unknown = text[1] === 'J' ? JSON.parse(body) : deserialize(Buffer.from(body, 'base64'));
    if (!Array.isArray(tags) || typeof began !== 'number' || typeof entry.scope.kind !== 'string') return undefined;
    return { entry: { ...entry, value: freeze(value) }, tags, began, writer };
  } catch {
    return undefined;
  }
}

type Form = 'json' | 'structured' | 'unfit';

function formOf(value: unknown, depth: number): Form {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 'json';
    case 'number':
      return Number.isFinite(value) ? 'json' : 'structured';
    case 'bigint':
    case 'undefined':
      return 'structured';
    case 'object':
      if (value === null) return 'json';
      if (depth >= DEEPEST) return 'unfit';
      if (value instanceof Date) return 'structured';
      return isPlain(value) ? formOfMembers(value, depth) : 'unfit';
    default: // function, symbol
      return 'unfit';
  }
}

function formOfMembers(value: object, depth: number): Form {
  let form: Form = 'json';
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    const inner = formOf(member, depth + 1);
    if (inner === 'unfit') return inner;
    if (inner === 'structured') form = inner;
  }
  return form;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
