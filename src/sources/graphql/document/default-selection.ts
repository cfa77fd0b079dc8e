import {
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { CompiledSelection } from './compile-selection.ts';
import { Leaves } from './leaves.ts';

/** What a call without a selection asks for: every leaf that needs no argument. */
export function defaultSelection(answerType: GraphQLNamedType): CompiledSelection {
  const kinds = new Leaves();
  if (!isCompositeType(answerType)) kinds.note('', answerType);
  const text = isCompositeType(answerType) ? ` {${leaves(answerType, kinds).join(' ')}}` : '';
  return { text, fragments: new Map(), variables: new Map(), key: text, leaves: kinds.found, conditions: new Map() };
}

function leaves(type: GraphQLNamedType, kinds: Leaves): readonly string[] {
  const names = isAbstractType(type) ? ['__typename'] : [];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const leaf = getNamedType(field.type);
      if (!isLeafType(leaf) || field.args.some(isRequiredArgument)) continue;
      names.push(field.name);
      kinds.note(field.name, leaf);
    }
  }
  return names.length === 0 ? ['__typename'] : names;
}
