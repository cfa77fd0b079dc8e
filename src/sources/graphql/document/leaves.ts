import { GraphQLID, type GraphQLNamedType, isScalarType } from 'graphql';
import { isPassThrough } from '../describe/scalars.ts';

/** `own`: a scalar that is the upstream's own. `number`: any other leaf, or different ones under the same key. */
export type LeafKind = 'own' | 'id' | 'number';

export function leafKind(type: GraphQLNamedType): LeafKind {
  if (type === GraphQLID) return 'id';
  return isScalarType(type) && isPassThrough(type) ? 'own' : 'number';
}

/** What stands under the keys of an answer, for the integers that only some leaves can carry. */
export class Leaves {
  readonly #kinds = new Map<string, LeafKind>();
  #hasOwn = false;

  note(key: string, type: GraphQLNamedType): void {
    const kind = leafKind(type);
    const before = this.#kinds.get(key);
    this.#kinds.set(key, before === undefined || before === kind ? kind : 'number');
    if (kind === 'own') this.#hasOwn = true;
  }

  /** By key; undefined when no leaf is the upstream's own, so that nobody need look. */
  get found(): ReadonlyMap<string, LeafKind> | undefined {
    return this.#hasOwn ? this.#kinds : undefined;
  }
}
