/**
 * A link: a field added to a type of one source, answered by a query operation of another source, or of the same.
 *
 *     { type: 'Book', field: 'author', target: 'bookshop', operation: 'getAuthor',
 *       arguments: [{ name: 'authorId', from: 'FIELD', field: 'authorId' }] }
 */
export interface LinkSpec {
  /** The type that gets the field: its name in the graph, or without the source's prefix. */
  readonly type: string;
  /** The new field's name. */
  readonly field: string;
  /** For people; shown in the graph. */
  readonly description?: string;
  /** The source that answers. */
  readonly target: string;
  /** The id of one of its query operations. */
  readonly operation: string;
  readonly arguments: readonly LinkArgument[];
  /** Path inside the operation's answer, in names of the graph (`items`): what the field gives instead of all of it. */
  readonly select?: string;
}

/**
 * Where an argument of the operation comes from: a field of the parent object, a constant, or an argument
 * that the link field itself has. `name` may lead into an input object: `input.ids`.
 */
export type LinkArgument =
  | { readonly name: string; readonly from: 'FIELD'; readonly field: string }
  | { readonly name: string; readonly from: 'VALUE'; readonly value: unknown }
  | { readonly name: string; readonly from: 'ARGUMENT'; readonly argument: string };
