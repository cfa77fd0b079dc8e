import { leafAt } from '../../../sources/index.ts';
import { chooseRoutes, type Way } from './choose-routes.ts';
import type { EntityInGraph, EntityLink } from './entity-in-graph.ts';
import type { Route, RoutedNeed } from './routes.ts';

/** Where some fields of an entity come from, for values of one producer. */
export interface EntityPlan {
  /** The calls, each after those that it needs. */
  readonly steps: readonly EntityStep[];
  /** By field; those that are not in it the producer's value has by itself. */
  readonly origins: ReadonlyMap<string, FieldOrigin>;
}

export interface EntityStep {
  readonly route: Route;
  /** The fields that are answered from it. */
  readonly fields: ReadonlySet<string>;
  /** Paths that other steps and links take from it. */
  readonly extras: readonly (readonly string[])[];
  /** As those of the route, each with the step that brings it; undefined: the producer's value. */
  readonly needs: readonly (Pick<RoutedNeed, 'keys' | 'convert' | 'required'> & {
    readonly step: number | undefined;
  })[];
}

export type FieldOrigin =
  | { readonly kind: 'STEP'; readonly step: number }
  /** A link: its parent is made of what it requires, wherever that is, as its own source would have it. */
  | { readonly kind: 'PARENT'; readonly parts: readonly ParentPart[] }
  /** No source of the graph can give it for values of this producer. */
  | { readonly kind: 'UNREACHABLE'; readonly source: string };

export interface ParentPart {
  /** Undefined: the producer's value. */
  readonly step: number | undefined;
  readonly keys: readonly string[];
  /** Where the link looks for it. */
  readonly to: readonly string[];
}

/** As few calls as can be: one operation that gives all that several would give is called instead of them. */
export function planFields(entity: EntityInGraph, producer: string, fields: Iterable<string>): EntityPlan {
  const origins = new Map<string, FieldOrigin>();
  const wanted: Way[] = [];
  const links: (readonly [field: string, link: EntityLink])[] = [];
  const wayTo = (field: string): Route | undefined =>
    entity.owns(producer, field) ? undefined : entity.route(producer, field);
  const isReachable = (field: string): boolean => entity.owns(producer, field) || wayTo(field) !== undefined;

  for (const field of fields) {
    const link = entity.links.get(field);
    if (link === undefined) {
      const route = wayTo(field);
      if (route !== undefined) wanted.push([field, route]);
      else if (!isReachable(field)) origins.set(field, { kind: 'UNREACHABLE', source: ownerOf(entity, field) });
    } else if (link.source !== producer) {
      // The link's own source has all that it requires.
      if (link.requires.every(([first = '']) => isReachable(first))) links.push([field, link]);
      else origins.set(field, { kind: 'UNREACHABLE', source: link.source });
    }
  }

  const required = links
    .flatMap(([, { requires }]) => requires)
    .flatMap(([first = '']): Way[] => {
      const route = wayTo(first);
      return route === undefined ? [] : [[first, route]];
    });
  const { all } = entity.routesFrom(producer);
  const chosen = chooseRoutes(wanted, required, all, (ways) => new Steps([...ways, ...required]).count());
  const steps = new Steps([...chosen, ...required]);
  for (const [field, route] of chosen) {
    origins.set(field, { kind: 'STEP', step: steps.give(route, field) });
  }
  for (const [field, link] of links) {
    const parts = link.requires.map((path): ParentPart => {
      const route = wayTo(path[0] ?? '');
      const step = route === undefined ? undefined : steps.bring(route, path);
      const holder = step === undefined ? producer : steps.sourceOf(step);
      return { step, keys: keysAt(entity, holder, path), to: keysAt(entity, link.source, path) };
    });
    origins.set(field, { kind: 'PARENT', parts });
  }
  return { steps: steps.list, origins };
}

interface OpenStep extends EntityStep {
  readonly fields: Set<string>;
  readonly extras: (readonly string[])[];
}

/** The calls for one value. */
class Steps {
  readonly list: OpenStep[] = [];
  readonly #numbers = new Map<Route, number>();
  readonly #ways: readonly Way[];
  /** The route that is gone instead of another. */
  readonly #instead: ReadonlyMap<Route, Route>;

  constructor(ways: readonly Way[]) {
    this.#ways = ways;
    this.#instead = replacements(ways);
  }

  /** How many calls there are in all. */
  count(): number {
    for (const [, route] of this.#ways) this.#open(route);
    return this.list.length;
  }

  /** The number of the step that answers a field. */
  give(route: Route, field: string): number {
    const number = this.#open(route);
    this.list[number]?.fields.add(field);
    return number;
  }

  /** The number of the step from which a path is taken for other calls and links. */
  bring(route: Route, path: readonly string[]): number {
    const number = this.#open(route);
    const extras = this.list[number]?.extras;
    if (extras?.some((one) => one.join('.') === path.join('.')) === false) extras.push(path);
    return number;
  }

  sourceOf(step: number): string {
    return this.list[step]?.route.provider.source ?? '';
  }

  #open(wanted: Route): number {
    const route = this.#instead.get(wanted) ?? wanted;
    let number = this.#numbers.get(route);
    if (number === undefined) {
      const needs = route.needs.map(({ path, from, keys, convert, required }) => {
        if (from === undefined) return { step: undefined, keys, convert, required };
        const step = this.bring(from, path);
        return { step, keys, convert, required };
      });
      number = this.list.length;
      this.list.push({ route, fields: new Set(), extras: [], needs });
      this.#numbers.set(route, number);
    }
    return number;
  }
}

/** Routes that another one to the same source makes superfluous: it gives all that they were to give. */
function replacements(wanted: readonly Way[]): ReadonlyMap<Route, Route> {
  const fieldsOf = new Map<Route, Set<string>>();
  const note = (field: string, route: Route): void => {
    const known = fieldsOf.get(route);
    if (known !== undefined) {
      known.add(field);
      return;
    }
    fieldsOf.set(route, new Set([field]));
    for (const { path, from } of route.needs) if (from !== undefined) note(path[0] ?? '', from);
  };
  for (const [field, route] of wanted) note(field, route);

  const instead = new Map<Route, Route>();
  const leadsTo = (route: Route, other: Route): boolean =>
    route.needs.some(({ from }) => {
      const next = from && (instead.get(from) ?? from);
      return next !== undefined && (next === other || leadsTo(next, other));
    });
  for (const [small, fields] of fieldsOf) {
    const large = [...fieldsOf.keys()].find(
      (other) =>
        other !== small &&
        !instead.has(other) &&
        other.provider.source === small.provider.source &&
        [...fields].every((field) => other.provider.fields.has(field)) &&
        !leadsTo(other, small),
    );
    if (large === undefined) continue;
    for (const [route, other] of instead) if (other === small) instead.set(route, large);
    instead.set(small, large);
    for (const field of fields) fieldsOf.get(large)?.add(field);
  }
  return instead;
}

/** Where in values of a source a path stands. */
function keysAt(entity: EntityInGraph, source: string, path: readonly string[]): readonly string[] {
  const type = entity.sides.get(source)?.type;
  const found = type === undefined ? undefined : leafAt(type, path);
  return found?.ok === true ? found.keys : path;
}

function ownerOf(entity: EntityInGraph, field: string): string {
  for (const { source } of entity.sides.values()) if (entity.owns(source, field)) return source;
  return entity.name;
}
