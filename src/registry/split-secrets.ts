import type { Steps } from '../runtime/index.ts';
import { Secret } from '../sources/index.ts';

/** Values looked at between two places where others may come in. */
const STEP_VALUES = 1000;

/** A secret taken out of a definition. */
export interface FoundSecret {
  /** JSON pointer (RFC 6901) to where it stood. */
  readonly path: string;
  readonly text: string;
}

/**
 * The secrets of a definition, and how many values it holds in all.
 * Throws TypeError for what JSON would lose or bend (dates, functions, NaN): a definition is plain JSON and Secrets.
 */
export function* findSecrets(
  definition: unknown,
): Steps<{ readonly secrets: readonly FoundSecret[]; readonly values: number }> {
  const secrets: FoundSecret[] = [];
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: definition, path: '' }];
  let values = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (++values % STEP_VALUES === 0) yield;
    const { value, path } = next;
    if (value instanceof Secret) {
      secrets.push({ path, text: value.reveal() });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) waiting.push({ value: item, path: `${path}/${index}` });
    } else if (isPlainObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (item !== undefined) waiting.push({ value: item, path: `${path}/${escapePointer(key)}` });
      }
    } else if (!isJsonScalar(value)) {
      throw notPlain(path, value);
    }
  }
  return { secrets, values };
}

/** Puts secrets where their placeholders stand. Throws when a path leads nowhere. */
export function joinSecrets(definition: unknown, secrets: readonly FoundSecret[]): unknown {
  const root = { definition };
  for (const { path, text } of secrets) {
    const steps = ['definition', ...path.split('/').slice(1).map(unescapePointer)];
    const last = steps.pop() ?? '';
    let holder: unknown = root;
    for (const step of steps) holder = ownValue(holder, step, path);
    ownValue(holder, last, path);
    // Not an assignment: a document may have a key named `__proto__`.
    Object.defineProperty(holder, last, {
      value: new Secret(text),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return root.definition;
}

function ownValue(holder: unknown, key: string, path: string): unknown {
  const property =
    typeof holder === 'object' && holder !== null ? Object.getOwnPropertyDescriptor(holder, key) : undefined;
  if (property === undefined) throw new Error(`The stored definition has no place ${path} for its secret.`);
  return property.value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isJsonScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function notPlain(path: string, value: unknown): TypeError {
  const what = typeof value === 'object' ? (value?.constructor?.name ?? 'object') : String(value);
  return new TypeError(`A definition is plain JSON and Secrets; at ${path || '/'} came ${what}.`);
}

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');
