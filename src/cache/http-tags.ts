/** More tags than this and an answer is not kept: one that is kept must be purgeable by each of its tags. */
export const MAX_TAGS = 500;

/**
 * The tags an upstream gives an answer: `Surrogate-Key` (parted by spaces) and `Cache-Tag` (by commas).
 * undefined when there are too many.
 */
export function headerTags(headers: Readonly<Record<string, string>>): readonly string[] | undefined {
  const surrogate = headers['surrogate-key'];
  const cacheTag = headers['cache-tag'];
  if (surrogate === undefined && cacheTag === undefined) return NO_TAGS;
  const tags = new Set([...(surrogate ?? '').split(/[\s,]+/), ...(cacheTag ?? '').split(',').map((tag) => tag.trim())]);
  tags.delete('');
  return tags.size > MAX_TAGS ? undefined : [...tags];
}

const NO_TAGS: readonly string[] = [];
