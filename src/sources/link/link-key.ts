/**
 * Where the value of a parent field stands for links, in objects of sources that are given a selection: under a key
 * of the links' own, whatever the client called the field.
 */
export function linkKey(field: string): string {
  return `weirLink_${field}`;
}
