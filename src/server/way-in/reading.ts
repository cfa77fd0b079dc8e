import type { Problem } from '../../errors/index.ts';
import { RequestRefused } from './refused.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_NAME = 100;
/** What formats have for fixed words looks so; keys and what people write seldom do. */
const FIXED_WORD = /^[a-z_]{1,20}$/i;

/** Clients write `null` and empty lists for what they do not use. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/**
 * Reads JSON that a client sent, and keeps every problem with its place. What cannot be read is undefined.
 * Messages tell the type of what came, not the value: it may be long, or somebody's secret.
 */
export class Reading {
  readonly problems: Problem[] = [];

  refuse(path: string, message: string): undefined {
    this.problems.push({ path, message });
    return undefined;
  }

  #wrong(path: string, expected: string, value: unknown, got = typeOf(value)): undefined {
    return this.refuse(path, `Expected ${expected}, got ${got}.`);
  }

  object(value: unknown, path: string): JsonObject | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    return this.#wrong(path, 'an object', value);
  }

  list(value: unknown, path: string): readonly unknown[] | undefined {
    return Array.isArray(value) ? value : this.#wrong(path, 'a list', value);
  }

  /** The list where one text may stand as well, and does not. */
  listInPlaceOfText(value: unknown, path: string): readonly unknown[] | undefined {
    return Array.isArray(value) ? value : this.#wrong(path, 'a text or a list of parts', value);
  }

  text(value: unknown, path: string): string | undefined {
    return typeof value === 'string' ? value : this.#wrong(path, 'a text', value);
  }

  /** A text that is not empty. */
  word(value: unknown, path: string): string | undefined {
    return typeof value === 'string' && value !== '' ? value : this.#wrong(path, 'a text that is not empty', value);
  }

  flag(value: unknown, path: string): boolean | undefined {
    return typeof value === 'boolean' ? value : this.#wrong(path, 'true or false', value);
  }

  number(value: unknown, path: string, min: number, max: number): number | undefined {
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.#wrong(path, `a number from ${min} to ${max}`, value);
  }

  wholeNumber(value: unknown, path: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
    return this.#wrong(path, `a whole number ${range}`, value);
  }

  oneOf<const T extends string>(value: unknown, path: string, words: readonly T[]): T | undefined {
    const word = words.find((each) => each === value);
    if (word !== undefined) return word;
    const got = typeof value === 'string' && FIXED_WORD.test(value) ? `"${value}"` : undefined;
    return this.#wrong(path, `one of ${words.join(', ')}`, value, got);
  }

  /** Refuses, each by its name, what an object has beside the known fields. */
  only(object: JsonObject, path: string, known: ReadonlySet<string>): void {
    for (const name of Object.keys(object)) {
      if (known.has(name) || isNothing(object[name])) continue;
      const told = name.slice(0, MAX_NAME);
      this.refuse(path === '' ? told : `${path}.${told}`, 'Weir cannot hand this on, and drops nothing silently.');
    }
  }
}

/** Begins to read a request's body. Throws RequestRefused for one that is no object. */
export function readBody(value: unknown): { readonly body: JsonObject; readonly reading: Reading } {
  const reading = new Reading();
  const body = reading.object(value, '');
  if (body === undefined) throw new RequestRefused(reading.problems);
  return { body, reading };
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return `the number ${value}`;
  return value === '' ? 'an empty text' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
