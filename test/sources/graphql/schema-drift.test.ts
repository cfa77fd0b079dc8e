import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { createMemoryCallCache } from '../../../src/cache/index.ts';
import { type GraphQLInput, graphqlKind } from '../../../src/sources/graphql/index.ts';
import type { SchemaDrift, SourceConnection } from '../../../src/sources/index.ts';
import { Secret } from '../../../src/sources/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient } from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { startTestGateway } from '../../support/test-gateway.ts';
import { type GraphQLBody, graphqlBehaviour } from './support/graphql-behaviour.ts';
import { until } from './support/until.ts';

const BEFORE = 'type Query {\n  item: Int\n  gone: Int\n}';
const AFTER = 'type Query {\n  item: Int\n  more: Int\n}';

describe('the schema that a service tells', () => {
  let clock: FakeClock;
  let server: FaultServer;
  let http: HttpClient;
  let connection: SourceConnection;

  const asked = () =>
    server.requests.filter(({ body }) => (JSON.parse(body.toString('utf8')) as GraphQLBody).query.includes('__schema'));
  const settings = { policy: {}, operationPolicies: {}, paused: false };

  const found: SchemaDrift[] = [];
  const connect = async (input: GraphQLInput): Promise<void> => {
    const definition = await graphqlKind.read(input, 'shop', { http, clock, signal: new AbortController().signal });
    const description = await graphqlKind.describe(definition, 'shop');
    const services = { name: 'shop', revision: 1, settings, http, cache: createMemoryCallCache({ clock }), clock };
    found.length = 0;
    const onSchemaDrift = (drift: SchemaDrift) => found.push(drift);
    connection = graphqlKind.connect(definition, description, { ...services, random: seededRandom(), onSchemaDrift });
  };

  /** Lets one interval pass, and what is asked in it be answered. */
  const poll = async (): Promise<void> => {
    const before = asked().length;
    for (let i = 0; i < 13 && asked().length === before; i++) {
      await clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(() => asked().length > before);
    await new Promise((resolve) => setTimeout(resolve, 30));
  };

  beforeEach(async () => {
    clock = new FakeClock();
    server = await startFaultServer({ behaviour: graphqlBehaviour(buildSchema(BEFORE)) });
    http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
  });

  afterEach(async () => {
    await connection.close();
    await http.close();
    await server.close();
  });

  test('is not looked at unless the owner says so', async () => {
    await connect({ url: server.url });
    const before = asked().length;
    await clock.advance(100_000);
    expect(asked().length).toBe(before);
    expect(connection.schemaDrift?.()).toBeUndefined();
  });

  test('is a difference from when it changed until it is as before', async () => {
    await connect({ url: server.url, pollSeconds: 100, auth: { bearer: { token: new Secret('hush') } } });
    await poll();
    expect(asked().at(-1)?.headers.authorization).toBe('Bearer hush');
    expect(connection.schemaDrift?.()).toBeUndefined();
    server.behave(graphqlBehaviour(buildSchema(AFTER)));
    await poll();
    const drift = connection.schemaDrift?.();
    expect(drift).toMatchObject({ before: BEFORE, after: AFTER, isPart: false });
    await poll();
    expect(connection.schemaDrift?.()).toEqual(drift);
    server.behave(graphqlBehaviour(buildSchema(BEFORE)));
    await poll();
    expect(connection.schemaDrift?.()).toBeUndefined();
  });

  test('is what it was while the service does not tell it', async () => {
    await connect({ url: server.url, pollSeconds: 100 });
    server.behave(graphqlBehaviour(buildSchema(AFTER)));
    await poll();
    server.behave(() => ({ kind: 'answer', status: 500 }));
    await poll();
    expect(connection.schemaDrift?.()).toMatchObject({ after: AFTER });
  });

  test('is told of at each look, where safe changes are to be published', async () => {
    await connect({ url: server.url, pollSeconds: 100 });
    server.behave(graphqlBehaviour(buildSchema(AFTER)));
    await poll();
    expect([found.length, connection.schemaDrift?.()]).toMatchObject([0, { after: AFTER }]);
    await connection.close();
    server.behave(graphqlBehaviour(buildSchema(BEFORE)));
    await connect({ url: server.url, pollSeconds: 100, publishSafeChanges: true });
    await poll();
    expect(found).toEqual([]);
    server.behave(graphqlBehaviour(buildSchema(AFTER)));
    await poll();
    await poll();
    expect(found.map((drift) => drift === connection.schemaDrift?.())).toEqual([true, true]);
    server.behave(() => ({ kind: 'answer', status: 500 }));
    await poll();
    expect(found.length).toBe(2);
  });

  test('of a subgraph is no other because its SDL cannot be had for once', async () => {
    const schema = buildSubgraphSchema(
      parse(
        'type Query { item: Item } type Item @key(fields: "id") { id: ID! } extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])',
      ),
    );
    const whole = graphqlBehaviour(schema);
    server.behave(whole);
    await connect({ url: server.url, pollSeconds: 100 });
    await poll();
    expect(connection.schemaDrift?.()).toBeUndefined();
    server.behave((request) => {
      if (request.body.toString('utf8').includes('{_service{sdl}}')) return { kind: 'answer', status: 500 };
      return typeof whole === 'function' ? whole(request) : whole;
    });
    await poll();
    expect(connection.schemaDrift?.()).toBeUndefined();
  });

  test('is not asked for while the source is paused, nor after it is closed', async () => {
    await connect({ url: server.url, pollSeconds: 100 });
    connection.reconfigure({ ...settings, paused: true });
    const before = asked().length;
    await clock.advance(500_000);
    expect(asked().length).toBe(before);
    connection.reconfigure(settings);
    await poll();
    await connection.close();
    const { length } = asked();
    await clock.advance(500_000);
    expect(asked().length).toBe(length);
  });

  test('an interval that is none is refused', async () => {
    await connect({ url: server.url });
    for (const pollSeconds of [0, -1, 1.5, 90_000]) {
      const read = graphqlKind.read({ url: server.url, pollSeconds }, 'shop', {
        http,
        clock,
        signal: new AbortController().signal,
      });
      await expect(read).rejects.toMatchObject({ details: { problems: [{ path: 'input.graphql.pollSeconds' }] } });
    }
  });

  test('is shown to admins with its changes, and the graph stays as it is', async () => {
    await connect({ url: server.url });
    const gateway = await startTestGateway();
    try {
      const drifts = async (name: string) => {
        const query = `{ source(name: "${name}") { schemaDrift { changedAt changes { criticality path message } } } }`;
        const { data, errors } = await gateway.admin(query);
        expect(errors).toEqual([]);
        return data.source.schemaDrift;
      };
      const graphql = { url: server.url, pollSeconds: 1 };
      await gateway.publish({ name: 'whole', visibility: 'PUBLIC', graphql });
      await gateway.publish({ name: 'part', visibility: 'PUBLIC', graphql: { ...graphql, sdl: BEFORE } });
      expect(await drifts('whole')).toBeNull();
      server.behave(graphqlBehaviour(buildSchema(AFTER)));
      let whole: unknown = null;
      let part: unknown = null;
      for (let i = 0; i < 100 && (whole === null || part === null); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        whole = await drifts('whole');
        part = await drifts('part');
      }
      const gone = { criticality: 'BREAKING', path: 'Query.gone', message: expect.stringContaining('gone') };
      const more = { criticality: 'SAFE', path: 'Query.more', message: expect.stringContaining('more') };
      expect(whole).toEqual({ changedAt: expect.any(String), changes: [gone, more] });
      expect(part).toEqual({ changedAt: expect.any(String), changes: [gone] });
      const { data } = await gateway.query('{ __type(name: "WholeQuery") { fields { name } } }');
      expect(data.__type.fields).toEqual([{ name: 'item' }, { name: 'gone' }]);
    } finally {
      await gateway.close();
    }
  });
});
