import type { GraphMember } from '../types.ts';
import type { KeyedSide } from './overrides.ts';

type Sides = Map<string, readonly KeyedSide[]>;

/**
 * Adds to each entity that implements an interface what other sources say of the interface as one type: their side of it
 * is a side of each. They are asked for it as what they know, by the key, and bring no values of the implementations.
 */
export function withInterfaceObjects(found: Sides, members: readonly GraphMember[]): Sides {
  const all: Sides = new Map(found);
  for (const { name: source, description } of members) {
    for (const { name, types } of description.relations?.keyedInterfaces ?? []) {
      const others = (found.get(name) ?? []).filter(
        (side) => side.source !== source && saysOfInterface(side, name, members),
      );
      for (const type of types) {
        const sides = all.get(type) ?? [];
        const added = others.filter((other) => !sides.some((side) => side.source === other.source));
        const more = added.map((side) => ({ ...side, brings: false }));
        if (more.length > 0) all.set(type, [...sides, ...more].sort(bySource));
      }
    }
  }
  return all;
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
