import { astFromValue, getNamedType, isLeafType, isObjectType, print } from 'graphql';

import type { Problem } from '../../../errors/index.ts';
import { checkEntities } from '../../../sources/index.ts';
import type { GraphFieldConfig } from '../graph-part.ts';
import type { GraphMember } from '../types.ts';
import { combineTypes } from './combine-types.ts';
import { EntityInGraph, type EntitySide } from './entity-in-graph.ts';
import { mergeFields } from './merge-fields.ts';
import { fieldsOfSide } from './overrides.ts';

/** Declarations that do not fit their own source. Registration refuses them; a definition may come another way. */
export function ownEntityProblems({ name, description }: GraphMember): readonly Problem[] {
  return checkEntities(description).problems.map(({ path, message }) => ({
    path: `${name}.${path}`,
    message: `Source ${name}: ${message}`,
  }));
}

/** Where sources say different things of one entity, with both places. */
export function entityConflicts(entities: ReadonlyMap<string, readonly EntitySide[]>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [name, sides] of entities) {
    const seen = new Map<string, { readonly source: string; readonly config: GraphFieldConfig }>();
    for (const side of sides) {
      const { source } = side;
      for (const [field, config] of Object.entries(fieldsOfSide(side))) {
        const path = `${name}.${field}`;
        const other = seen.get(field);
        if (other === undefined) {
          seen.set(field, { source, config });
        } else if (combineTypes(other.config.type, config.type) === undefined) {
          const both = `source ${other.source} has ${String(other.config.type)} and source ${source} has ${String(config.type)}`;
          const areOwn = [other.config, config].every(({ type }) => isObjectType(getNamedType(type)));
          const help = areOwn ? ' Types of two sources are one only as an entity of both: a key of it is enough.' : '';
          problems.push({ path, message: `The field ${path} of an entity must have one type; ${both}.${help}` });
        } else if (argumentsOf(other.config) !== argumentsOf(config)) {
          const both = `source ${other.source} has (${argumentsOf(other.config)}) and source ${source} has (${argumentsOf(config)})`;
          problems.push({ path, message: `The field ${path} of an entity must have the same arguments; ${both}.` });
        }
      }
    }
    problems.push(...interfaceConflicts(name, sides));
  }
  return problems;
}

/** A wider type than an interface has would not implement it any more. */
function interfaceConflicts(name: string, sides: readonly EntitySide[]): readonly Problem[] {
  const merged = mergeFields(sides, new Map());
  return sides.flatMap(({ source, type }) =>
    type.getInterfaces().flatMap((one) =>
      Object.values(one.getFields()).flatMap((field): readonly Problem[] => {
        const [wanted, got] = [getNamedType(field.type), merged[field.name] && getNamedType(merged[field.name]?.type)];
        if (!isLeafType(wanted) || got === undefined || wanted.name === got?.name) return [];
        const path = `${name}.${field.name}`;
        const message = `The field ${path} of an entity must be ${wanted.name}, as ${one.name} of source ${source} has it; with the other sources it is ${got?.name}.`;
        return [{ path, message }];
      }),
    ),
  );
}

function argumentsOf({ args = {} }: GraphFieldConfig): string {
  return Object.entries(args)
    .map(([name, { type, defaultValue }]) => {
      const node = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
      return `${name}: ${String(type)}${node == null ? '' : ` = ${print(node)}`}`;
    })
    .sort()
    .join(', ');
}

/** A field that cannot be had for entities which another source brings. It is null there, with an error. */
export interface EntityGap {
  readonly path: string;
  /** Whose entities lack it. */
  readonly producer: string;
  readonly message: string;
}

export function entityGaps(entities: ReadonlyMap<string, readonly EntitySide[]>): readonly EntityGap[] {
  const gaps: EntityGap[] = [];
  for (const [name, sides] of entities) {
    const entity = new EntityInGraph(name, sides, new Map());
    const fields = new Set(sides.flatMap(({ type }) => Object.keys(type.getFields())));
    for (const { source: producer, brings } of sides) {
      if (!brings) continue;
      for (const field of fields) {
        if (entity.reaches(producer, field)) continue;
        const owners = sides.filter(({ type }) => type.getFields()[field] !== undefined).map(({ source }) => source);
        const path = `${name}.${field}`;
        const message =
          `The field ${path} of source ${owners.join(', ')} must be there for every ${name}; for those of source ` +
          `${producer} no operation gives it by what ${producer} or another source knows of them${lacking(sides, field)}.`;
        gaps.push({ path, producer, message });
      }
    }
  }
  return gaps;
}

/** What the operations that give a field are called with, as far as no source has it: it may come with one that is yet to be published. */
function lacking(sides: readonly EntitySide[], field: string): string {
  const needs = sides
    .flatMap(({ providers }) => providers.filter(({ fields }) => fields.has(field)))
    .flatMap(({ fetch }) => fetch.needs.map(({ path: [first = ''] }) => first));
  const missing = [...new Set(needs)].filter((need) => !sides.some(({ type }) => type.getFields()[need] !== undefined));
  return missing.length === 0 ? '' : ` (it takes ${missing.join(', ')}, which no source in the graph has)`;
}
