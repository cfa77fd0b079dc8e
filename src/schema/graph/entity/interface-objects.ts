import { type GraphQLInterfaceType, getNullableType } from 'graphql';
import type { GraphFieldConfig } from '../graph-part.ts';
import type { GraphMember } from '../types.ts';
import type { EntitySide } from './entity-in-graph.ts';
import type { KeyedSide } from './overrides.ts';

type Sides = Map<string, readonly KeyedSide[]>;

/**
 * Adds to each entity that implements an interface what other sources say of the interface as one type: their side of it
 * is a side of each. They are asked for it as what they know, by the key, and bring no values of the implementations.
 */
export function withInterfaceObjects(found: Sides, members: readonly GraphMember[]): Sides {
  const all: Sides = new Map(found);
  for (const { name: source, description } of members) {
    for (const { name, types, inGraph } of description.relations?.keyedInterfaces ?? []) {
      const others = (found.get(name) ?? []).filter(
        (side) => side.source !== source && saysOfInterface(side, name, members),
      );
      for (const type of types) {
        const sides = all.get(type) ?? [];
        const added = others.filter((other) => !sides.some((side) => side.source === other.source));
        const more = added.map((side) => ({ ...side, brings: false, ofInterface: inGraph ?? name }));
        if (more.length > 0) all.set(type, [...sides, ...more].sort(bySource));
      }
    }
  }
  return all;
}

type Fields = Readonly<Record<string, GraphFieldConfig>>;

/**
 * What others add to an interface itself: fields that all which implement it have by them, of one type. Where an interface
 * implements it in turn nothing is added.
 */
export function addedToInterface(
  type: GraphQLInterfaceType,
  entities: ReadonlyMap<string, readonly EntitySide[]>,
  mergedFields: (entity: string) => Fields,
): Fields {
  const own = [...entities].flatMap(([name, sides]) =>
    sides.filter((side) => side.type.name === name && side.type.getInterfaces().includes(type)),
  );
  const schema = own[0]?.schema;
  if (schema === undefined || schema.getImplementations(type).interfaces.length > 0) return {};
  const members = schema.getPossibleTypes(type).map(({ name }) => {
    const side = own.find((one) => one.type.name === name);
    const others = (entities.get(name) ?? []).filter(({ ofInterface }) => ofInterface === type.name);
    // What is not given by what each has itself may not be there for who sees less.
    const given = others.flatMap(({ providers }) =>
      providers.flatMap(({ fetch, fields }) =>
        fetch.needs.every(({ path: [first = ''] }) => side?.fields.has(first) === true) ? [...fields] : [],
      ),
    );
    return { given: new Set(given), fields: mergedFields(name) };
  });
  const [first] = members;
  const added: Record<string, GraphFieldConfig> = {};
  for (const name of first?.given ?? []) {
    const config = first?.fields[name];
    const types = new Set(
      members.map(({ given, fields }) => (given.has(name) ? String(fields[name]?.type) : undefined)),
    );
    if (config === undefined || types.size > 1 || type.getFields()[name] !== undefined) continue;
    added[name] = { ...config, type: getNullableType(config.type) };
  }
  return added;
}

function saysOfInterface({ source }: KeyedSide, name: string, members: readonly GraphMember[]): boolean {
  return (
    members.find((member) => member.name === source)?.description.relations?.interfaceObjects.includes(name) === true
  );
}

/** By code point, as members are. */
function bySource(a: KeyedSide, b: KeyedSide): number {
  return a.source < b.source ? -1 : a.source > b.source ? 1 : 0;
}
