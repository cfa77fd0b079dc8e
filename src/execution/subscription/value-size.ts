/** What an object or array, and each of its entries, takes beside the values. */
const HOLDER_BYTES = 32;
const ENTRY_BYTES = 16;
const LEAF_BYTES = 8;

/** Many subscribers wait for the same value: it is measured once. */
const known = new WeakMap<object, number>();

/** About as many bytes as a value of JSON takes in memory. */
export function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return HOLDER_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return LEAF_BYTES;
  let size = known.get(value);
  if (size === undefined) {
    size = sizeOfEntries(value);
    known.set(value, size);
  }
  return size;
}

/** Without recursion: nobody knows how deep an answer is. */
function sizeOfEntries(value: object): number {
  let size = 0;
  const open: object[] = [value];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    size += HOLDER_BYTES;
    for (const entry of Object.values(holder)) {
      size += ENTRY_BYTES;
      if (typeof entry === 'object' && entry !== null) open.push(entry);
      else size += sizeOfValue(entry);
    }
  }
  return size;
}
