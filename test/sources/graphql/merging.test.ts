import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { type CallCache, createMemoryCallCache } from '../../../src/cache/index.ts';
import { graphqlKind } from '../../../src/sources/graphql/index.ts';
import type { CallContext, Outcome, Policy, SourceConnection } from '../../../src/sources/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient } from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { graphqlBehaviour } from './support/graphql-behaviour.ts';

const SDL = 'type Query { a: Int b: Int c(n: Int!): Int } type Mutation { set: Int }';
const schema = buildSchema(SDL);
const rootFields = schema.getQueryType()?.getFields() ?? {};
if (rootFields.a !== undefined) rootFields.a.resolve = () => 1;
if (rootFields.b !== undefined) rootFields.b.resolve = () => 2;
if (rootFields.c !== undefined) rootFields.c.resolve = (_, { n }) => n;

describe('calls that start together', () => {
  let clock: FakeClock;
  let server: FaultServer;
  let http: HttpClient;
  let cache: CallCache;
  let connection: SourceConnection;

  const healthy = graphqlBehaviour(schema);

  const connect = async (policy: Policy, operationPolicies: Record<string, Policy> = {}): Promise<void> => {
    const services = { http, clock, signal: new AbortController().signal };
    const definition = await graphqlKind.read({ sdl: SDL, endpoints: [{ url: server.url }] }, 'shop', services);
    const description = await graphqlKind.describe(definition, 'shop');
    const settings = { policy, operationPolicies, paused: false };
    const common = { name: 'shop', revision: 1, settings, http, cache, clock, random: seededRandom() };
    connection = graphqlKind.connect(definition, description, common);
  };

  beforeEach(async () => {
    clock = new FakeClock();
    server = await startFaultServer({ behaviour: healthy });
    http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
    cache = createMemoryCallCache({ clock });
  });

  afterEach(async () => {
    await connection.close();
    await cache.close();
    await http.close();
    await server.close();
  });

  const context = (more: Partial<CallContext> = {}): CallContext => ({
    requestId: 'r1',
    callerId: 'anonymous',
    headers: {},
    deadline: clock.now() + 10_000,
    signal: new AbortController().signal,
    maxStaleMs: undefined,
    takeUpstreamCall: () => true,
    ...more,
  });

  const call = async (name: string, of: CallContext, args: Record<string, unknown> = {}): Promise<Outcome> => {
    const [outcome] = await connection.call(name, [{ arguments: args }], of);
    if (outcome === undefined) throw new Error('One call went in; no outcome came out.');
    return outcome;
  };

  const texts = (): readonly string[] =>
    server.requests.map(({ body }) => (JSON.parse(body.toString('utf8')) as { query: string }).query);

  test('for one request are one call, and take one from its allowance', async () => {
    await connect({});
    let taken = 0;
    const of = context({ takeUpstreamCall: () => ++taken <= 1 });
    const outcomes = await Promise.all([call('a', of), call('b', of), call('c', of, { n: 3 })]);
    expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : outcome.failure))).toEqual([1, 2, 3]);
    expect(texts()).toEqual(['query($a2_n:Int!){f0:a f1:b f2:c(n:$a2_n)}']);
    expect(taken).toBe(1);
    // What starts later is another call.
    expect(await call('c', of, { n: 4 })).toMatchObject({ failure: { code: 'BUDGET_EXCEEDED' } });
  });

  test('for different requests are different calls', async () => {
    await connect({});
    await Promise.all([call('a', context()), call('b', context())]);
    expect(texts()).toEqual(['query{f0:a}', 'query{f0:b}']);
  });

  test('are at most 25 in one', async () => {
    await connect({});
    let taken = 0;
    const of = context({ takeUpstreamCall: () => ++taken > 0 });
    const calls = Array.from({ length: 60 }, (_, n) => ({ arguments: { n } }));
    const outcomes = await connection.call('c', calls, of);
    expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : undefined))).toEqual(
      calls.map(({ arguments: { n } }) => n),
    );
    expect(server.requests.length).toBe(3);
    expect(taken).toBe(3);
  });

  test('are retried as one', async () => {
    await connect({ retries: 1 });
    server.next({ kind: 'answer', status: 503 });
    const of = context();
    const outcomes = Promise.all([call('a', of), call('b', of)]);
    await server.until(({ requests }) => requests.length === 1);
    for (let i = 0; i < 50; i++) await clock.advance(10);
    expect((await outcomes).map(({ kind, attempts }) => [kind, attempts.length])).toEqual([
      ['FRESH', 2],
      ['FRESH', 2],
    ]);
    expect(texts()).toEqual(['query{f0:a f1:b}', 'query{f0:a f1:b}']);
  });

  test('go by themselves where their policies differ', async () => {
    await connect({}, { b: { attemptTimeoutMs: 500 } });
    const of = context();
    await Promise.all([call('a', of), call('b', of), call('c', of, { n: 1 })]);
    expect([...texts()].sort()).toEqual(['query($a1_n:Int!){f0:a f1:c(n:$a1_n)}', 'query{f0:b}']);
  });

  test('go on as long as anybody waits for a part', async () => {
    await connect({});
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.behave(async (request) => {
      await held;
      return typeof healthy === 'function' ? healthy(request) : healthy;
    });
    const leaving = new AbortController();
    const first = context({ signal: leaving.signal });
    const [a, b] = [call('a', first), call('b', first)];
    await server.until(({ requests }) => requests.length === 1);
    const joined = call('a', context({ callerId: 'another' }));
    leaving.abort();
    expect([(await a).kind, (await b).kind]).toEqual(['FAILED', 'FAILED']);
    answer();
    expect(await joined).toMatchObject({ kind: 'FRESH', value: 1 });
    expect(server.requests.length).toBe(1);
  });

  test('end when nobody waits any more', async () => {
    await connect({});
    server.behave({ kind: 'silent' });
    const leaving = new AbortController();
    const of = context({ signal: leaving.signal });
    const outcomes = Promise.all([call('a', of), call('b', of)]);
    await server.until(({ requests }) => requests.length === 1);
    leaving.abort();
    expect((await outcomes).map(({ kind }) => kind)).toEqual(['FAILED', 'FAILED']);
    await server.until(({ openSockets }) => openSockets === 0);
  });

  test('mutations are never together', async () => {
    await connect({});
    const of = context();
    await Promise.all([call('set', of), call('set', of)]);
    expect(texts()).toEqual(['mutation{f0:set}', 'mutation{f0:set}']);
  });
});
