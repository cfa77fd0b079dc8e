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
  addedToInterface,
  EntityInGraph,
  type EntityLink,
  type EntitySide,
  entityExtensions,
  findEntities,
  gapKey,
  loosened,
  mergeFields,
} from './entity/index.ts';
import { linkExtensions } from './field-mark.ts';
import type { GraphFieldConfig, GraphPart } from './graph-part.ts';
import type { GraphMember, GraphVersion, ResolverFactory } from './types.ts';

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
  whole: Pick<GraphVersion, 'gaps'> & { readonly entities: ReadonlySet<string> },
): readonly GraphPart[] {
  const present = [...parts.keys()].flatMap((name) => members.get(name) ?? []);
  const entities = findEntities(present, resolvers, whole.entities);
  if (links.length === 0 && entities.size === 0) return [...parts.values()];
  const gaps = new Set(whole.gaps.map(({ producer, path }) => gapKey(producer, path)));
  return new PartJoiner({ links, entities, members, resolvers, gaps }).join(parts);
}

interface Joined {
  readonly links: readonly ActiveLink[];
  readonly entities: ReadonlyMap<string, readonly EntitySide[]>;
  readonly members: ReadonlyMap<string, GraphMember>;
  readonly resolvers: ResolverFactory;
  /** What cannot be had in the whole graph. */
  readonly gaps: ReadonlySet<string>;
}

type Fields = Readonly<Record<string, GraphFieldConfig>>;

/** Makes the types of one view anew. */
class PartJoiner {
  readonly #joined: Joined;
  readonly #linksByType: ReadonlyMap<string, readonly ActiveLink[]>;
  /** The new type by the old one, over all parts: a link of one source leads to types of another. */
  readonly #renewed = new Map<GraphQLNamedType, GraphQLNamedType>();
  readonly #merged = new Map<string, Fields>();

  constructor(joined: Joined) {
    this.#joined = joined;
    this.#linksByType = Map.groupBy(joined.links, ({ source, checked }) => `${source}/${checked.typeName}`);
  }

