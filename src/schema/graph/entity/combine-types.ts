import { GraphQLList, GraphQLNonNull, type GraphQLOutputType, isListType, isNonNullType } from 'graphql';

/** What writes the values of others too: one source's number of a book may be another's ID. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  ID: ['String', 'Int', 'SafeInt', 'BigInt'],
  SafeInt: ['Int'],
  Float: ['Int'],
};

/**
 * The type of a field that two sources have: the same one or the wider one, nullable wherever it is for one of them.
 * Undefined when the two differ in more than that.
 */
export function combineTypes(a: GraphQLOutputType, b: GraphQLOutputType): GraphQLOutputType | undefined {
  if (isNonNullType(a) && isNonNullType(b)) {
    const inner = combineTypes(a.ofType, b.ofType);
    return inner && new GraphQLNonNull(inner as never);
  }
  if (isNonNullType(a)) return combineTypes(a.ofType, b);
  if (isNonNullType(b)) return combineTypes(a, b.ofType);
  if (isListType(a) && isListType(b)) {
    const inner = combineTypes(a.ofType, b.ofType);
    return inner && new GraphQLList(inner);
  }
  if (isListType(a) || isListType(b)) return undefined;
  // Names are enough: in a graph a name has one type.
  if (a.name === b.name || WIDER[a.name]?.includes(b.name)) return a;
  return WIDER[b.name]?.includes(a.name) ? b : undefined;
}

/** `type`, nullable wherever `by` is: what an interface must say so that a field of type `by` may implement it. */
export function loosened(type: GraphQLOutputType, by: GraphQLOutputType): GraphQLOutputType {
  if (isNonNullType(type)) {
    return isNonNullType(by)
      ? new GraphQLNonNull(loosened(type.ofType, by.ofType) as never)
      : loosened(type.ofType, by);
  }
  const inner = isNonNullType(by) ? by.ofType : by;
  return isListType(type) && isListType(inner) ? new GraphQLList(loosened(type.ofType, inner.ofType)) : type;
}
