import { getNullableType } from 'graphql';
import { deprecationText } from '../deprecation-text.ts';
import type { GraphFieldConfig } from '../graph-part.ts';
import type { GraphMember } from '../types.ts';
import { combineTypes } from './combine-types.ts';
import type { EntitySide } from './entity-in-graph.ts';
import { fieldsOfSide } from './overrides.ts';

/**
 * The fields of all sides of an entity. One that not all values have, whichever side brings them, may have to be fetched,
 * so it is nullable: a source that is down takes nothing else with it. Types are those of the sources.
 */
export function mergeFields(
  sides: Iterable<EntitySide>,
  members: ReadonlyMap<string, GraphMember>,
): Record<string, GraphFieldConfig> {
  const all = [...sides];
  const given = new Map(all.map((side) => [side, fieldsOfSide(side)]));
  const names = new Set([...given.values()].flatMap((fields) => Object.keys(fields)));
  const merged: Record<string, GraphFieldConfig> = {};
  for (const name of names) {
    const owners = all.filter((side) => given.get(side)?.[name] !== undefined);
    const configs = owners.map((side) => given.get(side)?.[name] as GraphFieldConfig);
    const [first, ...others] = configs;
    const [owner] = owners;
    if (first === undefined || owner === undefined) continue;
    const combined = others.reduce((type, { type: other }) => combineTypes(type, other) ?? type, first.type);
    // Where its value is read depends on the source that the object came from.
    const { resolve: _resolve, ...config } = first;
    merged[name] = {
      ...config,
      type: all.every(({ brings, fields }) => !brings || fields.has(name)) ? combined : getNullableType(combined),
      description: configs.find(({ description }) => description != null)?.description,
      deprecationReason:
        owners.length === 1
          ? deprecationText(members.get(owner.source)?.deprecation, first.deprecationReason)
          : first.deprecationReason,
    };
  }
  return merged;
}
