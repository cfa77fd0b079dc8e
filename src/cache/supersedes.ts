import type { CacheEntry } from './types.ts';

/**
 * Whether `next` may take the place of `current`: an older answer never overwrites a newer one.
 *
 * A version, where both have one, decides for every endpoint. Beyond that a primary is believed. A backup may be
 * a copy that lags behind, so its answer replaces a primary's only if it is provably not older (Last-Modified,
 * or the same ETag), or if there is nothing to compare. Different ETags alone have no order: the primary's stays,
 * unless its source was written to since. What a write has overtaken never replaces what has seen the write.
 */
export function supersedes(next: CacheEntry, current: CacheEntry): boolean {
  if (next.overtaken === true && current.overtaken !== true) return false;
  const byVersion = compareVersions(next.version, current.version);
  if (byVersion !== undefined) return byVersion >= 0;
  if (!next.backup || current.backup) return true;
  const nextModified = Date.parse(next.lastModified ?? '');
  const currentModified = Date.parse(current.lastModified ?? '');
  if (!Number.isNaN(nextModified) && !Number.isNaN(currentModified)) return nextModified >= currentModified;
  if (next.etag !== undefined && current.etag !== undefined)
    return next.etag === current.etag || current.overtaken === true;
  return true;
}

/** Numbers by size; texts by their numbers where they have any ("v9" before "v10"), as ISO dates by time. */
function compareVersions(a: number | string | undefined, b: number | string | undefined): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return versionOrder.compare(a, b);
  return undefined;
}

const versionOrder = new Intl.Collator('en', { numeric: true });
