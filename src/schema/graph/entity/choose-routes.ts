import type { Route } from './routes.ts';

/** A field, and how it is got. */
export type Way = readonly [field: string, route: Route];

/**
 * The ways with the fewest calls: where one operation gives what several were to give, it alone is called. `callsOf`
 * counts the calls of some ways, with those that they need before them.
 */
export function chooseRoutes(
  ways: readonly Way[],
  others: readonly Way[],
  all: readonly Route[],
  callsOf: (ways: readonly Way[]) => number,
): readonly Way[] {
  const other = all.filter((route) => ways.some(([field, own]) => own !== route && route.provider.fields.has(field)));
  if (other.length === 0) return ways;
  const together = [...ways, ...others];
  const may = new Set(
    together.flatMap(([, route]) => [route, ...routesBefore(route)]).concat(alternatives(together, all)),
  );
  const candidates = other.filter((route) => may.has(route));
  let best = ways;
  let fewest = callsOf(best);
  for (let improved = fewest > 1; improved; ) {
    improved = false;
    for (const route of candidates) {
      const tried = best.map(([field, own]): Way => [field, route.provider.fields.has(field) ? route : own]);
      const calls = callsOf(tried);
      if (calls >= fewest) continue;
      [best, fewest, improved] = [tried, calls, true];
    }
  }
  return best;
}

/**
 * The routes beside those of some ways that could stand for several of them. Of more ways they are more, never others:
 * what is asked of a producer for all is enough for some.
 */
export function alternatives(ways: readonly Way[], all: readonly Route[]): readonly Route[] {
  const known = new Set<Route>();
  const needed = new Map<Route, Set<string>>();
  const note = (field: string, route: Route): void => {
    needed.set(route, (needed.get(route) ?? new Set()).add(field));
  };
  const add = (route: Route): void => {
    if (known.has(route)) return;
    known.add(route);
    for (const { path, from } of route.needs) {
      if (from === undefined) continue;
      note(path[0] ?? '', from);
      add(from);
    }
  };
  for (const [, route] of ways) add(route);
  if (known.size < 2) return [];
  return all.filter(({ provider }, index) => {
    if (known.has(all[index] as Route)) return false;
    const replaced = new Set<Route>();
    for (const [field, route] of ways) if (provider.fields.has(field)) replaced.add(route);
    // What a call is made of was fitted to the source that it is taken from.
    for (const [route, fields] of needed) {
      if (route.provider.source !== provider.source) continue;
      if ([...fields].some((field) => provider.fields.has(field))) replaced.add(route);
    }
    return replaced.size > 1;
  });
}

function routesBefore({ needs }: Route): readonly Route[] {
  return needs.flatMap(({ from }) => (from === undefined ? [] : [from, ...routesBefore(from)]));
}
