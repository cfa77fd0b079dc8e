import { expect } from '@jest/globals';
import { post, type TestGateway } from '../../../support/test-gateway.ts';
import type { Naming, RandomQuery } from './random-query.ts';

/** Asks the upstream and Weir; data must be equal, and null for an error in the same places. */
export async function expectSame(gateway: TestGateway, url: string, query: RandomQuery, naming: Naming): Promise<void> {
  try {
    await compare(gateway, url, query, naming);
  } catch (error: unknown) {
    const asked = `${query.viaWeir}\n${JSON.stringify(query.variables)}`;
    throw new Error(`${asked}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

async function compare(gateway: TestGateway, url: string, query: RandomQuery, naming: Naming): Promise<void> {
  const [direct, viaWeir] = await Promise.all([
    post(url, query.direct, query.variables),
    gateway.query(query.viaWeir, query.variables),
  ]);
  if (direct.data === null) throw new Error(`The upstream refused the query: ${JSON.stringify(direct.errors)}`);
  if (viaWeir.data === null) throw new Error(`Weir refused the query: ${JSON.stringify(viaWeir.errors)}`);
  const inner = naming.namespace === '' ? viaWeir.data : viaWeir.data[naming.namespace];
  expect(inner).toEqual(renamed(direct.data, naming));
  const below = naming.namespace === '' ? 0 : 1;
  expect(
    nulledPlaces(
      inner,
      viaWeir.errors.map(({ path = [] }) => path.slice(below)),
    ),
  ).toEqual(
    nulledPlaces(
      direct.data,
      direct.errors.map(({ path = [] }) => path),
    ),
  );
  expect(JSON.stringify(viaWeir.errors)).not.toContain('words of the upstream');
}

/** Keys that the query writer gives to `__typename`. */
const TYPE_KEY = /^t\d+$/;

function renamed(value: unknown, naming: Naming): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, naming));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    TYPE_KEY.test(key) && typeof item === 'string' ? naming.graphName(item) : renamed(item, naming),
  ]);
  return Object.fromEntries(entries);
}

/** Where in the data the errors' nulls came to rest. */
function nulledPlaces(data: unknown, paths: readonly (readonly (string | number)[])[]): readonly string[] {
  const places = paths.map((path) => {
    let at: unknown = data;
    for (const [depth, step] of path.entries()) {
      at = (at as Record<string | number, unknown> | undefined)?.[step];
      if (at === null || at === undefined) return path.slice(0, depth + 1).join('.');
    }
    return `${path.join('.')} is not null`;
  });
  return [...new Set(places)].sort();
}