  join(parts: ReadonlyMap<string, GraphPart>): readonly GraphPart[] {
    const { links, entities } = this.#joined;
    const sides = [...entities.values()].flat();
    const touched = new Set([...links, ...sides].map(({ source }) => source));
    for (const [source, part] of parts) {
      if (!touched.has(source)) continue;
      for (const type of part.types) this.#renewed.set(type, this.#renew(source, type));
    }
    for (const [name, ofEntity] of entities) {
      const merged = this.#merge(name, ofEntity);
      // One that says something of all implementations of an interface stays its source's own type as well.
      for (const { type } of ofEntity) if (type.name === name) this.#renewed.set(type, merged);
    }
    return [...parts].map(([source, part]) => (touched.has(source) ? this.#partAgain(part) : part));
  }

  #partAgain(part: GraphPart): GraphPart {
    return {
      ...part,
      query: this.#fieldsAgain(part.query),
      mutation: this.#fieldsAgain(part.mutation),
      subscription: this.#fieldsAgain(part.subscription),
      types: part.types.map((type) => this.#renewed.get(type) ?? type),
    };
  }

  #again(type: GraphQLOutputType): GraphQLOutputType {
    if (isNonNullType(type)) return new GraphQLNonNull(this.#again(type.ofType) as never);
    if (isListType(type)) return new GraphQLList(this.#again(type.ofType));
    return (this.#renewed.get(type) as GraphQLOutputType | undefined) ?? type;
  }

  #fieldsAgain(fields: Fields): Record<string, GraphFieldConfig> {
    const entries = Object.entries(fields);
    return Object.fromEntries(entries.map(([name, field]) => [name, { ...field, type: this.#again(field.type) }]));
  }

  #interfacesAgain(interfaces: readonly GraphQLInterfaceType[]): GraphQLInterfaceType[] {
    return interfaces.map((type) => this.#again(type) as GraphQLInterfaceType);
  }

  /** Asked for its fields only when it is first used, as types are that are shared. */
  #renew(source: string, type: GraphQLNamedType): GraphQLNamedType {
    const { name, description, extensions } = type;
    const named = { name, description, extensions };
    if (isObjectType(type)) {
      return new GraphQLObjectType({
        ...named,
        isTypeOf: type.isTypeOf,
        astNode: type.astNode,
        fields: () => ({ ...this.#fieldsAgain(type.toConfig().fields), ...this.#linkFields(source, type) }),
        interfaces: () => this.#interfacesAgain(type.getInterfaces()),
      });
    }
    if (isInterfaceType(type)) {
      return new GraphQLInterfaceType({
        ...named,
        resolveType: type.resolveType,
        astNode: type.astNode,
        fields: () =>
          this.#fieldsAgain({
            ...addedToInterface(type, this.#joined.entities, (entity) => this.#mergedFields(entity)),
            ...this.#implementable(type),
          }),
        interfaces: () => this.#interfacesAgain(type.getInterfaces()),
      });
    }
    if (isUnionType(type)) {
      return new GraphQLUnionType({
        ...named,
        resolveType: type.resolveType,
        astNode: type.astNode,
        types: () => type.getTypes().map((member) => this.#again(member) as GraphQLObjectType),
      });
    }
    return type;
  }

  #linkFields(source: string, type: GraphQLObjectType): Record<string, GraphFieldConfig> {
    const { members, resolvers } = this.#joined;
    const fields: Record<string, GraphFieldConfig> = {};
    for (const { checked } of this.#linksByType.get(`${source}/${type.name}`) ?? []) {
      const { target, operation, description } = checked;
      fields[checked.field] = {
        type: this.#again(checked.type),
        args: checked.args,
        description,
        deprecationReason: deprecationText(members.get(target)?.deprecation, operation.deprecated),
        resolve: resolvers.link(checked),
        extensions: linkExtensions({ source: target, operation: operation.name }, checked.requires),
      };
    }
    return fields;
  }

  #merge(name: string, sides: readonly EntitySide[]): GraphQLObjectType {
    const links = new Map<string, EntityLink>();
    for (const { source } of sides) {
      for (const { checked } of this.#linksByType.get(`${source}/${name}`) ?? []) {
        if (!links.has(checked.field)) links.set(checked.field, { source, requires: checked.requires });
      }
    }
    const entity = new EntityInGraph(name, sides, links, this.#joined.gaps);
    return new GraphQLObjectType({
      name,
      description: sides.find(({ type }) => type.description != null)?.type.description,
      extensions: entityExtensions(entity),
      fields: () => {
        const added = sides.toReversed().map(({ source, type }) => this.#linkFields(source, type));
        const fields = Object.assign({}, ...added, this.#fieldsAgain(this.#mergedFields(name)));
        for (const field of hiddenEverywhere(entity, Object.keys(fields))) delete fields[field];
        return fields;
      },
      interfaces: () => sides.flatMap(({ type }) => this.#interfacesAgain(type.getInterfaces())),
    });
  }

  #mergedFields(entity: string): Fields {
    let fields = this.#merged.get(entity);
    if (fields === undefined) {
      const { entities, members } = this.#joined;
      fields = mergeFields(entities.get(entity) ?? [], members);
      this.#merged.set(entity, fields);
    }
    return fields;
  }

  /** A field of an entity may be nullable where the interface of one of its sources says it is not. */
  #implementable(type: GraphQLInterfaceType): Fields {
    const { fields } = type.toConfig();
    for (const [name, sides] of this.#joined.entities) {
      if (!sides.some((side) => side.type.getInterfaces().includes(type))) continue;
      const merged = this.#mergedFields(name);
      for (const [field, config] of Object.entries(fields)) {
        const by = merged[field];
        if (by !== undefined) fields[field] = { ...config, type: loosened(config.type, by.type) };
      }
    }
    return fields;
  }
}

/** Fields that are there for the values of no source, as one that would lead to them is not seen. */
function hiddenEverywhere(entity: EntityInGraph, fields: readonly string[]): readonly string[] {
  const sides = [...entity.sides.values()];
  const bringing = sides.filter(({ brings }) => brings);
  if (bringing.length === 0) return [];
  // What an interface has must be there.
  const kept = new Set(
    sides.flatMap(({ type }) => type.getInterfaces().flatMap((one) => Object.keys(one.getFields()))),
  );
  return fields.filter((field) => !kept.has(field) && bringing.every(({ source }) => entity.isHidden(source, field)));
}
