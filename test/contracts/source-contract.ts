import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { printSchema, validateSchema } from 'graphql';
import { type CallCache, createMemoryCallCache } from '../../src/cache/index.ts';
import { InvalidDefinition } from '../../src/errors/index.ts';
import type { Models } from '../../src/models/index.ts';
import type { Clock } from '../../src/runtime/index.ts';
import type {
  CallContext,
  Outcome,
  Policy,
  SourceConnection,
  SourceDescription,
  SourceKind,
  SourceSettings,
} from '../../src/sources/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient, type UpstreamEvent } from '../../src/upstream/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import type { Behaviour, FaultServer } from '../support/fault-server.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** One kind under test, with an upstream that it can call. */
export interface SourceUnderTest<Input> {
  /** Answers correctly after this; the contract makes it misbehave in between. */
  readonly server: FaultServer;
  readonly healthy: Behaviour;
  /** Registers the upstream. Holds at least one secret. */
  readonly input: Input;
  /** Of kinds that are answered by models: those that ask `server`. */
  readonly models?: (http: HttpClient, clock: Clock) => Models;
  /** Laid under every policy of the contract, so that a kind's own defaults are those of others. */
  readonly policy?: Policy;
  /** Every secret text in the input, or in the accounts of its models. */
  readonly secrets: readonly string[];
  /** A cacheable query whose answer tells its arguments apart, and the value that must come for each. */
  readonly query: {
    readonly operation: string;
    readonly arguments: (n: number) => Readonly<Record<string, unknown>>;
    readonly value: (n: number) => unknown;
  };
  /** Inputs that must be refused, and how many problems each has at least. */
  readonly refused: readonly { readonly input: Input; readonly problems: number }[];
}

