import { GraphQLBoolean, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { createMemoryCallCache } from '../../../../../src/cache/index.ts';
import { type Clock, systemClock } from '../../../../../src/runtime/index.ts';
import type { CallContext, Outcome, Policy, SourceSettings } from '../../../../../src/sources/index.ts';
import { connectRest, type RestConnection } from '../../../../../src/sources/rest/call/index.ts';
import type { RestDefinition } from '../../../../../src/sources/rest/definition.ts';
import type { RestOperation } from '../../../../../src/sources/rest/plan.ts';
import { createEgressGuard, createHttpClient } from '../../../../../src/upstream/index.ts';
import {
  type Behaviour,
  type FaultServer,
  type ReceivedRequest,
  startFaultServer,
} from '../../../../support/fault-server.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

export interface RestSource {
  readonly server: FaultServer;
  readonly connection: RestConnection;
  call(operation: string, args?: Record<string, unknown>, context?: Partial<CallContext>): Promise<Outcome>;
  /** The value of a call that must be served. */
  value(operation: string, args?: Record<string, unknown>, context?: Partial<CallContext>): Promise<unknown>;
  /** The request that a call makes. */
  sent(operation: string, args?: Record<string, unknown>, context?: Partial<CallContext>): Promise<ReceivedRequest>;
  close(): Promise<void>;
}

export interface RestSourceOptions {
  readonly operations: readonly RestOperation[];
  readonly definition?: Partial<RestDefinition> | ((url: string) => Partial<RestDefinition>);
  readonly policy?: Policy;
  readonly operationPolicies?: Readonly<Record<string, Policy>>;
  readonly behaviour?: Behaviour;
  /** Base path of the endpoint. */
  readonly base?: string;
  /** Further endpoints, all backups. */
  readonly backups?: readonly string[];
  readonly clock?: Clock;
}

/** A connected REST source of the given operations in front of a real HTTP server. */
export async function startRestSource(options: RestSourceOptions): Promise<RestSource> {
  const clock = options.clock ?? systemClock;
  const server = await startFaultServer(options.behaviour === undefined ? {} : { behaviour: options.behaviour });
  const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
  const cache = createMemoryCallCache({ clock });
  const urls = [`${server.url}${options.base ?? ''}`, ...(options.backups ?? [])];
  const more = typeof options.definition === 'function' ? options.definition(server.url) : options.definition;
  const connection = connectRest(
    definition(urls, more),
    {
      schema: EMPTY,
      namespace: 'shop',
      operations: new Map(options.operations.map((operation) => [operation.name, operation])),
      warnings: [],
    },
    {
      name: 'shop',
      revision: 1,
      settings: settings(options),
      http,
      cache,
      clock,
      random: seededRandom(),
    },
  );
  const call: RestSource['call'] = async (operation, args = {}, context = {}) => {
    const [outcome] = await connection.call(operation, [{ arguments: args }], callContext(clock, context));
    if (outcome === undefined) throw new Error('A call must have an outcome.');
    return outcome;
  };
  return {
    server,
    connection,
    call,
    async value(operation, args, context) {
      const outcome = await call(operation, args, context);
      if (outcome.kind === 'FAILED') throw outcome.failure;
      return outcome.value;
    },
    async sent(operation, args, context) {
      const before = server.requests.length;
      const outcome = await call(operation, args, context);
      const request = server.requests[before];
      if (request === undefined) throw outcome.kind === 'FAILED' ? outcome.failure : new Error('Nothing was sent.');
      return request;
    },
    async close() {
      await connection.close();
      await cache.close();
      await http.close();
      await server.close();
    },
  };
}

export function settings({ policy = {}, operationPolicies = {} }: Partial<RestSourceOptions>): SourceSettings {
  return { policy: { retries: 0, ...policy }, operationPolicies, paused: false };
}

export function definition(urls: readonly string[], more: Partial<RestDefinition> = {}): RestDefinition {
  return {
    document: {},
    url: undefined,
    originalVersion: '3.1.0',
    readWarnings: [],
    endpoints: urls.map((url, index) => ({ url, priority: index, weight: 1 })),
    namespace: 'shop',
    auth: undefined,
    headers: [],
    forwardHeaders: [],
    include: [],
    exclude: [],
    operations: [],
    maps: 'LIST',
    ...more,
  };
}

export function callContext(clock: Clock, more: Partial<CallContext> = {}): CallContext {
  return {
    requestId: 'r1',
    callerId: 'anonymous',
    headers: {},
    deadline: clock.now() + 10_000,
    signal: new AbortController().signal,
    maxStaleMs: undefined,
    takeUpstreamCall: () => true,
    ...more,
  };
}

const EMPTY = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'ShopQuery', fields: { nothing: { type: GraphQLBoolean } } }),
});
