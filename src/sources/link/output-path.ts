import { GraphQLList, type GraphQLOutputType, getNullableType, isListType, isObjectType, isScalarType } from 'graphql';

/**
 * The type that a path of fields gives, nullable throughout; a list on the way gives the list of what lies in its items.
 * Undefined when it leads nowhere.
 */
export function selectedType(type: GraphQLOutputType, path: readonly string[]): GraphQLOutputType | undefined {
  const at = getNullableType(type);
  const [step, ...rest] = path;
  if (step === undefined) return at;
  if (isListType(at)) {
    const inner = selectedType(at.ofType, path);
    return inner && new GraphQLList(inner);
  }
  if (isScalarType(at) && at.name === 'JSON') return at;
  const field = isObjectType(at) ? at.getFields()[step] : undefined;
  return field && selectedType(field.type, rest);
}

/** The value at a path, through lists; an error on the way is the value. */
export function selectedValue(value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map((item) => selectedValue(item, path));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
  return selectedValue((value as Readonly<Record<string, unknown>>)[step], rest);
}
