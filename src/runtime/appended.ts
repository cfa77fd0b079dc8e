/**
 * The list with one more at its end. `[...list, item]` reserves room for seventeen, which shows where a list is made
 * with every call and has one item most of the time.
 */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  return list.length === 0 ? [item] : [...list, item];
}
