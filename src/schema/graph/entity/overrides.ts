import type { Problem } from '../../../errors/index.ts';
import { type EntityOverride, isCalled } from '../../../sources/index.ts';
import type { GraphFieldConfig } from '../graph-part.ts';
import type { GraphMember } from '../types.ts';
import type { EntitySide } from './entity-in-graph.ts';

/** By source: the fields of an entity that it gives in another source's stead. */
export type Overrides = ReadonlyMap<string, readonly EntityOverride[]>;

/** A side, and the paths of all keys that its source knows the entity by. */
export interface KeyedSide extends EntitySide {
  readonly keys: readonly (readonly string[])[];
}

/** The sides of an entity, each less the fields that another of them has taken over. A source that is not among them loses nothing. */
export function lessOverridden(sides: readonly KeyedSide[], overrides: Overrides): readonly EntitySide[] {
  return sides.map((side) => {
    const takenOver = takenFrom(side, sides, overrides);
    if (takenOver.size === 0) return side;
    const left = (fields: ReadonlySet<string>): ReadonlySet<string> =>
      new Set([...fields].filter((field) => !takenOver.has(field)));
    const providers = side.providers.map((provider) => ({ ...provider, fields: left(provider.fields) }));
    return { ...side, fields: left(side.fields), takenOver, providers };
  });
}

/** What leaves the source of a field in doubt: one that overrides itself, or what itself is overridden from elsewhere. */
export function overrideConflicts(
  entities: ReadonlyMap<string, readonly EntitySide[]>,
  members: ReadonlyMap<string, GraphMember>,
): readonly Problem[] {
  return [...entities].flatMap(([name, sides]) => {
    const ofType = (source: string): readonly EntityOverride[] =>
      members.get(source)?.description.relations?.overrides.filter(({ type }) => type === name) ?? [];
    return sides.flatMap(({ source }) =>
      ofType(source).flatMap(({ field, from }): readonly Problem[] => {
        const path = `${name}.${field}`;
        if (isCalled(source, from)) {
          const message = `The field ${path} must be overridden from another source; source ${source} names itself.`;
          return [{ path, message }];
        }
        const other = sides.find((side) => isCalled(side.source, from));
        const again = other && ofType(other.source).find((one) => one.field === field);
        if (other === undefined || again === undefined) return [];
        const both = `source ${source} overrides it from ${from}, and source ${other.source} from ${again.from}`;
        return [{ path, message: `The field ${path} must have one source; ${both}.` }];
      }),
    );
  });
}

/** The fields of a side's type that are its own to give. */
export function fieldsOfSide({ type, takenOver }: EntitySide): Record<string, GraphFieldConfig> {
  const { fields } = type.toConfig();
  for (const name of takenOver ?? []) delete fields[name];
  return fields as Record<string, GraphFieldConfig>;
}

/** What others take over from this side. What it knows the entity by it keeps. */
function takenFrom(side: KeyedSide, sides: readonly EntitySide[], overrides: Overrides): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const { source, type } of sides) {
    if (source === side.source) continue;
    for (const { type: of, field, from } of overrides.get(source) ?? []) {
      if (of !== type.name || !isCalled(side.source, from) || isInKey(side, field)) continue;
      if (side.type.getFields()[field] !== undefined) taken.add(field);
    }
  }
  return taken;
}

function isInKey({ keys }: KeyedSide, field: string): boolean {
  return keys.some(([first]) => first === field);
}