/** What every kind of source promises. The names of the tests are the contract. */
export function sourceContract<Input, Definition>(
  kind: SourceKind<Input, Definition>,
  start: () => Promise<SourceUnderTest<Input>>,
): void {
  describe(`${kind.name} sources keep the contract`, () => {
    let clock: FakeClock;
    let under: SourceUnderTest<Input>;
    let http: HttpClient;
    let cache: CallCache;
    let definition: Definition;
    let description: SourceDescription;
    let port: number;
    let models: Models | undefined;
    const connections: SourceConnection[] = [];

    beforeEach(async () => {
      clock = new FakeClock();
      under = await start();
      under.server.behave(under.healthy);
      http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
      cache = createMemoryCallCache({ clock });
      port = under.server.port;
      models = under.models?.(http, clock);
      definition = await read(under.input);
      description = await kind.describe(definition, 'shop');
    });

    afterEach(async () => {
      for (const connection of connections.splice(0)) await connection.close();
      await cache.close();
      await http.close();
      await under.server.close();
    });

    const read = (input: Input): Promise<Definition> =>
      kind.read(input, 'shop', { http, clock, signal: new AbortController().signal, ...withModels() });

    const withModels = () => (models === undefined ? {} : { models });

    const settings = (policy: Policy = {}, more: Partial<SourceSettings> = {}): SourceSettings => ({
      policy: { retries: 0, ...under.policy, ...policy },
      operationPolicies: {},
      paused: false,
      ...more,
    });

    const connect = (policy?: Policy): SourceConnection => {
      const services = { name: 'shop', revision: 1, settings: settings(policy), http, cache, clock, ...withModels() };
      const connection = kind.connect(definition, description, { ...services, random: seededRandom() });
      connections.push(connection);
      return connection;
    };

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

    const call = async (connection: SourceConnection, n = 1, more: Partial<CallContext> = {}): Promise<Outcome> => {
      const { operation, arguments: args } = under.query;
      const [outcome] = await connection.call(operation, [{ arguments: args(n) }], context(more));
      if (outcome === undefined) throw new Error('One call went in; no outcome came out.');
      return outcome;
    };

    /** Requests since the source was read. */
    const counted = (): (() => number) => {
      const before = under.server.requests.length;
      return () => under.server.requests.length - before;
    };

    const noSecretIn = (...things: readonly unknown[]): void => {
      const text = things.map((thing) => inspect(thing, { depth: 12, showHidden: true })).join('\n');
      for (const secret of under.secrets) expect(text).not.toContain(secret);
    };

    /** What a client would see; the upstream's place and words are not in it. */
    const clientError = (outcome: Outcome): string => {
      if (outcome.kind !== 'FAILED') throw new Error(`Expected FAILED, got ${outcome.kind}.`);
      const error = outcome.failure.toClientError('shop', outcome.attempts.length);
      const text = JSON.stringify([error.message, error.extensions]);
      expect(text).not.toContain('127.0.0.1');
      expect(text).not.toContain(String(port));
      expect(text).not.toContain('body-of-the-upstream');
      noSecretIn(text);
      return error.code;
    };

    describe('read', () => {
      test('gives a definition of plain JSON and secrets, the same for the same input', async () => {
        expect(isPlain(definition)).toBe(true);
        expect(await read(under.input)).toEqual(definition);
      });

      test('refuses a bad input with every problem and its place', async () => {
        expect(under.refused.length).toBeGreaterThan(0);
        for (const { input, problems } of under.refused) {
          const refusal: unknown = await read(input).then(
            () => 'read',
            (error: unknown) => error,
          );
          expect(refusal).toBeInstanceOf(InvalidDefinition);
          const listed = (refusal as InvalidDefinition).details.problems ?? [];
          expect(listed.length).toBeGreaterThanOrEqual(problems);
          for (const problem of listed) {
            expect(problem).toEqual({ path: expect.any(String), message: expect.stringMatching(/\S/) });
          }
        }
      });
    });

    describe('describe', () => {
      test('gives a valid schema with one field for every operation', () => {
        expect(validateSchema(description.schema)).toEqual([]);
        expect(description.operations.size).toBeGreaterThan(0);
        for (const [name, operation] of description.operations) {
          expect(operation.name).toBe(name);
          const root = {
            query: description.schema.getQueryType(),
            mutation: description.schema.getMutationType(),
            subscription: description.schema.getSubscriptionType(),
          }[operation.kind];
          expect(Object.keys(root?.getFields() ?? {})).toContain(operation.field);
        }
      });

      test('is deterministic, also for a definition that was stored and read again', async () => {
        const summary = (of: SourceDescription): unknown => [
          printSchema(of.schema),
          of.namespace,
          [...of.operations.values()].map(({ name, kind: root, field, idempotent, cacheable }) => [
            name,
            root,
            field,
            idempotent,
            cacheable,
          ]),
          of.warnings,
        ];
        expect(summary(await kind.describe(definition, 'shop'))).toEqual(summary(description));
        expect(summary(await kind.describe(stored(definition) as Definition, 'shop'))).toEqual(summary(description));
      });

      test('sends nothing', async () => {
        const requests = counted();
        await kind.describe(definition, 'shop');
        connect();
        expect(requests()).toBe(0);
      });
    });

    describe('call', () => {
      test('one in, one out, in order', async () => {
        const connection = connect();
        const numbers = [3, 1, 2, 5, 4, 1];
        const calls = numbers.map((n) => ({ arguments: under.query.arguments(n) }));
        const outcomes = await connection.call(under.query.operation, calls, context());
        expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : outcome.failure))).toEqual(
          numbers.map(under.query.value),
        );
        expect(await connection.call(under.query.operation, [], context())).toEqual([]);
      });

      test('values are frozen all the way', async () => {
        const outcome = await call(connect());
        expect(outcome.kind).toBe('FRESH');
        expect(isDeepFrozen('value' in outcome ? outcome.value : {})).toBe(true);
      });

      test('identical queries in flight are one request', async () => {
        const connection = connect();
        const requests = counted();
        const outcomes = await Promise.all([call(connection), call(connection), call(connection)]);
        expect(outcomes.map(({ kind: how }) => how)).toEqual(['FRESH', 'FRESH', 'FRESH']);
        expect(requests()).toBe(1);
      });

      test('an unknown operation fails; nothing is thrown or sent', async () => {
        const requests = counted();
        const outcomes = await connect().call('no such operation', [{ arguments: {} }, { arguments: {} }], context());
        expect(outcomes.map(({ kind: how }) => how)).toEqual(['FAILED', 'FAILED']);
        expect(requests()).toBe(0);
      });

      test('takes from the allowance of the request, and stops when there is none', async () => {
        const requests = counted();
        const outcome = await call(connect(), 1, { takeUpstreamCall: () => false });
        expect(clientError(outcome)).toBe('BUDGET_EXCEEDED');
        expect(requests()).toBe(0);
      });
    });

    describe('when the upstream is not well', () => {
      test('an upstream that nobody can reach fails the call and the probe, never the connection', async () => {
        await under.server.close();
        const connection = connect();
        expect(clientError(await call(connection))).toBe('NO_HEALTHY_UPSTREAM');
        expect(await connection.probe(new AbortController().signal)).toEqual({
          ok: false,
          latencyMs: expect.any(Number),
          reason: 'connection_refused',
        });
      });

      const words = 'body-of-the-upstream';
      const page = { 'content-type': 'text/html' };
      test.each<readonly [string, Behaviour, string]>([
        ['a 500', { kind: 'answer', status: 500, body: words }, 'UPSTREAM_ERROR'],
        ['a 503', { kind: 'answer', status: 503, body: { message: words } }, 'UPSTREAM_ERROR'],
        ['a page', { kind: 'answer', headers: page, body: `<p>${words}</p>` }, 'UPSTREAM_INVALID_RESPONSE'],
        [
          'half a JSON',
          { kind: 'answer', headers: { 'content-type': 'application/json' }, body: `{"${words}":` },
          'UPSTREAM_INVALID_RESPONSE',
        ],
      ])('%s is %s, without its words', async (_name, behaviour, code) => {
        under.server.behave(behaviour);
        expect(clientError(await call(connect()))).toBe(code);
      });

      test.each<readonly [string, Behaviour]>([
        ['bytes that are no HTTP', { kind: 'garbage' }],
        ['a reset', { kind: 'reset' }],
        ['half an answer', { kind: 'truncate' }],
        ['200 MB', { kind: 'huge' }],
        ['a compressed bomb', { kind: 'bomb', encoding: 'gzip' }],
      ])('%s is a failed call, and the next one works', async (_name, behaviour) => {
        const connection = connect();
        under.server.next(behaviour);
        clientError(await call(connection));
        expect(await call(connection)).toMatchObject({ kind: 'FRESH', value: under.query.value(1) });
      });

      test('silence ends at the deadline', async () => {
        under.server.behave({ kind: 'silent' });
        const requests = counted();
        const outcome = call(connect({ attemptTimeoutMs: 60_000, deadlineMs: 60_000 }), 1, {
          deadline: clock.now() + 2_000,
        });
        await under.server.until(() => requests() === 1);
        await clock.advance(2_000);
        expect(clientError(await outcome)).toBe('DEADLINE_EXCEEDED');
      });
    });

    describe('cancellation and settings', () => {
      test('a client that leaves ends its call, and the request with it', async () => {
        under.server.behave({ kind: 'silent' });
        const requests = counted();
        const controller = new AbortController();
        const outcome = call(connect(), 1, { signal: controller.signal });
        await under.server.until(() => requests() === 1);
        controller.abort();
        expect(await outcome).toMatchObject({ kind: 'FAILED', failure: { reason: 'cancelled' } });
        await under.server.until(({ openSockets }) => openSockets === 0);
      });

      test('a paused source sends nothing until it is resumed', async () => {
        const connection = connect();
        const requests = counted();
        connection.reconfigure(settings({}, { paused: true }));
        expect(connection.health().state).toBe('PAUSED');
        expect(await call(connection)).toMatchObject({ kind: 'FAILED', failure: { reason: 'source_paused' } });
        expect(requests()).toBe(0);
        connection.reconfigure(settings());
        expect(await call(connection)).toMatchObject({ kind: 'FRESH' });
      });

      test('calls obey the policy of the moment, that of the operation above that of the source', async () => {
        const connection = connect();
        expect([(await call(connection)).kind, (await call(connection)).kind]).toEqual(['FRESH', 'FRESH']);
        connection.reconfigure(settings({ cache: { ttlSeconds: 60 } }));
        expect([(await call(connection)).kind, (await call(connection)).kind]).toEqual(['FRESH', 'CACHED']);
        const operationPolicies = { [under.query.operation]: { retries: 1 } };
        connection.reconfigure(settings({}, { operationPolicies }));
        under.server.next({ kind: 'answer', status: 503 });
        const retried = call(connection, 7);
        for (let i = 0; i < 50; i++) await clock.advance(10);
        expect((await retried).attempts.map(({ result }) => result)).toEqual(['destination_unavailable', 'ok']);
      });
    });

    describe('health and events', () => {
      test('a probe tells that the upstream is there', async () => {
        expect(await connect().probe(new AbortController().signal)).toMatchObject({
          ok: true,
          latencyMs: expect.any(Number),
        });
      });

      test('endpoints go by number, and attempts are told to whoever listens', async () => {
        const connection = connect();
        const events: UpstreamEvent[] = [];
        connection.events.on((event) => events.push(event));
        await call(connection);
        expect(events).toContainEqual({
          type: 'attempt',
          source: 'shop',
          endpoint: 0,
          durationMs: expect.any(Number),
          failure: undefined,
        });
        const health = connection.health();
        expect(health.endpoints.map(({ number }) => number)).toEqual(health.endpoints.map((_, index) => index));
        expect(inspect([events, health], { depth: 8 })).not.toContain(String(port));
      });
    });

    describe('close', () => {
      test('ends what is in flight, leaves no socket and no timer, and may be repeated', async () => {
        under.server.behave({ kind: 'silent' });
        const connection = connect();
        const requests = counted();
        const outcome = call(connection);
        await under.server.until(() => requests() === 1);
        await connection.close();
        expect(clientError(await outcome)).toBe('NO_HEALTHY_UPSTREAM');
        await under.server.until(({ openSockets }) => openSockets === 0);
        expect(await call(connection)).toMatchObject({ kind: 'FAILED' });
        expect(requests()).toBe(1);
        await connection.close();
        await http.close();
        expect(clock.pending).toBe(0);
      });
    });

    test('secrets are in nothing that is shown', async () => {
      expect(under.secrets.length).toBeGreaterThan(0);
      const connection = connect();
      const served = await call(connection);
      under.server.behave({ kind: 'answer', status: 401, body: 'no' });
      const refused = await call(connection, 2);
      await under.server.close();
      const failed = await call(connection, 3);
      const probed = await connection.probe(new AbortController().signal);
      noSecretIn(
        definition,
        JSON.stringify(definition),
        description,
        connection,
        served,
        refused,
        failed,
        probed,
        connection.health(),
      );
    });
  });
}

/** As the registry stores it: JSON, with secrets taken out and put back. */
function stored(value: unknown): unknown {
  const secrets: Secret[] = [];
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key: string, item: unknown) {
    const raw = this[key];
    return raw instanceof Secret ? { $secret: secrets.push(raw) - 1 } : item;
  });
  return JSON.parse(text, (_key, item: unknown) => {
    const isMark = typeof item === 'object' && item !== null && '$secret' in item;
    return isMark ? secrets[Number(item.$secret)] : item;
  });
}

function isPlain(value: unknown): boolean {
  if (value instanceof Secret || value === undefined) return true;
  if (typeof value !== 'object' || value === null)
    return ['string', 'number', 'boolean', 'object'].includes(typeof value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const known = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return known && Object.values(value).every(isPlain);
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
