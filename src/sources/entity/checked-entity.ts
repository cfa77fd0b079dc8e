import type { GraphQLAbstractType, GraphQLInputType } from 'graphql';
import type { OperationDescription } from '../source.ts';

/** A declaration that fits its own source. */
export interface CheckedEntity {
  /** The entity's type, as in the graph. */
  readonly typeName: string;
  readonly key: readonly (readonly string[])[];
  /** Undefined: the source only refers to the entity. */
  readonly fetch: CheckedFetch | undefined;
}

/** How a source gives an entity to whoever has what `needs` says. */
export interface CheckedFetch {
  readonly operation: OperationDescription;
  /** Fields of the entity, of whatever source, that the call is made of; each once. */
  readonly needs: readonly EntityNeed[];
  readonly slots: readonly EntitySlot[];
  /** Set when one argument is the key of the operation's bulk form. */
  readonly bulk: EntitySlot | undefined;
  /** Path in the answer to the entity. */
  readonly select: readonly string[];
  /** The type of what is found there, when it may be of other types as well. */
  readonly abstract: GraphQLAbstractType | undefined;
  readonly fields: ReadonlySet<string>;
  /**
   * Its fields are made of what other sources know: the source's own values do not have them, and no other operation
   * of it gives them.
   */
  readonly computed: boolean;
}

export interface EntityNeed {
  readonly path: readonly string[];
  /** What its value is turned into; undefined: it goes as it is written in answers. */
  readonly type: GraphQLInputType | undefined;
  /** Without it there is no entity to ask for. Others may be null. */
  readonly required: boolean;
}

/** One argument of the call. Numbers are places in `needs`. */
export type EntitySlot =
  | { readonly from: 'FIELD'; readonly path: readonly string[]; readonly need: number }
  | {
      readonly from: 'FIELDS';
      readonly path: readonly string[];
      /** Where in the object each stands. */
      readonly fields: readonly { readonly path: readonly string[]; readonly need: number }[];
      readonly typename: string | undefined;
    }
  | { readonly from: 'VALUE'; readonly path: readonly string[]; readonly value: unknown };
