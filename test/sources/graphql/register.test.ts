import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { type Behaviour, type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { deterministicSchema } from './support/deterministic-schema.ts';
import { type GraphQLBody, graphqlBehaviour } from './support/graphql-behaviour.ts';
import { startApollo, startMercurius, startYoga, type UpstreamServer } from './support/servers.ts';

const SDL = 'type Item { id: ID! name: String } type Query { item(id: ID!): Item greeting: String }';
const REGISTER =
  'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name kind state revisions { number warnings { kind path } } } }';

let gateway: TestGateway;
let server: FaultServer;
const upstreams: UpstreamServer[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  server = await startFaultServer();
});

afterEach(async () => {
  server.behave({ kind: 'answer' });
  for (const upstream of upstreams.splice(0)) await upstream.close();
});

afterAll(async () => {
  await gateway.close();
  await server.close();
});

/** Where nobody listens any more. */
async function goneUrl(): Promise<string> {
  const gone = await startFaultServer();
  const { url } = gone;
  await gone.close();
  return url;
}

let count = 0;
const register = async (graphql: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  const name = `source${++count}`;
  const answer = await gateway.admin(REGISTER, { input: { name, graphql, ...more } });
  return { ...answer, name };
};

/** What registration says against an input; nothing must have come of it. */
const problemsOf = async (graphql: Record<string, unknown>): Promise<readonly { path: string; message: string }[]> => {
  const { errors, name } = await register(graphql);
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_DEFINITION' } }]);
  const { data } = await gateway.admin('query ($name: ID!) { source(name: $name) { name } }', { name });
  expect(data.source).toBeNull();
  return errors[0]?.extensions.problems as never;
};

describe('registration', () => {
  test.each([
    ['GraphQL Yoga', startYoga],
    ['Apollo Server', startApollo],
    ['Mercurius', startMercurius],
  ])('introspects %s', async (_name, start) => {
    const upstream = await start(deterministicSchema(SDL));
    upstreams.push(upstream);
    const { data, errors, name } = await register({ url: upstream.url });
    expect(errors).toEqual([]);
    expect(data.registerSource).toMatchObject({ kind: 'GRAPHQL', state: 'DRAFT' });
    const check = await gateway.admin('mutation ($name: ID!) { checkSource(name: $name) { ok probe { ok } } }', {
      name,
    });
    expect(check.data.checkSource).toEqual({ ok: true, probe: { ok: true } });
  });

  test('introspects with credentials and headers', async () => {
    server.behave(graphqlBehaviour(buildSchema(SDL)));
    const before = server.requests.length;
    const graphql = {
      url: `${server.url}/graphql?tenant=a`,
      auth: { apiKey: { name: 'key', in: 'QUERY', value: 's3cret' } },
      headers: [{ name: 'x-team', value: 'blue' }],
    };
    expect((await register(graphql)).errors).toEqual([]);
    const introspection = server.requests.slice(before).find(({ body }) => body.length > 0);
    expect(introspection?.path).toBe('/graphql?tenant=a&key=s3cret');
    expect(introspection?.headers).toMatchObject({ 'x-team': 'blue' });
  });

  test('introspects servers that know less of introspection', async () => {
    const healthy = graphqlBehaviour(buildSchema(SDL)) as Extract<Behaviour, (...args: never) => unknown>;
    server.behave((request) => {
      const { query } = JSON.parse(request.body.toString('utf8')) as GraphQLBody;
      const tooNew = /isOneOf|specifiedByURL|isRepeatable|includeDeprecated: true\) \{\s+\.\.\.InputValue/.exec(query);
      if (tooNew === null) return healthy(request);
      return { kind: 'answer', status: 400, body: { errors: [{ message: `Cannot query field ${tooNew[0]}` }] } };
    });
    expect((await register({ url: server.url })).errors).toEqual([]);
  });

  test('takes SDL where introspection is refused', async () => {
    const upstream = await startApollo(deterministicSchema(SDL), false);
    upstreams.push(upstream);
    expect(await problemsOf({ url: upstream.url })).toEqual([
      { path: 'input.graphql.url', message: expect.stringMatching(/refused introspection.*input\.graphql\.sdl/) },
    ]);
    const { data, errors } = await register({ url: upstream.url, sdl: SDL });
    expect(errors).toEqual([]);
    expect(data.registerSource.revisions[0].warnings).toEqual([{ kind: 'NOT_COMPARED', path: 'input.graphql.url' }]);
  });

  test('takes SDL of a service that is down, or has only endpoints', async () => {
    const gone = await goneUrl();
    expect((await register({ url: gone, sdl: SDL })).errors).toEqual([]);
    expect((await register({ endpoints: [{ url: gone }], sdl: SDL })).errors).toEqual([]);
  });

  test('takes SDL with directives that it does not define', async () => {
    const { data, errors } = await register({
      endpoints: [{ url: server.url }],
      sdl: 'type Item @table(name: "items") @team(name: "blue") { id: ID! @team } type Query { item: Item }',
    });
    expect(errors).toEqual([]);
    expect(data.registerSource.revisions[0].warnings.map(({ kind }: { kind: string }) => kind)).toEqual([
      'DIRECTIVE_LEFT_OUT',
      'DIRECTIVE_LEFT_OUT',
    ]);
  });
});

