/** How one call of an operation answers for many keys. */
export interface BatchDescription {
  /** The argument that takes the list of keys; may lead into an input object: `ids`, `input.ids`. */
  readonly argument: string;
  /** Keys in one call at most. */
  readonly max: number;
  /** Where in the answer the items are, in names of the graph; empty: the answer itself. */
  readonly items: readonly string[];
  readonly match: BatchMatch;
  /** A key may have several items: it gets the list of them. */
  readonly many: boolean;
}

/**
 * How items find their keys: the item says its key in a field, or in several (a path in names of the graph), the answer is a map
 * by key, or items stand in the order of the keys, null where there is none.
 */
export type BatchMatch =
  | { readonly by: 'FIELD'; readonly field: readonly string[] }
  /** Keys are objects: each of these parts of a key stands in the item at a path of its own. */
  | { readonly by: 'FIELDS'; readonly fields: readonly KeyPart[] }
  | { readonly by: 'MAP' }
  | { readonly by: 'POSITION' };

export interface KeyPart {
  readonly key: readonly string[];
  readonly item: readonly string[];
}
