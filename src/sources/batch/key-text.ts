import { canonicalJson } from '../../cache/index.ts';

/** One text for equal keys: upstreams send `7` here and `"7"` there for the same thing. */
export function keyText(key: unknown): string {
  return typeof key === 'object' ? canonicalJson(key) : String(key);
}
