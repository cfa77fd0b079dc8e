import { type Convert, converter, leafAt } from '../../../sources/index.ts';
import type { EntityProvider, EntitySide } from './entity-in-graph.ts';

/** How fields are got that a producer's values do not have: one call of one source. */
export interface Route {
  readonly provider: EntityProvider;
  /** In the order of the provider's own needs. */
  readonly needs: readonly RoutedNeed[];
}

/** Where a value comes from that a call is made of. */
export interface RoutedNeed {
  readonly path: readonly string[];
  /** The call that brings it; undefined: the producer's own value has it. */
  readonly from: Route | undefined;
  /** The path by which it is read from there. */
  readonly keys: readonly string[];
  readonly convert: Convert;
  readonly required: boolean;
}

export interface Routes {
  /**
   * The way to every field that a producer's values do not have: of several the one with the fewest calls before it,
   * then the first by the source's name, then the first declared.
   */
  readonly byField: RoutesByField;
  /** All ways there are, by the source's name and then as declared: one for each operation that can be called. */
  readonly all: readonly Route[];
}

type RoutesByField = ReadonlyMap<string, Route>;

/** The ways from a producer's values to what other sources know of them. */
export function routesFrom(producer: string, sides: ReadonlyMap<string, EntitySide>): Routes {
  const own = sides.get(producer);
  const routes = new Map<string, Route>();
  const byProvider = new Map<EntityProvider, Route>();
  if (own === undefined) return { byField: routes, all: [] };
  // Its own operations are of use for what is computed alone: the rest its values have.
  const providers = [...sides.values()].flatMap((side) => side.providers);
  for (let grew = true; grew; ) {
    // What this round finds is for the next one to build on.
    const found = new Map<string, Route>();
    for (const provider of providers) {
      const missing = [...provider.fields].filter(
        (field) => !own.fields.has(field) && !routes.has(field) && !found.has(field),
      );
      if (missing.length === 0) continue;
      const route = routeBy(provider, own, routes);
      if (route === undefined) continue;
      byProvider.set(provider, route);
      for (const field of missing) found.set(field, route);
    }
    for (const [field, route] of found) routes.set(field, route);
    grew = found.size > 0;
  }
  const all = providers.flatMap((provider) => {
    const isOfUse = [...provider.fields].some((field) => !own.fields.has(field));
    return isOfUse ? (byProvider.get(provider) ?? routeBy(provider, own, routes) ?? []) : [];
  });
  return { byField: routes, all };
}

function routeBy(provider: EntityProvider, own: EntitySide, known: RoutesByField): Route | undefined {
  const needs: RoutedNeed[] = [];
  for (const { path, type, required } of provider.fetch.needs) {
    const [first = ''] = path;
    const isOwn = own.fields.has(first);
    const from = isOwn ? undefined : known.get(first);
    const holder = isOwn ? own.type : from?.provider.type;
    const found = holder === undefined ? undefined : leafAt(holder, path);
    if (found?.ok !== true) return undefined;
    const convert = converter(found.leaf, type ?? found.leaf, `${own.type.name}.${path.join('.')}`);
    needs.push({ path, from, keys: found.keys, convert: type === undefined ? written(found.leaf) : convert, required });
  }
  return { provider, needs };
}

/** As answers have it: for arguments that take anything. */
function written(leaf: { serialize(value: unknown): unknown }): Convert {
  const write = (value: unknown): unknown => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    return Array.isArray(value) ? value.map(write) : leaf.serialize(value);
  };
  return write;
}
