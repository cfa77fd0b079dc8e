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
import {
  EntityInGraph,
  type EntityLink,
  type EntitySide,
  entityExtensions,
  findEntities,
  loosened,
  mergeFields,
} from './entity/index.ts';
import { linkExtensions } from './field-mark.ts';
import type { GraphFieldConfig, GraphPart } from './graph-part.ts';
import type { GraphMember, ResolverFactory } from './types.ts';

/** A link that is in the graph, with the source whose type it adds to. */
export interface ActiveLink {
  readonly source: string;
  readonly checked: CheckedLink;
}

/**
 * The parts with the links' fields added to their types, and the sides of each entity made one type. A part without
 * either comes back as it is, sharing its types with all versions and views; of the others every type that can refer to
 * another is made anew, so that what refers to an extended type means the extended one. Types are filled when the
 * schema is made.
 */
export function linkedParts(
  parts: ReadonlyMap<string, GraphPart>,
  links: readonly ActiveLink[],
  members: ReadonlyMap<string, GraphMember>,
  resolvers: ResolverFactory,
): readonly GraphPart[] {
  const present = [...parts.keys()].flatMap((name) => members.get(name) ?? []);
  const entities = findEntities(present, resolvers);
  if (links.length === 0 && entities.size === 0) return [...parts.values()];
  const joined = new Set(links.map(({ source }) => source));
  for (const sides of entities.values()) for (const { source } of sides) joined.add(source);
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

  const mergedFields = new Map<string, Readonly<Record<string, GraphFieldConfig>>>();
  const mergedOf = (name: string): Readonly<Record<string, GraphFieldConfig>> => {
    const known = mergedFields.get(name) ?? mergeFields(entities.get(name) ?? [], members);
    mergedFields.set(name, known);
    return known;
  };
  /** A field of an entity may be nullable where the interface of one of its sources says it is not. */
  const implementable = (type: GraphQLInterfaceType): Readonly<Record<string, GraphFieldConfig>> => {
    const { fields } = type.toConfig();
    for (const [name, sides] of entities) {
      if (!sides.some((side) => side.type.getInterfaces().includes(type))) continue;
      const merged = mergedOf(name);
      for (const [field, config] of Object.entries(fields)) {
        const by = merged[field];
        if (by !== undefined) fields[field] = { ...config, type: loosened(config.type, by.type) };
      }
    }
    return fields;
  };

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
        fields: () => fieldsAgain(implementable(type)),
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

  const merge = (name: string, sides: readonly EntitySide[]): GraphQLObjectType => {
    const entityLinks = new Map<string, EntityLink>();
    for (const { source } of sides) {
      for (const { checked } of byType.get(`${source}/${name}`) ?? []) {
        if (!entityLinks.has(checked.field)) entityLinks.set(checked.field, { source, requires: checked.requires });
      }
    }
    return new GraphQLObjectType({
      name,
      description: sides.find(({ type }) => type.description != null)?.type.description,
      extensions: entityExtensions(new EntityInGraph(name, sides, entityLinks)),
      fields: () => {
        const own = fieldsAgain(mergedOf(name));
        const added = sides.toReversed().map(({ source, type }) => linkFields(source, type));
        return Object.assign({}, ...added, own);
      },
      interfaces: () => sides.flatMap(({ type }) => interfacesAgain(type.getInterfaces())),
    });
  };

  for (const [source, part] of parts) {
    if (!joined.has(source)) continue;
    for (const type of part.types) renewed.set(type, renew(source, type));
  }
  for (const [name, sides] of entities) {
    const merged = merge(name, sides);
    for (const { type } of sides) renewed.set(type, merged);
  }
  return [...parts].map(([source, part]) =>
    joined.has(source)
      ? {
          ...part,
          query: fieldsAgain(part.query),
          mutation: fieldsAgain(part.mutation),
          subscription: fieldsAgain(part.subscription),
          types: part.types.map((type) => renewed.get(type) ?? type),
        }
      : part,
  );
}