describe('registration refuses', () => {
  test.each<readonly [string, Behaviour, RegExp]>([
    ['a page', { kind: 'answer', headers: { 'content-type': 'text/html' }, body: '<p>' }, /not GraphQL/],
    ['JSON of another kind', { kind: 'answer', body: { hello: 'world' } }, /not GraphQL/],
    ['a 404', { kind: 'answer', status: 404, body: 'no' }, /HTTP status 404/],
    ['a 401', { kind: 'answer', status: 401, body: { errors: [{ message: 'who?' }] } }, /HTTP status 401/],
    ['no answer', { kind: 'reset' }, /could not be reached/],
    ['an answer without a schema', { kind: 'answer', body: { data: { hello: 'you' } } }, /data has "hello" alone/],
    ['an answer without anything', { kind: 'answer', body: { data: {} } }, /without a schema \(data is empty\)/],
    ['no data', { kind: 'answer', body: { data: null } }, /without a schema \(data is null\)/],
    ['a schema that is null', { kind: 'answer', body: { data: { __schema: null } } }, /__schema is no object/],
    ['half a schema', { kind: 'answer', body: { data: { __schema: { types: [{}] } } } }, /cannot be read/],
  ])('%s', async (_name, behaviour, message) => {
    server.behave(behaviour);
    expect(await problemsOf({ url: server.url })).toEqual([
      { path: 'input.graphql.url', message: expect.stringMatching(message) },
    ]);
  });

  test('a host that nobody can reach, without saying more', async () => {
    const [problem] = await problemsOf({ url: await goneUrl() });
    expect(problem?.message).toContain('could not be reached');
  });

  test('places of subscriptions that are none', async () => {
    const path = 'input.graphql.subscriptions.url';
    const relative = ['::', 'x::y', 'ws:events', 'upstream.test:80/', '', ' ', '/a b', '/path#fragment'];
    for (const url of ['ftp://upstream.test/', 'http://', 'wss://user:word@upstream.test/', ...relative]) {
      expect(await problemsOf({ url: server.url, subscriptions: { url } })).toEqual([
        { path, message: expect.stringMatching(/^Expected /) },
      ]);
    }
    server.behave(graphqlBehaviour(buildSchema(SDL)));
    for (const url of ['/events', 'events?of=a:b', '//127.0.0.1/events', 'ws://127.0.0.1/events']) {
      expect((await register({ url: server.url, subscriptions: { url } })).errors).toEqual([]);
    }
    const forbidden = await problemsOf({ url: server.url, subscriptions: { url: 'ws://169.254.169.254/' } });
    expect(forbidden).toContainEqual({ path, message: expect.stringContaining('egress rules') });
  });

  test('headers that would never be sent', async () => {
    const problems = await problemsOf({
      url: server.url,
      headers: ['Host', 'content-type', 'x-team'].map((name) => ({ name, value: 'v' })),
      forwardHeaders: ['Weir-Key', 'transfer-encoding', 'accept', 'authorization', 'x-api-key', 'weir-trace'],
    });
    expect(problems).toEqual([
      { path: 'input.graphql.headers.0.name', message: expect.stringContaining('got "Host"') },
      { path: 'input.graphql.headers.1.name', message: expect.stringContaining('got "content-type"') },
      { path: 'input.graphql.forwardHeaders.0', message: expect.stringContaining('a key to Weir') },
      { path: 'input.graphql.forwardHeaders.1', message: expect.stringContaining('got "transfer-encoding"') },
      { path: 'input.graphql.forwardHeaders.2', message: expect.stringContaining('got "accept"') },
    ]);
  });

  test('every mistake of the input at once', async () => {
    const problems = await problemsOf({
      url: 'ftp://upstream.test',
      sdl: 'type Query {\n  item: Thing\n  other: [Stuff] @deprecated(why: "no")\n}',
      namespace: 'not a name',
      endpoints: [{ url: 'nowhere', priority: -1 }],
      forwardHeaders: ['no header'],
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'input.graphql.endpoints.0.priority',
      'input.graphql.endpoints.0.url',
      'input.graphql.forwardHeaders.0',
      'input.graphql.namespace',
      'input.graphql.sdl:2:9',
      'input.graphql.sdl:3:11',
      'input.graphql.sdl:3:30',
      'input.graphql.url',
    ]);
  });

  test.each([
    ['what is no SDL', 'type Query {', /:1:13$/, /Expected Name, found <EOF>/],
    ['an operation', '{ a }', /:1:1$/, /got an operation/],
    [
      'types that break the rules',
      'interface I { a: Int } type Query implements I { b: Int }',
      /:1:\d+$/,
      /Interface field I\.a expected/,
    ],
    ['SDL without a query', 'type Item { id: ID }', /sdl$/, /Query root type must be provided/],
  ])('%s', async (_name, sdl, place, message) => {
    const problems = await problemsOf({ endpoints: [{ url: server.url }], sdl });
    expect(problems[0]?.path).toMatch(place);
    expect(problems[0]?.message).toMatch(message);
  });

  test('SDL that disagrees with the service, in every place', async () => {
    const has = `interface Named { name: String } interface Aged { age: Int }
      type Item implements Named { id: ID! name: String } type Person implements Named { name: String }
      union Thing = Item enum Size { SMALL } input Filter { size: Size! near: String! } type Shop { id: ID! }
      type Query {
        item(id: ID!, near: String!): Item
        find(filter: Filter, at: String): [Thing] slow(ms: Int!): Person shop: Shop aged: Aged
      }`;
    server.behave(graphqlBehaviour(buildSchema(has)));
    const sdl = `interface Named { name: String }
interface Aged { age: Int }
type Item implements Named & Aged { id: ID! name: String! age: Int }
type Person implements Named { name: String }
union Thing =
  | Item
  | Person
enum Size { SMALL LARGE }
input Filter { size: Size! }
interface Shop { id: ID! }
type Gone { weight: Float }
type Query {
  "Told in a line of its own."
  item(id: ID!, in: String, near: String!): Item
  find(filter: Filter, at: Int): [Thing]
  slow: Person
}
extend type Query { shop: Shop gone: Gone }`;
    const problems = await problemsOf({ url: server.url, sdl });
    const told = problems.map(({ path, message }) => [
      path.replace('input.graphql.sdl:', ''),
      message.replace('Expected the SDL to agree with the service; ', ''),
    ]);
    const service = 'in the service';
    expect(told.sort()).toEqual(
      [
        ['3:30', `${service} Item does not implement Aged.`],
        ['3:45', `Item.name is of type String! here, and String ${service}.`],
        ['3:59', 'the service has no Item.age.'],
        ['7:5', `${service} Person is not in the union Thing.`],
        ['8:19', 'the service has no Size.LARGE.'],
        ['9:7', 'the service requires Filter.near, which the SDL lacks.'],
        ['10:11', `Shop is an Interface type here, and an Object type ${service}.`],
        ['11:6', 'the service has no type Gone.'],
        ['14:17', 'the service has no Query.item(in:).'],
        ['15:24', `Query.find(at:) is of type Int here, and String ${service}.`],
        ['16:3', 'the service requires Query.slow(ms:), which the SDL lacks.'],
        ['18:32', 'the service has no Query.gone.'],
      ].sort(),
    );
    server.behave(graphqlBehaviour(buildSchema(SDL)));
    // A part of it is no disagreement.
    expect((await register({ url: server.url, sdl: 'type Query { greeting: String }' })).errors).toEqual([]);
  });

  test('an introspection and a REST document together', async () => {
    const { errors } = await register({ url: server.url }, { rest: { url: server.url } });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_DEFINITION', problems: [{ path: 'input' }] } }]);
  });

  test('credentials are in nothing that is shown', async () => {
    server.behave({ kind: 'answer', status: 500 });
    const { errors } = await register({ url: server.url, auth: { bearer: { token: 'hush-token' } } });
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('hush-token');
  });
});

test('Apollo Server says no-store of everything: the policy of the owner is above that', async () => {
  const upstream = await startApollo(deterministicSchema(SDL));
  upstreams.push(upstream);
  const policy = { cache: { ttlSeconds: 60 } };
  await gateway.publish({ name: 'apollo', visibility: 'PUBLIC', graphql: { url: upstream.url }, policy });
  const outcome = async (): Promise<string> => {
    const { extensions } = await gateway.query('{ apollo { greeting } }', {}, { 'weir-trace': '1' });
    return extensions.weir.sources[0].outcome;
  };
  expect([await outcome(), await outcome()]).toEqual(['FRESH', 'CACHED']);
});
