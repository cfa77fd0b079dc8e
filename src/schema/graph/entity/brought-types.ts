import { type GraphQLNamedType, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { checkEntities, type SourceDescription } from '../../../sources/index.ts';

/**
 * Names of the types whose values a source may bring: those that its root fields lead to, and the fields of entities that
 * it can be asked for. A source that only adds to entities of others brings none of these.
 */
export function broughtTypes(description: SourceDescription): ReadonlySet<string> {
  const { schema } = description;
  const brought = new Set<string>();
  const open: GraphQLNamedType[] = [];
  const lookInto = (type: GraphQLNamedType): void => {
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const field of Object.values(type.getFields())) open.push(getNamedType(field.type));
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root != null) lookInto(root);
  }
  for (const { typeName, fetch } of checkEntities(description).entities) {
    const type = fetch === undefined ? undefined : schema.getType(typeName);
    if (type !== undefined) lookInto(type);
  }
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (brought.has(type.name)) continue;
    brought.add(type.name);
    lookInto(type);
    if (isAbstractType(type)) open.push(...schema.getPossibleTypes(type));
  }
  return brought;
}
