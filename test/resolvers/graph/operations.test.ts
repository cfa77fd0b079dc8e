import { describe, expect, test } from '@jest/globals';
import { UpstreamFailure, WeirError } from '../../../src/errors/index.ts';
import type { Outcome } from '../../../src/sources/index.ts';
import { harness } from '../../execution/harness.ts';
import {
  fakeConnection,
  fakeMember,
  fresh,
  PETSTORE_SDL,
  type Script,
  served,
  WEATHER_SDL,
} from '../../schema/graph/fake-member.ts';
import { settle } from '../../support/fake-clock.ts';

const failure = new UpstreamFailure({
  code: 'NO_HEALTHY_UPSTREAM',
  reason: 'connection_refused',
  detail: 'http://10.0.0.7:8080 refused',
  retryable: true,
  countsAgainstHealth: true,
});
const attempt = { endpoint: 0, startedAt: 0, durationMs: 2, result: 'connection_refused' };
const failed: Outcome = {
  kind: 'FAILED',
  failure,
  retryAfterMs: 4000,
  durationMs: 9,
  attempts: [attempt, attempt, attempt],
  cache: 'MISS',
};

function petstoreAnd(script: Script, weather: Script = () => fresh(null)) {
  const connection = fakeConnection(script);
  return {
    connection,
    members: [
      fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection }),
      fakeMember({ name: 'weather', sdl: WEATHER_SDL, connection: fakeConnection(weather) }),
    ],
  };
}

/** Operations that end when the test says so. */
function heldCalls() {
  const started: string[] = [];
  const finish = new Map<string, (outcome: Outcome) => void>();
  const script: Script = (operation, args) => {
    const name = `${operation} ${Object.values(args).join()}`.trim();
    started.push(name);
    return new Promise((resolve) => {
      finish.set(name, resolve);
    });
  };
  const end = async (name: string, outcome: Outcome = fresh(null)): Promise<void> => {
    const resolve = finish.get(name);
    if (resolve === undefined) throw new Error(`${name} has not started`);
    resolve(outcome);
    await settle();
  };
  return { started, script, end };
}

describe('a field that calls an operation', () => {
  test('passes its arguments as GraphQL coerced them, and serves the value as it is', async () => {
    const { members, connection } = petstoreAnd(() => fresh(Object.freeze({ id: 7, name: 'Rex', status: 'SOLD' })));
    const { ask } = await harness(members);
    const result = await ask(
      'query ($id: ID!) { petstore { it: pet(id: $id) { id name status __typename } pets { id } } }',
      {
        variables: { id: 7 },
      },
    );
    expect(connection.calls).toEqual([
      { operation: 'pet', arguments: { id: '7' } },
      { operation: 'pets', arguments: { limit: 10 } },
    ]);
    expect(result.data?.petstore).toEqual({
      it: { id: '7', name: 'Rex', status: 'SOLD', __typename: 'PetstorePet' },
      pets: null,
    });
  });

  test('that failed is null with a coded error at its place; the rest of the answer stays', async () => {
    const { members } = petstoreAnd(
      () => failed,
      () => served('STALE', { high: 21 }, 61_000),
    );
    const { ask } = await harness(members);
    expect(await ask('{ petstore { pet(id: 1) { name } } weather { today { high } } }')).toEqual({
      data: { petstore: { pet: null }, weather: { today: { high: 21 } } },
      errors: [
        {
          message: 'petstore has no healthy upstream.',
          path: ['petstore', 'pet'],
          locations: [{ line: 1, column: 14 }],
          extensions: {
            code: 'NO_HEALTHY_UPSTREAM',
            source: 'petstore',
            reason: 'connection_refused',
            retryable: true,
            retryAfterMs: 4000,
            attempts: 3,
          },
        },
      ],
      extensions: {
        weir: {
          graphVersion: 1,
          degraded: true,
          sources: [
            { name: 'petstore', outcome: 'FAILED', paths: ['petstore.pet'] },
            { name: 'weather', outcome: 'STALE', ageMs: 61_000, paths: ['weather.today'] },
          ],
        },
      },
    });
  });

  test('may have errors inside its value: each costs one field and keeps its extensions', async () => {
    const unfit = new WeirError('UPSTREAM_INVALID_RESPONSE', 'name must be a string.', { source: 'petstore' });
    const { members } = petstoreAnd(() => fresh([{ id: '1', name: unfit }, unfit, { id: '3', status: 'UNKNOWN' }]));
    const result = await (await harness(members)).ask('{ petstore { pets { id name status } } }');
    expect(result.data?.petstore).toEqual({
      pets: [{ id: '1', name: null, status: null }, null, { id: '3', name: null, status: null }],
    });
    expect(result.errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['petstore', 'pets', 0, 'name'], 'UPSTREAM_INVALID_RESPONSE'],
      [['petstore', 'pets', 1], 'UPSTREAM_INVALID_RESPONSE'],
      [['petstore', 'pets', 2, 'status'], undefined],
    ]);
  });

  test('finds the member of a union by its name', async () => {
    const { members } = petstoreAnd(() => fresh({ __typename: 'PetstoreToy', name: 'Ball' }));
    const result = await (await harness(members)).ask(
      '{ petstore { thing { __typename ... on PetstoreToy { name } ... on PetstorePet { id } } } }',
    );
    expect(result.data).toEqual({ petstore: { thing: { __typename: 'PetstoreToy', name: 'Ball' } } });
  });

  test('whose connection breaks its contract is an error of ours, not of the upstream', async () => {
    const { members, connection } = petstoreAnd(() => fresh(null));
    connection.call = async () => [];
    const { graph, executor } = await harness(members);
    const { contextFor } = await import('../../execution/harness.ts');
    const view = graph.current.view({ admin: false, maySee: () => true });
    const result = await executor.execute({
      source: '{ petstore { pet(id: 1) { id } } }',
      operationName: undefined,
      variables: {},
      view,
      context: contextFor(graph.current),
    });
    expect(result.errors?.[0]?.originalError?.message).toBe(
      'petstore.pet must have one outcome for one call; it had 0.',
    );
    expect(result.errors?.[0]?.extensions).toEqual({});
  });
});

