import type { BatchDescription, KeyPart } from './batch.ts';
import { keyText } from './key-text.ts';

/** What an answer has for each key; or in what way it is no answer to a bulk call. */
export type MatchedItems =
  | { readonly ok: true; readonly of: (key: unknown) => unknown }
  | { readonly ok: false; readonly problem: string };

/** Takes a decoded answer apart. `keys` are those of the call, in its order. */
export function matchItems(batch: BatchDescription, keys: readonly unknown[], answer: unknown): MatchedItems {
  const items = readPath(answer, batch.items);
  // A part that did not fit its description stands in the answer as an error: it is every key's.
  if (items instanceof Error || items === null || items === undefined) {
    return { ok: true, of: () => items ?? null };
  }
  const { match, many } = batch;
  switch (match.by) {
    case 'FIELD':
      return Array.isArray(items) ? byField(items, single(match.field), many) : wrong('a list', items);
    case 'FIELDS':
      return Array.isArray(items) ? byField(items, several(match.fields), many) : wrong('a list', items);
    case 'MAP':
      return byMap(items, many);
    case 'POSITION':
      return byPosition(items, keys, many);
    default: {
      const never: never = match;
      return never;
    }
  }
}

/** How the key of an item, and one that was asked for, become one text if they are the same. */
interface KeyTexts {
  /** Undefined where there is none; the error where it cannot be read. */
  ofItem(item: unknown): string | Error | undefined;
  ofKey(key: unknown): string;
}

function single(field: readonly string[]): KeyTexts {
  return { ofItem: (item) => partText(item, field), ofKey: keyText };
}

function several(fields: readonly KeyPart[]): KeyTexts {
  return {
    ofItem(item) {
      const parts = fields.map((field) => partText(item, field.item));
      const missing = parts.find((part) => typeof part !== 'string');
      return parts.every((part) => part !== undefined) ? (missing ?? JSON.stringify(parts)) : undefined;
    },
    ofKey: (key) => JSON.stringify(fields.map((field) => partText(key, field.key))),
  };
}

function partText(value: unknown, path: readonly string[]): string | Error | undefined {
  const part = readPath(value, path);
  return part instanceof Error ? part : part === null || part === undefined ? undefined : keyText(part);
}

function byField(items: readonly unknown[], texts: KeyTexts, many: boolean): MatchedItems {
  const byKey = new Map<string, unknown[]>();
  let unreadable: Error | undefined;
  for (const item of items) {
    const text = texts.ofItem(item);
    if (text instanceof Error) unreadable ??= text;
    if (typeof text !== 'string') continue;
    const known = byKey.get(text);
    if (known === undefined) byKey.set(text, [item]);
    else known.push(item);
  }
  return {
    ok: true,
    of: (key) => {
      const found = byKey.get(texts.ofKey(key));
      // An item whose key cannot be read may be the one that is missing: that is not the same as none.
      if (found === undefined) return unreadable ?? (many ? NONE : null);
      return many ? found : found[0];
    },
  };
}

/** A map in the graph is a list of key and value; where the document has no types it is plain JSON. */
function byMap(items: unknown, many: boolean): MatchedItems {
  const none = many ? NONE : null;
  if (Array.isArray(items)) {
    const byKey = new Map(items.map((entry: unknown) => [keyText(readPath(entry, KEY)), readPath(entry, VALUE)]));
    return { ok: true, of: (key) => byKey.get(keyText(key)) ?? none };
  }
  if (typeof items !== 'object' || items === null) return wrong('a map', items);
  const map = items as Readonly<Record<string, unknown>>;
  return {
    ok: true,
    of: (key) => {
      const text = keyText(key);
      return (Object.hasOwn(map, text) ? map[text] : undefined) ?? none;
    },
  };
}

function byPosition(items: unknown, keys: readonly unknown[], many: boolean): MatchedItems {
  if (!Array.isArray(items)) return wrong('a list', items);
  if (items.length !== keys.length) {
    return { ok: false, problem: `${keys.length} keys were asked for, and ${items.length} items came by position` };
  }
  const list = items as readonly unknown[];
  const byKey = new Map(keys.map((key, index) => [keyText(key), list[index]]));
  return { ok: true, of: (key) => byKey.get(keyText(key)) ?? (many ? NONE : null) };
}

const NONE: readonly unknown[] = Object.freeze([]);
const KEY = ['key'];
const VALUE = ['value'];

function wrong(expected: string, came: unknown): MatchedItems {
  const what = Array.isArray(came) ? 'a list' : typeof came;
  return { ok: false, problem: `the bulk answer should be ${expected} and is ${what}` };
}

/** Follows a path through objects; null where there is nothing, the error where a part did not fit. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (at instanceof Error || typeof at !== 'object' || at === null) return at instanceof Error ? at : null;
    at = Object.hasOwn(at, step) ? (at as Readonly<Record<string, unknown>>)[step] : null;
  }
  return at;
}
