import type { SchemaPlace, SchemaView } from './schema-view.ts';

interface Intersector {
  intersect(a: SchemaPlace, b: SchemaPlace): SchemaPlace;
}

/**
 * `allOf`: one view that is everything the others are. Properties come in the order of the members, then own ones;
 * what contradicts itself is decided for the one that says more, or comes first.
 */
export function mergeViews(
  own: SchemaView,
  members: readonly SchemaView[],
  identity: object,
  intersector: Intersector,
): SchemaView {
  const all = [...members, own];
  const properties = new Map<string, SchemaPlace>();
  for (const view of all) {
    for (const [name, place] of view.properties) {
      const before = properties.get(name);
      properties.set(name, before === undefined ? place : intersector.intersect(before, place));
    }
  }
  const first = <T>(pick: (view: SchemaView) => T | undefined): T | undefined => {
    for (const view of [own, ...members]) {
      const value = pick(view);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const typed = all.filter((view) => view.types.size > 0);
  return {
    identity,
    pointer: own.pointer,
    types: mergeTypes(typed.map((view) => view.types)),
    nullable: own.nullable || (members.length > 0 && members.every((view) => view.nullable)),
    properties,
    required: new Set(all.flatMap((view) => [...view.required])),
    additional: mergeAdditional(all),
    items: mergeItems(all, intersector),
    tuple: all.some((view) => view.tuple),
    enum: mergeEnums(all.flatMap((view) => (view.enum === undefined ? [] : [view.enum]))),
    constant: first((view) => view.constant),
    format: first((view) => view.format),
    minimum: first((view) => view.minimum),
    maximum: first((view) => view.maximum),
    variants: all.flatMap((view) => view.variants),
    // A discriminator that is inherited tells the heirs apart, it does not make one of them a union.
    discriminator: own.discriminator ?? members.find((view) => view.variants.length > 0)?.discriminator,
    title: first((view) => view.title),
    description: first((view) => view.description),
    deprecated: own.deprecated,
    readOnly: own.readOnly,
    writeOnly: own.writeOnly,
    defaultValue: first((view) => view.defaultValue),
  };
}

function mergeTypes(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [start, ...others] = sets;
  if (start === undefined) return new Set();
  let result = start;
  for (const set of others) {
    const shared = new Set([...result].filter((type) => set.has(type) || (type === 'integer' && set.has('number'))));
    if (result.has('number') && set.has('integer')) shared.add('integer');
    if (shared.size > 0) result = shared;
  }
  return result;
}

function mergeAdditional(views: readonly SchemaView[]): SchemaView['additional'] {
  const typed = views.find((view) => typeof view.additional === 'object');
  if (typed !== undefined) return typed.additional;
  return views.find((view) => view.additional !== undefined)?.additional;
}

function mergeItems(views: readonly SchemaView[], intersector: Intersector): SchemaPlace | undefined {
  let items: SchemaPlace | undefined;
  for (const view of views) {
    if (view.items === undefined) continue;
    items = items === undefined ? view.items : intersector.intersect(items, view.items);
  }
  return items;
}

function mergeEnums(lists: readonly (readonly unknown[])[]): readonly unknown[] | undefined {
  const [start, ...others] = lists;
  if (start === undefined) return undefined;
  let result = start;
  for (const list of others) {
    const shared = result.filter((value) => list.includes(value));
    if (shared.length > 0) result = shared;
  }
  return result;
}
