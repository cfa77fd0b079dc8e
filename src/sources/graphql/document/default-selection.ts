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

/** What a call without a selection asks for: every leaf that needs no argument. */
export function defaultSelection(answerType: GraphQLNamedType): CompiledSelection {
  const text = isCompositeType(answerType) ? ` {${leaves(answerType).join(' ')}}` : '';
  return { text, fragments: new Map(), variables: new Map(), key: text, conditions: new Map() };
}

function leaves(type: GraphQLNamedType): readonly string[] {
  const names = isAbstractType(type) ? ['__typename'] : [];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument)) names.push(field.name);
    }
  }
  return names.length === 0 ? ['__typename'] : names;
}
