import {
  type GraphQLLeafType,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { readByResponseKey } from '../graphql/describe/read-by-response-key.ts';
import { listDepth } from './fits.ts';
import { linkKey } from './link-key.ts';

/** A value that can be read from objects of a type without asking anybody. */
export interface LeafAt {
  readonly ok: true;
  /** The path as it is read from the object's value: sources that are given a selection have it under keys of its own. */
  readonly keys: readonly string[];
  readonly leaf: GraphQLLeafType;
  readonly lists: number;
  readonly type: string;
}

/** Follows a path through objects to a leaf, or to a list of leaves; or says what is in the way. */
export function leafAt(
  type: GraphQLObjectType,
  path: readonly string[],
): LeafAt | { readonly ok: false; readonly message: string } {
  const keys: string[] = [];
  let at = type;
  for (const [depth, step] of path.entries()) {
    const field = at.getFields()[step];
    if (field === undefined) return wrong(`Expected a field of ${at.name}; got ${JSON.stringify(step)}.`);
    const named = getNamedType(field.type);
    const lists = listDepth(field.type);
    const last = depth === path.length - 1;
    if (field.args.some(isRequiredArgument)) {
      return wrong(`Expected a field that needs no arguments; ${at.name}.${step} does.`);
    }
    keys.push(field.resolve === readByResponseKey ? linkKey(step) : step);
    if (last && isLeafType(named)) return { ok: true, keys, leaf: named, lists, type: String(field.type) };
    if (last || lists > 0 || !isObjectType(named)) {
      const expected = last ? 'a leaf or a list of leaves' : 'an object on the way';
      return wrong(`Expected ${expected}; ${at.name}.${step} is ${String(field.type)}.`);
    }
    at = named;
  }
  return wrong(`Expected a field of ${type.name}; got none.`);
}

function wrong(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
