import type { GraphQLArgumentConfig, GraphQLOutputType } from 'graphql';
import type { OperationDescription } from '../source.ts';
import type { Convert } from './fits.ts';

/** A link whose both sides were found to fit: what composing and resolving it take. */
export interface CheckedLink {
  /** The source that answers. */
  readonly target: string;
  readonly operation: OperationDescription;
  /** The type that gets the field, as in the graph. */
  readonly typeName: string;
  readonly field: string;
  readonly description: string | undefined;
  readonly type: GraphQLOutputType;
  readonly args: Readonly<Record<string, GraphQLArgumentConfig>>;
  readonly slots: readonly LinkSlot[];
  /** Set when one argument is the key of the operation's bulk form. */
  readonly key: LinkKey | undefined;
  readonly select: readonly string[];
  /** Paths of parent fields without which the link cannot be answered, selected by the client or not. */
  readonly requires: readonly (readonly string[])[];
}

/** Where one argument of the call comes from. `field` is the path by which it is read from the parent's value. */
export type LinkSlot =
  | {
      readonly from: 'FIELD';
      readonly path: readonly string[];
      readonly field: readonly string[];
      readonly convert: Convert;
    }
  | { readonly from: 'VALUE'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly from: 'ARGUMENT'; readonly path: readonly string[]; readonly argument: string };

export interface LinkKey {
  readonly field: readonly string[];
  readonly convert: Convert;
  /** The parent has a list of keys, and the field gives the list of their items. */
  readonly list: boolean;
}
