import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import {
  type Caller,
  createBudgets,
  createKeyring,
  type Keyring,
  mayUse,
  type StoredBudgets,
} from '../../../../src/access/index.ts';
import { type CallCache, createMemoryCallCache } from '../../../../src/cache/index.ts';
import { UpstreamFailure } from '../../../../src/errors/index.ts';
import { createAccounts, createModels } from '../../../../src/models/index.ts';
import { openRegistry, type Registry } from '../../../../src/registry/index.ts';
import {
  type AdminServices,
  createAdminSchema,
  createGraphResolvers,
  createLifecycle,
  type LifecycleEvent,
  type SourceLifecycle,
} from '../../../../src/resolvers/index.ts';
import { createGraph, type Graph, type RequestContext } from '../../../../src/schema/index.ts';
import type { SourceKind } from '../../../../src/sources/index.ts';
import { createEgressGuard, type HttpClient } from '../../../../src/upstream/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { TestKind } from './test-kind.ts';

export const admin: Caller = { kind: 'key', id: 'k-admin', name: 'Ada', role: 'ADMIN' };
export const consumer: Caller = { kind: 'key', id: 'k-consumer', name: 'Cy', role: 'CONSUMER' };

/** An error as a client gets it. */
export interface SeenError {
  readonly code: unknown;
  readonly message: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

type Document<R, V> = (string | { toString(): string }) & DocumentTypeDecoration<R, V>;

/** A Weir without HTTP: the real registry in a folder of its own, graph, keyring and cache, and a kind for tests. */
export interface Harness {
  readonly registry: Registry;
  readonly graph: Graph;
  readonly lifecycle: SourceLifecycle;
  readonly keyring: Keyring;
  readonly cache: CallCache;
  readonly budgets: StoredBudgets;
  readonly kind: TestKind;
  readonly clock: FakeClock;
  readonly schema: GraphQLSchema;
  readonly events: LifecycleEvent[];
  /** Runs an operation of the admin API; throws when it fails. */
  run<R, V>(document: Document<R, V>, variables?: V, caller?: Caller): Promise<R>;
  /** Runs an operation that must fail, and gives its error. */
  refused<R, V>(document: Document<R, V>, variables?: V, caller?: Caller): Promise<SeenError>;
  /** Runs any text against the graph as a caller sees it. */
  query(source: string, caller?: Caller): Promise<ExecutionResult>;
  /** Everything stored, to be compared: nothing may have changed. */
  snapshot(): Promise<unknown>;
  /** Ends the process, as it were, and starts it anew on the same folder. The harness is useless afterwards. */
  restart(kind?: TestKind): Promise<Harness>;
  close(): Promise<void>;
}

interface HarnessOptions {
  readonly dataDir?: string;
  readonly kind?: TestKind;
  /** Instead of the kind for tests. */
  readonly realKind?: SourceKind;
  /** Private addresses are not reached. Default: false. */
  readonly production?: boolean;
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'weir-admin-'));
  const kind = options.kind ?? new TestKind();
  const clock = new FakeClock();
  const random = seededRandom(7);
  const registry = await openRegistry({ dataDir, encryptionKey: Buffer.alloc(32, 7), clock, random });
  const cache = createMemoryCallCache({ clock });
  const keyring = createKeyring({ store: registry, clock, random, environmentAdminKey: undefined });
  const budgets = await createBudgets({ store: registry, clock, onFailure: fail });
  // The schema is part of the graph, so the graph is handed over after it.
  const late: { graph?: Graph; lifecycle?: SourceLifecycle } = {};
  const services: AdminServices = {
    registry,
    cache,
    keyring,
    budgets,
    models: createModels({ accounts: await createAccounts(registry), budgets, http: noHttp, clock }),
    egress: createEgressGuard({ allow: [], allowPrivate: options.production !== true }),
    get graph() {
      return made(late.graph);
    },
    get lifecycle() {
      return made(late.lifecycle);
    },
  };
  const schema = await createAdminSchema(services);
  const graph = await createGraph({
    admin: { schema, publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock,
  });
  const lifecycle = createLifecycle({
    registry,
    graph,
    kinds: new Map([['REST', options.realKind ?? kind]]),
    http: noHttp,
    cache,
    clock,
    random,
  });
  late.graph = graph;
  late.lifecycle = lifecycle;
  const events: LifecycleEvent[] = [];
  lifecycle.events.on((event) => events.push(event));
  await lifecycle.restore();

  const execute = async (source: string, variables: unknown, caller: Caller, on: GraphQLSchema) =>
    graphql({
      schema: on,
      source,
      variableValues: (variables ?? {}) as Record<string, unknown>,
      contextValue: contextOf(caller, graph, clock),
    });

  const stop = async (): Promise<void> => {
    await graph.close();
    keyring.close();
    await cache.close();
    await budgets.close();
    await registry.close();
  };

  return {
    registry,
    graph,
    lifecycle,
    keyring,
    cache,
    budgets,
    kind,
    clock,
    schema,
    events,
    async run(document, variables, caller = admin) {
      const { data, errors } = await execute(String(document), variables, caller, schema);
      if (errors?.[0] !== undefined) throw errors[0].originalError ?? errors[0];
      return JSON.parse(JSON.stringify(data));
    },
    async refused(document, variables, caller = admin) {
      const { errors } = await execute(String(document), variables, caller, schema);
      const [error] = errors ?? [];
      if (error === undefined) throw new Error('It was not refused.');
      const problems = (error.extensions.problems ?? []) as SeenError['problems'];
      return { code: error.extensions.code, message: error.message, problems, extensions: error.extensions };
    },
    query(source, caller = admin) {
      const view = graph.current.view({
        admin: caller.kind === 'key' && caller.role === 'ADMIN',
        maySee: (member) => mayUse(caller, member.visibility),
      });
      return execute(source, {}, caller, view.schema);
    },
    async snapshot() {
      const { nodes } = await registry.sources({}, 200, undefined);
      const revisions = await Promise.all(nodes.map(({ name }) => registry.revisions(name)));
      const audit = await registry.auditLog(200, undefined);
      return {
        nodes,
        revisions,
        audit,
        keys: await registry.keys(),
        providers: await registry.providers(),
        budgets: await registry.budgets(),
        version: graph.current.number,
        sdl: graph.current.sdl,
      };
    },
    async restart(next = new TestKind()) {
      await stop();
      return startHarness({ ...options, dataDir, kind: next });
    },
    async close() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('It was used while the schema was still being built.');
  return value;
}

/** An outside where nobody answers. */
const noHttp: HttpClient = {
  request: () => Promise.reject(refused()),
  stream: () => Promise.reject(refused()),
  connect: () => Promise.reject(refused()),
  openSocket: () => Promise.reject(refused()),
  close: async () => {},
};

function refused(): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'connection_refused',
    detail: 'nobody answers in this test',
    neverLeft: true,
    retryable: true,
    countsAgainstHealth: true,
  });
}

function contextOf(caller: Caller, graph: Graph, clock: FakeClock): RequestContext {
  return {
    requestId: 'r1',
    caller,
    graph: graph.current,
    call: {
      requestId: 'r1',
      callerId: caller.id,
      headers: {},
      deadline: clock.now() + 10_000,
      signal: new AbortController().signal,
      maxStaleMs: undefined,
      takeUpstreamCall: () => true,
    },
    provenance: { record: () => {}, tellsPath: () => false, report: () => undefined },
    trace: false,
  };
}