describe('order', () => {
  test('queries run at once, in one namespace and in several', async () => {
    const held = heldCalls();
    const { members } = petstoreAnd(held.script, held.script);
    const asked = (await harness(members)).ask(
      '{ petstore { pet(id: 1) { id } b: pet(id: 2) { id } } weather { days { high } } }',
    );
    await settle();
    expect(held.started).toEqual(['pet 1', 'pet 2', 'days']);
    for (const name of held.started) await held.end(name);
    expect((await asked).errors).toBeUndefined();
  });

  test('mutations of a namespace run one after another in the order they are written, also after a failure', async () => {
    const held = heldCalls();
    const { members } = petstoreAnd(held.script);
    const { ask } = await harness(members);
    const asked = ask(`mutation {
      first: petstore { b: removePet(id: 2) ...More a: removePet(id: 1) }
      second: petstore { removePet(id: 4) }
    }
    fragment More on PetstoreMutation { c: removePet(id: 3) }`);
    await settle();
    expect(held.started).toEqual(['removePet 2']);
    await held.end('removePet 2', failed);
    expect(held.started).toEqual(['removePet 2', 'removePet 3']);
    await held.end('removePet 3', fresh(true));
    await held.end('removePet 1', fresh(true));
    expect(held.started.at(-1)).toBe('removePet 4');
    await held.end('removePet 4', fresh(false));
    const result = await asked;
    expect(result.data).toEqual({ first: { b: null, c: true, a: true }, second: { removePet: false } });
    expect(result.errors?.map(({ path }) => path)).toEqual([['first', 'b']]);
  });

  test('mutations of two requests do not wait for each other', async () => {
    const held = heldCalls();
    const { members } = petstoreAnd(held.script);
    const { ask } = await harness(members);
    const both = ['1', '2'].map((id) => ask(`mutation { petstore { removePet(id: ${id}) } }`));
    await settle();
    expect(held.started).toEqual(['removePet 1', 'removePet 2']);
    for (const name of held.started) await held.end(name);
    await Promise.all(both);
  });

  test('flat mutations run in order by the rules of GraphQL', async () => {
    const held = heldCalls();
    const sdl = 'type Query { a: Int } type Mutation { set(x: Int): Int }';
    const flat = fakeMember({ name: 'flat', namespace: '', sdl, connection: fakeConnection(held.script) });
    const asked = (await harness([flat])).ask('mutation { set(x: 1) b: set(x: 2) }');
    await settle();
    expect(held.started).toEqual(['set 1']);
    await held.end('set 1');
    await held.end('set 2');
    expect((await asked).data).toEqual({ set: null, b: null });
  });
});

describe('a request in flight', () => {
  test('ends on the version it began with, its connections open until then', async () => {
    const held = heldCalls();
    const { members, connection } = petstoreAnd(held.script);
    const { graph, ask } = await harness(members);
    const asked = ask('mutation { petstore { a: removePet(id: 1) b: removePet(id: 2) } }', {
      headers: { 'weir-trace': '1' },
    });
    await settle();
    graph.swap(await graph.compose([]));
    await held.end('removePet 1', fresh(true));
    expect(connection.closes).toBe(0);
    await held.end('removePet 2', fresh(true));
    const result = await asked;
    expect(result.data).toEqual({ petstore: { a: true, b: true } });
    expect(result.extensions?.weir).toMatchObject({ graphVersion: 1, degraded: false });
    await settle();
    expect(connection.closes).toBe(1);
    const late = await ask('{ petstore { pets { id } } }');
    expect(late.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
