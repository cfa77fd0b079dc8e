import { describe, expect, test } from '@jest/globals';
import { buildSchema, introspectionFromSchema, printSchema } from 'graphql';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, type GraphVersion } from '../../../src/schema/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ADMIN_SDL, fakeMember, PETSTORE_SDL, WEATHER_SDL } from './fake-member.ts';

const members = [
  fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, visibility: 'SHARED' }),
  fakeMember({ name: 'weather', sdl: WEATHER_SDL }),
];

async function compose(): Promise<GraphVersion> {
  const graph = await createGraph({
    admin: { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock: new FakeClock(),
  });
  return graph.compose(members);
}

describe('views', () => {
  test('somebody without rights sees the public fields of the admin API, what these need, and nothing else', async () => {
    const { schema, sources } = (await compose()).view({ admin: false, maySee: () => false });
    expect(printSchema(schema)).toBe(
      'type Query {\n  me: Caller!\n}\n\ntype Caller {\n  id: ID!\n  role: Role\n}\n\nenum Role {\n  ADMIN\n  CONSUMER\n}',
    );
    expect(sources.size).toBe(0);
  });

  test('a consumer sees the sources that are visible, and introspection names no other type', async () => {
    const version = await compose();
    const view = version.view({ admin: false, maySee: ({ visibility }) => visibility === 'PUBLIC' });
    const names = introspectionFromSchema(view.schema).__schema.types.map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith('__')).sort()).toEqual(
      ['Query', 'Caller', 'ID', 'Role', 'WeatherQuery', 'WeatherDay', 'Float', 'String', 'Boolean'].sort(),
    );
    expect([...view.sources]).toEqual(['weather']);
  });

  test('an admin sees the admin API and the sources; the text of the version leaves the admin API out', async () => {
    const version = await compose();
    const text = printSchema(version.view({ admin: true, maySee: () => true }).schema);
    expect(text).toContain('retireSource(name: ID!): Source!');
    expect(text).toContain('petstore: PetstoreMutation');
    expect(version.sdl).not.toContain('Caller');
    expect(version.sdl).toContain('petstore: PetstoreMutation');
  });

  test('equal rights share one view; other rights and other versions have other ids', async () => {
    const version = await compose();
    const all = { admin: false, maySee: () => true };
    expect(version.view(all)).toBe(version.view({ ...all }));
    const other = await compose();
    const graph = await createGraph({ admin: undefined, resolvers: createGraphResolvers(), clock: new FakeClock() });
    const [first, second] = [await graph.compose(members), await graph.compose(members)];
    const ids = [
      version.view(all).id,
      version.view({ admin: true, maySee: () => true }).id,
      version.view({ admin: false, maySee: ({ name }) => name === 'weather' }).id,
      version.view({ admin: false, maySee: ({ name }) => name === 'petstore' }).id,
    ];
    expect(new Set(ids).size).toBe(4);
    expect(other.view(all)).not.toBe(version.view(all));
    // Two candidates for the same number are two compositions: a compiled document must not pass from one to the other.
    expect(first.number).toBe(second.number);
    expect(first.view(all).id).not.toBe(second.view(all).id);
  });
});
