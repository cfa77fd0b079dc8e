import { isObjectType } from 'graphql';
import { checkEntities, type EntityOverride } from '../../../sources/index.ts';
import type { GraphMember, ResolverFactory } from '../types.ts';
import { broughtTypes } from './brought-types.ts';
import type { EntitySide } from './entity-in-graph.ts';
import { withInterfaceObjects } from './interface-objects.ts';
import { type KeyedSide, lessOverridden } from './overrides.ts';

type Entities = ReadonlyMap<string, readonly EntitySide[]>;

/**
 * The types that several of these members declare as entities, each with its sides in the order of the members. `shared`:
 * those that are entities in the whole graph. Of these a single side counts, too, if it computes fields of what the
 * others know.
 */
export function findEntities(
  members: Iterable<GraphMember>,
  resolvers: ResolverFactory,
  shared: ReadonlySet<string> = NONE,
): Entities {
  const all = [...members];
  const own = new Map<string, KeyedSide[]>();
  const overrides = new Map<string, readonly EntityOverride[]>();
  for (const member of all) {
    const { relations } = member.description;
    if (relations !== undefined) overrides.set(member.name, relations.overrides);
    for (const side of sidesOf(member, resolvers)) {
      const known = own.get(side.type.name);
      if (known === undefined) own.set(side.type.name, [side]);
      else known.push(side);
    }
  }
  const found = withInterfaceObjects(own, all);
  for (const [name, sides] of found) {
    if (sides.length < 2 && !(shared.has(name) && sides.some(computes))) found.delete(name);
  }
  if (overrides.size === 0) return found;
  return new Map([...found].map(([name, sides]) => [name, lessOverridden(sides, overrides)]));
}

const NONE: ReadonlySet<string> = new Set();

function computes({ type, fields }: EntitySide): boolean {
  return Object.keys(type.getFields()).some((field) => !fields.has(field));
}

const knownSides = new WeakMap<GraphMember, { readonly resolvers: ResolverFactory; readonly sides: KeyedSide[] }>();

function sidesOf(member: GraphMember, resolvers: ResolverFactory): readonly KeyedSide[] {
  if (member.description.entities === undefined) return [];
  const known = knownSides.get(member);
  if (known?.resolvers === resolvers) return known.sides;
  const { name: source, description } = member;
  const byType = Map.groupBy(checkEntities(description).entities, ({ typeName }) => typeName);
  const brought = byType.size === 0 ? undefined : broughtTypes(description);
  const sides = [...byType].flatMap(([typeName, entities]): KeyedSide[] => {
    const type = description.schema.getType(typeName);
    if (!isObjectType(type)) return [];
    const fetches = entities.flatMap(({ fetch }) => fetch ?? []);
    const computed = new Set(fetches.flatMap((fetch) => (fetch.computed ? [...fetch.fields] : [])));
    const fields = new Set(Object.keys(type.getFields()).filter((field) => !computed.has(field)));
    const providers = fetches.map((fetch) => ({
      source,
      type,
      fetch,
      fields: fetch.computed ? fetch.fields : new Set([...fetch.fields].filter((field) => fields.has(field))),
      load: resolvers.entity(source, typeName, fetch),
    }));
    const keys = entities.flatMap(({ key }) => key);
    const brings = brought?.has(typeName) === true;
    return [{ source, schema: description.schema, type, fields, keys, brings, providers }];
  });
  knownSides.set(member, { resolvers, sides });
  return sides;
}
