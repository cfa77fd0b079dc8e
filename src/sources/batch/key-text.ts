import { canonicalJson } from '../../cache/index.ts';

/** One text for equal keys: upstreams send `7` here and `"7"` there for the same thing. */
export function keyText(key: unknown): string {
  return typeof key === 'object' ? canonicalJson(key) : String(key);
}

/** Numbers by size, then everything else by code point: equal sets of keys make equal calls. */
export function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [textA, textB] = [keyText(a), keyText(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}
