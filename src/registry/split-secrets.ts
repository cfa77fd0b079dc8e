import { Secret } from '../sources/index.ts';

/** A secret taken out of a definition. */
export interface FoundSecret {
  /** JSON pointer (RFC 6901) to where it stood. */
  readonly path: string;
  readonly text: string;
}

/**
 * A definition as JSON text, with a placeholder where each Secret stood, and the secrets apart.
 * Throws TypeError for what JSON would lose or bend (dates, functions, NaN): a definition is plain JSON and Secrets.
 */
export function splitSecrets(definition: unknown): { readonly json: string; readonly secrets: readonly FoundSecret[] } {
  const json = JSON.stringify(definition);
  const secrets: FoundSecret[] = [];
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: definition, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
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
  return { json, secrets };
}

/** The way back. Throws when a secret's path leads nowhere. */
export function joinSecrets(json: string, secrets: readonly FoundSecret[]): unknown {
  const root = { definition: JSON.parse(json) as unknown };
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
