/** What a document may be at most. A document over any of these is refused before any upstream is touched. */
export interface DocumentLimits {
  /** Lexical tokens of the whole document. */
  readonly tokens: number;
  /** Levels of fields, fragments unfolded; introspection is bounded by itself. */
  readonly depth: number;
  /** Fields with an alias, fragments unfolded. */
  readonly aliases: number;
  /** Fields of the root, and, by themselves, fields that call an operation; fragments unfolded. */
  readonly rootFields: number;
  /** Directives of the whole document. */
  readonly directives: number;
  /** Estimated work; see measure-operation.ts. */
  readonly cost: number;
}

/** Design numbers: a hand-written query stays far below each, an unfolding one soon passes one of them. */
export const DEFAULT_DOCUMENT_LIMITS: DocumentLimits = {
  tokens: 2000,
  depth: 12,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  cost: 5000,
};
