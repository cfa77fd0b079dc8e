import { type GraphQLOutputType, type GraphQLSchema, isListType, isNonNullType, isObjectType } from 'graphql';
import type { SchemaChange } from '../diff.ts';
import { entityOf } from './entity-in-graph.ts';

/**
 * What becomes of the types of entities' fields because other sources join or leave: what each source says of its own
 * fields is compared elsewhere.
 */
export function entityChanges(before: GraphQLSchema, after: GraphQLSchema): readonly SchemaChange[] {
  return Object.values(after.getTypeMap()).flatMap((type): readonly SchemaChange[] => {
    const old = before.getType(type.name);
    if (!isObjectType(type) || !isObjectType(old)) return [];
    if (entityOf(type) === undefined && entityOf(old) === undefined) return [];
    const fields = type.getFields();
    return Object.values(old.getFields()).flatMap((field): readonly SchemaChange[] => {
      const now = fields[field.name];
      if (now === undefined || String(now.type) === String(field.type)) return [];
      const path = `${type.name}.${field.name}`;
      const criticality = breaks(field.type, now.type) ? 'BREAKING' : 'SAFE';
      const message = `The entity's field ${path} changes from ${String(field.type)} to ${String(now.type)}`;
      return [{ criticality, path, message }];
    });
  });
}

const NUMBERS: ReadonlySet<string> = new Set(['Int', 'SafeInt', 'BigInt']);

/** Null where there was none, or text where there was a number. A wider type that is written alike breaks nobody. */
function breaks(before: GraphQLOutputType, after: GraphQLOutputType): boolean {
  if (isNonNullType(before)) return !isNonNullType(after) || breaks(before.ofType, after.ofType);
  const inner = isNonNullType(after) ? after.ofType : after;
  if (isListType(before) && isListType(inner)) return breaks(before.ofType, inner.ofType);
  return String(inner) === 'ID' && NUMBERS.has(String(before));
}
