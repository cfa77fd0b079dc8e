import {
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLUnionType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { CheckedLink } from '../../sources/index.ts';
import { deprecationText } from './deprecation-text.ts';
import { linkExtensions } from './field-mark.ts';
import type { GraphFieldConfig, GraphPart } from './graph-part.ts';
import type { GraphMember, ResolverFactory } from './types.ts';

/** A link that is in the graph, with the source whose type it adds to. */
export interface ActiveLink {
  readonly source: string;
  readonly checked: CheckedLink;
}

/**
 * The parts with the links' fields added to their types. A part without links comes back as it is, sharing its types
 * with all versions and views; of a part with links, every type that can refer to another is made anew, so that what
 * refers to an extended type means the extended one. Types are filled when the schema is made.
 */
export function linkedParts(
  parts: ReadonlyMap<string, GraphPart>,
  links: readonly ActiveLink[],
  members: ReadonlyMap<string, GraphMember>,
  resolvers: ResolverFactory,
): readonly GraphPart[] {
  if (links.length === 0) return [...parts.values()];
  const linked = new Set(links.map(({ source }) => source));
  const byType = Map.groupBy(links, ({ source, checked }) => `${source}/${checked.typeName}`);
  /** The new type by the old one, over all parts: a link of one source leads to types of another. */
  const renewed = new Map<GraphQLNamedType, GraphQLNamedType>();

  const again = (type: GraphQLOutputType): GraphQLOutputType => {
    if (isNonNullType(type)) return new GraphQLNonNull(again(type.ofType) as never);
    if (isListType(type)) return new GraphQLList(again(type.ofType));
    return (renewed.get(type) as GraphQLOutputType | undefined) ?? type;
  };
  const fieldsAgain = (fields: Readonly<Record<string, GraphFieldConfig>>): Record<string, GraphFieldConfig> =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, type: again(field.type) }]));
  const interfacesAgain = (interfaces: readonly GraphQLInterfaceType[]): GraphQLInterfaceType[] =>
    interfaces.map((type) => again(type) as GraphQLInterfaceType);

  const linkFields = (source: string, type: GraphQLObjectType): Record<string, GraphFieldConfig> => {
    const fields: Record<string, GraphFieldConfig> = {};
    for (const { checked } of byType.get(`${source}/${type.name}`) ?? []) {
      const { target, operation, description } = checked;
      fields[checked.field] = {
        type: again(checked.type),
        args: checked.args,
        description,
        deprecationReason: deprecationText(members.get(target)?.deprecation, operation.deprecated),
        resolve: resolvers.link(checked),
        extensions: linkExtensions({ source: target, operation: operation.name }, checked.requires),
      };
    }
    return fields;
  };

  const renew = (source: string, type: GraphQLNamedType): GraphQLNamedType => {
    // Asked for its fields only when it is first used, as types are that are shared.
    const { name, description, extensions } = type;
    const named = { name, description, extensions };
    if (isObjectType(type)) {
      return new GraphQLObjectType({
        ...named,
        isTypeOf: type.isTypeOf,
        astNode: type.astNode,
        fields: () => ({ ...fieldsAgain(type.toConfig().fields), ...linkFields(source, type) }),
        interfaces: () => interfacesAgain(type.getInterfaces()),
      });
    }
    if (isInterfaceType(type)) {
      return new GraphQLInterfaceType({
        ...named,
        resolveType: type.resolveType,
        astNode: type.astNode,
        fields: () => fieldsAgain(type.toConfig().fields),
        interfaces: () => interfacesAgain(type.getInterfaces()),
      });
    }
    if (isUnionType(type)) {
      return new GraphQLUnionType({
        ...named,
        resolveType: type.resolveType,
        astNode: type.astNode,
        types: () => type.getTypes().map((member) => again(member) as GraphQLObjectType),
      });
    }
    return type;
  };

  for (const [source, part] of parts) {
    if (!linked.has(source)) continue;
    for (const type of part.types) renewed.set(type, renew(source, type));
  }
  return [...parts].map(([source, part]) =>
    linked.has(source)
      ? {
          place: part.place,
          query: fieldsAgain(part.query),
          mutation: fieldsAgain(part.mutation),
          subscription: fieldsAgain(part.subscription),
          types: part.types.map((type) => renewed.get(type) ?? type),
        }
      : part,
  );
}
