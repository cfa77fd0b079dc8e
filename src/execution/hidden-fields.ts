import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { entityOf, fieldMark, hasHiddenFields } from '../schema/index.ts';

/**
 * Fields of entities that a valid document asks for where they are not: the type has them, for the values of some source,
 * and no source that the caller may see leads to them from those that stand there. Errors as of validation.
 */
export function hiddenFields(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  if (!hasHiddenFields(schema)) return [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const errors = new Map<FieldNode, GraphQLError>();
  const visited = new Map<SelectionSetNode, Set<string>>();
  for (const node of document.definitions) {
    const root = node.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(node.operation) : undefined;
    if (node.kind === Kind.OPERATION_DEFINITION && root != null) look(node.selectionSet, [root], undefined);
  }
  return [...errors.values()];

  /** `types`: of the objects that may stand here; `producer`: the source that they come from. */
  function look(set: SelectionSetNode, types: readonly GraphQLObjectType[], producer: string | undefined): void {
    const place = `${producer ?? ''} ${types.map(({ name }) => name).join(' ')}`;
    const known = visited.get(set) ?? new Set();
    if (types.length === 0 || known.has(place)) return;
    visited.set(set, known.add(place));
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        for (const type of types) field(node, type, producer);
        continue;
      }
      const part = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (part !== undefined) look(part.selectionSet, narrowed(types, part.typeCondition?.name.value), producer);
    }
  }

  function field(node: FieldNode, type: GraphQLObjectType, producer: string | undefined): void {
    const { value: name } = node.name;
    const definition = type.getFields()[name];
    if (definition === undefined) return;
    const entity = producer === undefined ? undefined : entityOf(type);
    const isShared = producer !== undefined && entity?.sides.has(producer) === true;
    if (isShared && entity.isHidden(producer, name)) {
      const message = `Cannot query field "${name}" on type "${type.name}" here: nothing leads to it from what ${producer} knows.`;
      errors.set(node, new GraphQLError(message, { nodes: node }));
      return;
    }
    if (node.selectionSet === undefined) return;
    const below = getNamedType(definition.type);
    const types = isAbstractType(below) ? schema.getPossibleTypes(below) : isObjectType(below) ? [below] : [];
    const marked = fieldMark(definition)?.source;
    const sources = marked !== undefined || !isShared ? [marked ?? producer] : entity.sourcesOf(producer, name);
    for (const source of sources) look(node.selectionSet, types, source);
  }

  function narrowed(types: readonly GraphQLObjectType[], condition: string | undefined): readonly GraphQLObjectType[] {
    const named = condition === undefined ? undefined : schema.getType(condition);
    if (named === undefined) return types;
    return types.filter((type) => type === named || (isAbstractType(named) && schema.isSubType(named, type)));
  }
}
