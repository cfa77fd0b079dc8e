import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { graphqlBehaviour } from './support/graphql-behaviour.ts';

const BEFORE = 'type Query { item: Int gone: Int colour(of: Hue): Int } enum Hue { RED }';
const MORE = 'type Query { item: Int gone: Int colour(of: Hue): Int more: Int } enum Hue { RED }';
const LESS = 'type Query { item: Int more: Int colour(of: Hue): Int } enum Hue { RED }';
const RISKY = 'type Query { item: Int gone: Int colour(of: Hue = RED): Int } enum Hue { RED }';

const SHOWN = `{ source(name: "shop") {
  state
  live { number createdBy note changes { criticality path } }
  revisions { number }
  schemaDrift { heldBack changes { criticality path } }
} auditLog(first: 5) { nodes { action actor { id } target detail } } }`;

describe('a changed schema that is to be published by itself', () => {
  let server: FaultServer;
  let gateway: TestGateway;

  const tell = (sdl: string): void => server.behave(graphqlBehaviour(buildSchema(sdl)));
  const shown = async () => {
    const { data, errors } = await gateway.admin(SHOWN);
    expect(errors).toEqual([]);
    return data;
  };
  const asked = () => server.requests.filter(({ body }) => body.toString('utf8').includes('__schema')).length;
  /** What is shown once it is as wanted. */
  const eventually = async (holds: (data: Awaited<ReturnType<typeof shown>>) => boolean) => {
    for (let i = 0; i < 200; i++) {
      const data = await shown();
      if (holds(data)) return data;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`It never came true: ${JSON.stringify(await shown())}`);
  };
  const register = (more: Record<string, unknown> = {}) =>
    gateway.publish({
      name: 'shop',
      visibility: 'PUBLIC',
      graphql: { url: server.url, pollSeconds: 1, publishSafeChanges: true, namespace: 'store', ...more },
    });

  beforeEach(async () => {
    server = await startFaultServer({ behaviour: graphqlBehaviour(buildSchema(BEFORE)) });
    gateway = await startTestGateway();
  });

  afterEach(async () => {
    await gateway.close();
    await server.close();
  });

  test('is a revision of polling, live, with all else as it was', async () => {
    await register({ auth: { bearer: { token: 'hush' } } });
    tell(MORE);
    const { source, auditLog } = await eventually((data) => data.source.live.number === 2);
    expect(source).toEqual({
      state: 'PUBLISHED',
      live: {
        number: 2,
        createdBy: 'polling',
        note: expect.stringContaining('safe'),
        changes: [{ criticality: 'SAFE', path: 'StoreQuery.more' }],
      },
      revisions: expect.anything(),
      schemaDrift: null,
    });
    expect(auditLog.nodes.slice(0, 2)).toMatchObject([
      { action: 'publishSafeChanges', actor: { id: 'polling' }, target: 'source:shop', detail: { revision: 2 } },
      { action: 'reviseSource', actor: { id: 'polling' }, target: 'source:shop', detail: { revision: 2, changes: 1 } },
    ]);
    const { data, errors } = await gateway.query('{ store { more } }');
    expect([data, errors]).toEqual([{ store: { more: null } }, []]);
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer hush');
  });

  test('is found after a restart, and what was published lasts over one', async () => {
    await register();
    await gateway.gateway.close();
    tell(MORE);
    gateway = await startTestGateway({}, gateway.dataDir);
    await eventually((data) => data.source.live.number === 2);
    gateway = await gateway.restart();
    const { source } = await shown();
    expect(source.live).toMatchObject({ number: 2, createdBy: 'polling' });
    const looks = asked();
    await eventually(() => asked() >= looks + 2);
    expect((await shown()).source).toMatchObject({ live: { number: 2 }, schemaDrift: null });
  });

  test.each([
    ['BREAKING', LESS, 'Query.gone'],
    ['DANGEROUS', RISKY, 'Query.colour'],
  ])('is left to somebody where a change is %s, and makes no revision', async (criticality, sdl, path) => {
    await register();
    tell(sdl);
    const { source } = await eventually((data) => data.source.schemaDrift?.heldBack != null);
    expect(source.schemaDrift.heldBack).toContain('Not everything of it is safe');
    expect(source.schemaDrift.changes[0]).toEqual({ criticality, path: expect.stringContaining(path) });
    const looks = asked();
    await eventually(() => asked() >= looks + 2);
    expect(await shown()).toMatchObject({ source: { live: { number: 1 }, revisions: [{ number: 1 }] } });
  });

  test('is left alone where somebody went back, or has another revision ready', async () => {
    await register();
    tell(MORE);
    await eventually((data) => data.source.live.number === 2);
    const { errors } = await gateway.admin('mutation { rollbackSource(name: "shop", toRevision: 1) { name } }');
    expect(errors).toEqual([]);
    const { source } = await eventually((data) => data.source.schemaDrift?.heldBack != null);
    expect(source).toMatchObject({
      live: { number: 1 },
      schemaDrift: { heldBack: expect.stringContaining('Revision 2') },
    });
  });

  test('is left alone where nobody asked for it', async () => {
    await register({ publishSafeChanges: false });
    tell(MORE);
    const { source } = await eventually((data) => data.source.schemaDrift !== null);
    expect(source).toMatchObject({ live: { number: 1 }, schemaDrift: { heldBack: null } });
  });

  test('of a subgraph is published with its entities; what another source contradicts is left to somebody', async () => {
    const books = (fields: string) =>
      buildSubgraphSchema(
        parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
          type Book @key(fields: "id") { id: ID! ${fields} } type Query { book: Book }`),
      );
    const other = await startFaultServer({ behaviour: graphqlBehaviour(books('stars: Int')) });
    try {
      server.behave(graphqlBehaviour(books('title: String')));
      await register();
      await gateway.publish({ name: 'stars', visibility: 'PUBLIC', graphql: { url: other.url } });
      server.behave(graphqlBehaviour(books('title: String pages: Int')));
      await eventually((data) => data.source.live.number === 2);
      const { data } = await gateway.query('{ __type(name: "Book") { fields { name } } }');
      expect(data.__type.fields.map(({ name }: { name: string }) => name)).toEqual(['id', 'title', 'pages', 'stars']);
      server.behave(graphqlBehaviour(books('title: String pages: Int stars: String')));
      const { source } = await eventually((now) => now.source.schemaDrift?.heldBack != null);
      expect(source).toMatchObject({
        live: { number: 2 },
        schemaDrift: {
          heldBack: expect.stringContaining('Book.stars of an entity must have one type'),
          changes: [{ criticality: 'SAFE', path: 'Book.stars' }],
        },
      });
    } finally {
      await other.close();
    }
  });

  test('wants to be looked for, and a schema that the service tells', async () => {
    const problems = async (graphql: Record<string, unknown>) => {
      const { errors } = await gateway.admin(
        'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
        { input: { name: 'shop', graphql: { url: server.url, publishSafeChanges: true, ...graphql } } },
      );
      return ((errors[0]?.extensions.problems ?? []) as { path: string; message: string }[]).map(
        ({ path, message }) => [path, message.replace(/ beside it.*/, '')],
      );
    };
    const path = 'input.graphql.publishSafeChanges';
    expect(await problems({})).toEqual([[path, 'Expected pollSeconds']]);
    expect(await problems({ pollSeconds: 5, sdl: BEFORE })).toEqual([[path, 'Expected no sdl']]);
  });
});
