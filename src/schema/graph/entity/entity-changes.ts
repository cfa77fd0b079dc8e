import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { SchemaChange } from '../diff.ts';
import { entityOf } from './entity-in-graph.ts';

/**
 * What becomes of the types of entities' fields, and of those of their interfaces, because other sources join or leave:
 * what each source says of its own fields is compared elsewhere.
 */
export function entityChanges(before: GraphQLSchema, after: GraphQLSchema): readonly SchemaChange[] {
  return Object.values(after.getTypeMap()).flatMap((type): readonly SchemaChange[] => {
    const old = before.getType(type.name);
    const isObject = isObjectType(type) && isObjectType(old);
    if (!isObject && !(isInterfaceType(type) && isInterfaceType(old))) return [];
    if (!concernsEntity(type, after) && !concernsEntity(old, before)) return [];
    const fields = type.getFields();
    return Object.values(old.getFields()).flatMap((field): readonly SchemaChange[] => {
      const now = fields[field.name];
      if (now === undefined || String(now.type) === String(field.type)) return [];
      const path = `${type.name}.${field.name}`;
      const criticality = breaks(field.type, now.type) ? 'BREAKING' : 'SAFE';
      const subject = isObject ? "The entity's field" : 'The field of an interface of entities';
      const message = `${subject} ${path} changes from ${String(field.type)} to ${String(now.type)}${why(type, now)}`;
      return [{ criticality, path, message }];
    });
  });
}

function concernsEntity(type: GraphQLNamedType, schema: GraphQLSchema): boolean {
  if (!isInterfaceType(type)) return entityOf(type) !== undefined;
  return schema.getPossibleTypes(type).some((one) => entityOf(one) !== undefined);
}

/** Whose values do not have a field that may be null: for them it has to be fetched. */
function why(type: GraphQLNamedType, field: { readonly name: string; readonly type: GraphQLOutputType }): string {
  const lacking = [...(entityOf(type)?.sides.values() ?? [])]
    .filter(({ brings, fields }) => brings && !fields.has(field.name))
    .map(({ source }) => source);
  if (isNonNullType(field.type) || lacking.length === 0) return '';
  return `: it has to be fetched for every ${type.name} of source ${lacking.join(', ')}`;
}

const NUMBERS: ReadonlySet<string> = new Set(['Int', 'SafeInt', 'BigInt']);

/** Null where there was none, or text where there was a number. A wider type that is written alike breaks nobody. */
function breaks(before: GraphQLOutputType, after: GraphQLOutputType): boolean {
  if (isNonNullType(before)) return !isNonNullType(after) || breaks(before.ofType, after.ofType);
  const inner = isNonNullType(after) ? after.ofType : after;
  if (isListType(before) && isListType(inner)) return breaks(before.ofType, inner.ofType);
  return String(inner) === 'ID' && NUMBERS.has(String(before));
}
