import { Kind, type ObjectTypeDefinitionNode } from 'graphql';
import type { EntitySpec } from '../../entity/index.ts';
import { hasDirective } from './directives.ts';
import { fieldsOf, isList, namedType, type Types } from './field-set.ts';

const OBJECTS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
]);

/**
 * Types without a key that several subgraphs may have as the same type: those that are `@shareable`, and the objects
 * inside of keys. They are entities that nobody gives by key; what tells one from another is never asked for.
 */
export function valueTypes(
  types: Iterable<ObjectTypeDefinitionNode>,
  all: Types,
  inKeys: ReadonlySet<string>,
): readonly EntitySpec[] {
  return [...types].flatMap((type): readonly EntitySpec[] => {
    const fields = fieldsOf(type);
    const isShared =
      hasDirective('shareable', type) ||
      fields.every((field) => hasDirective('shareable', field) || inKeys.has(`${type.name.value}.${field.name.value}`));
    const leaf = fields.find((field) => {
      const of = all.get(namedType(field.type).name.value);
      const isLeaf = of === undefined || !OBJECTS.has(of.kind);
      return isLeaf && !isList(field.type) && (field.arguments ?? []).length === 0;
    });
    return isShared && leaf !== undefined ? [{ type: type.name.value, key: [leaf.name.value] }] : [];
  });
}
