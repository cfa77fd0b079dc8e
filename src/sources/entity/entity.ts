/**
 * An entity declaration of a source: it knows things of a type that other sources know as well, by the same key.
 * The type belongs to the graph: its name is never prefixed, and its fields are those of all sources that declare it.
 *
 *     { type: 'Book', key: ['id'], operation: 'getBook', arguments: [{ name: 'bookId', from: 'FIELD', field: 'id' }] }
 *
 * A type may have several: by other keys, or other operations for other fields.
 */
export interface EntitySpec {
  /** The type's name, in the source and in the graph. */
  readonly type: string;
  /** Fields of the source's type that tell one entity from another, together; `owner.id` leads through objects. */
  readonly key: readonly string[];
  /** The id of the query operation that gives an entity by its key. Without one the source only refers to it. */
  readonly operation?: string;
  readonly arguments?: readonly EntityArgument[];
  /** Path inside the operation's answer to the entity, in names of the graph. */
  readonly select?: string;
  /**
   * Fields that the operation gives. Default: all that the source's type has. Fields that are named here, while the
   * arguments take fields that only other sources have, are computed of those: nothing else gives them.
   */
  readonly fields?: readonly string[];
  /** The operation's bulk form, where its kind has no other place to say so (GraphQL services). */
  readonly batch?: EntityBatch;
}

/**
 * Where an argument of the operation comes from: fields of the entity, whichever source gives them, or a constant.
 * `name` may lead into an input object. The argument that the bulk form takes its keys in is given one key.
 */
export type EntityArgument =
  | { readonly name: string; readonly from: 'FIELD'; readonly field: string }
  /**
   * An object of these fields, under their own names, with `__typename` if it is given: a composite key, or a
   * representation as `_entities` of Apollo Federation takes it. Paths nest: `owner.id` is `{ owner: { id } }`.
   */
  | { readonly name: string; readonly from: 'FIELDS'; readonly fields: readonly string[]; readonly typename?: string }
  | { readonly name: string; readonly from: 'VALUE'; readonly value: unknown };

export interface EntityBatch {
  /** The argument that takes the list of keys; may lead into an input object: `ids`, `input.ids`. */
  readonly argument: string;
  /** Keys in one call at most. Default 100. */
  readonly max?: number;
  /** Where in the answer the items are. Default: the answer itself. */
  readonly items?: string;
  /** Items stand in the order of the keys, null where there is none. Default: each item has the fields of the key. */
  readonly position?: boolean;
}

/** A field of an entity that this source gives in another's stead, as long as both are in the graph. */
export interface EntityOverride {
  readonly type: string;
  readonly field: string;
  /** The other source's name. Characters that such a name may not have stand for `_`. */
  readonly from: string;
}

/** An interface that others may say something of as one type, with the entities that implement it. */
export interface KeyedInterface {
  /** At the upstream. */
  readonly name: string;
  /** Its name in the graph, once that is known. */
  readonly inGraph?: string;
  readonly types: readonly string[];
}

/** What a source says of entities beyond its own part of them. */
export interface EntityRelations {
  /** Fields that other sources do not give any more. */
  readonly overrides: readonly EntityOverride[];
  /** Interfaces, by the name at the upstream, whose implementations are entities by the interface's key. */
  readonly keyedInterfaces: readonly KeyedInterface[];
  /** Those of its entities that stand for an interface of that name elsewhere: what they have is for all that implement it. */
  readonly interfaceObjects: readonly string[];
}
