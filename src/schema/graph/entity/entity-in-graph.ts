import { type GraphQLNamedType, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import type { CheckedFetch } from '../../../sources/index.ts';
import type { EntityLoader } from '../types.ts';
import { alternatives } from './choose-routes.ts';
import { type EntityPlan, planFields } from './plan-fields.ts';
import { type Route, type Routes, routesFrom } from './routes.ts';

/** What one source has to do with an entity. */
export interface EntitySide {
  readonly source: string;
  /** All types of the source, by which its selections are understood. */
  readonly schema: GraphQLSchema;
  /** The source's own type. */
  readonly type: GraphQLObjectType;
  /** The fields that its values have: those of its type that are not computed of what others know. */
  readonly fields: ReadonlySet<string>;
  /** Fields of its type that another source gives in its stead. */
  readonly takenOver?: ReadonlySet<string>;
  /** It is what its source says of all that implement this interface of another source. */
  readonly ofInterface?: string;
  /** Whether its values come into answers as they are; else it only adds to those of others. */
  readonly brings: boolean;
  readonly providers: readonly EntityProvider[];
}

/** One way to get an entity from a source. */
export interface EntityProvider {
  readonly source: string;
  readonly type: GraphQLObjectType;
  readonly fetch: CheckedFetch;
  /** What it gives. */
  readonly fields: ReadonlySet<string>;
  readonly load: EntityLoader;
}

/** A link's field on an entity's type. */
export interface EntityLink {
  readonly source: string;
  readonly requires: readonly (readonly string[])[];
}

/**
 * A type to which several sources of a view contribute. A value of it comes from one of them, its producer, which is
 * known for every place of an operation before it runs; what the producer does not have is fetched by key.
 */
export class EntityInGraph {
  readonly name: string;
  /** By source, in the order of their names. */
  readonly sides: ReadonlyMap<string, EntitySide>;
  readonly links: ReadonlyMap<string, EntityLink>;
  readonly #routes = new Map<string, Routes>();
  readonly #gaps: ReadonlySet<string>;

  /** `gaps`: see `gapKey`. Nothing leads there in the whole graph, whoever asks. */
  constructor(
    name: string,
    sides: readonly EntitySide[],
    links: ReadonlyMap<string, EntityLink>,
    gaps: ReadonlySet<string> = NO_GAPS,
  ) {
    this.name = name;
    this.sides = new Map(sides.map((side) => [side.source, side]));
    this.links = links;
    this.#gaps = gaps;
  }

  /** Whether values of a producer have a field by themselves. */
  owns(producer: string, field: string): boolean {
    return this.sides.get(producer)?.fields.has(field) === true;
  }

  /** How a field is got for a value of a producer that does not have it; undefined when nobody can give it. */
  route(producer: string, field: string): Route | undefined {
    return this.routesFrom(producer).byField.get(field);
  }

  /** Whether values of a producer have a field, or some source gives it by what is known of them. */
  reaches(producer: string, field: string): boolean {
    return this.owns(producer, field) || this.route(producer, field) !== undefined;
  }

  /**
   * Whether a field is not there for values of a producer because a source that would lead to it is not seen: for
   * whoever asks it is as if the type had no such field there.
   */
  isHidden(producer: string, field: string): boolean {
    const link = this.links.get(field);
    const fields = link === undefined ? [field] : link.requires.map(([first = '']) => first);
    return fields.some(
      (one) => !this.reaches(producer, one) && !this.#gaps.has(gapKey(producer, `${this.name}.${one}`)),
    );
  }

  /** Whether any field is hidden anywhere. */
  get hides(): boolean {
    const sides = [...this.sides.values()];
    const fields = new Set(sides.flatMap(({ type }) => Object.keys(type.getFields())));
    return sides.some(({ brings, source }) => brings && [...fields].some((field) => this.isHidden(source, field)));
  }

  /** The sources that a field may come from for values of a producer, whatever else is selected. */
  sourcesOf(producer: string, field: string): readonly string[] {
    if (this.owns(producer, field)) return [producer];
    const routes = this.routesFrom(producer).all.filter(({ provider }) => provider.fields.has(field));
    return [...new Set(routes.map(({ provider }) => provider.source))];
  }

  /** Where each of some fields comes from for values of a producer. */
  plan(producer: string, fields: Iterable<string>): EntityPlan {
    return planFields(this, producer, fields);
  }

  /**
   * Paths of the producer's own fields without which some of these fields cannot be got for its values. They are enough
   * for any part of the fields as well: which of them a request asks for may depend on its variables.
   */
  requirements(producer: string, fields: Iterable<string>): readonly (readonly string[])[] {
    const paths: (readonly string[])[] = [];
    const ways: (readonly [field: string, route: Route])[] = [];
    const needs = (field: string, own: readonly (readonly string[])[]): void => {
      const route = this.owns(producer, field) ? undefined : this.route(producer, field);
      if (route !== undefined) ways.push([field, route]);
      paths.push(...(this.owns(producer, field) ? own : ownPaths(route)));
    };
    for (const field of fields) {
      const link = this.links.get(field);
      if (link === undefined) needs(field, []);
      else for (const path of link.requires) needs(path[0] ?? '', [path]);
    }
    return [...paths, ...alternatives(ways, this.routesFrom(producer).all).flatMap(ownPaths)];
  }

  /** All ways from values of a producer to what they do not have. */
  routesFrom(producer: string): Routes {
    let routes = this.#routes.get(producer);
    if (routes === undefined) {
      routes = routesFrom(producer, this.sides);
      this.#routes.set(producer, routes);
    }
    return routes;
  }
}

function ownPaths(route: Route | undefined): readonly (readonly string[])[] {
  return (route?.needs ?? []).flatMap(({ path, from }) => (from === undefined ? [path] : ownPaths(from)));
}

const NO_GAPS: ReadonlySet<string> = new Set();

/** A field, `Book.title`, that cannot be had for values of a producer. */
export function gapKey(producer: string, path: string): string {
  return `${producer} ${path}`;
}

const KEY = 'weirEntity';

export function entityExtensions(entity: EntityInGraph): Readonly<Record<string, unknown>> {
  return { [KEY]: entity };
}

/** What is known of a type that several sources contribute to; undefined for any other type. */
export function entityOf(type: GraphQLNamedType | undefined): EntityInGraph | undefined {
  return isObjectType(type) ? (type.extensions[KEY] as EntityInGraph | undefined) : undefined;
}

const sharing = new WeakMap<GraphQLSchema, boolean>();

/** Whether any type of a schema is one to which several sources contribute. */
export function hasEntities(schema: GraphQLSchema): boolean {
  let has = sharing.get(schema);
  if (has === undefined) {
    has = Object.values(schema.getTypeMap()).some((type) => entityOf(type) !== undefined);
    sharing.set(schema, has);
  }
  return has;
}

const hiding = new WeakMap<GraphQLSchema, boolean>();

/** Whether any entity of a schema has fields that are not there everywhere, as a source between is not seen. */
export function hasHiddenFields(schema: GraphQLSchema): boolean {
  let has = hiding.get(schema);
  if (has === undefined) {
    has = hasEntities(schema) && Object.values(schema.getTypeMap()).some((type) => entityOf(type)?.hides === true);
    hiding.set(schema, has);
  }
  return has;
}
