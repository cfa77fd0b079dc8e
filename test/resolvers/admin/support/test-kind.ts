import { buildSchema, type GraphQLObjectType } from 'graphql';
import { InvalidDefinition } from '../../../../src/errors/index.ts';
import { Emitter } from '../../../../src/runtime/index.ts';
import type {
  DriftRecord,
  OperationDescription,
  Outcome,
  Policy,
  ProbeResult,
  SourceConnection,
  SourceDescription,
  SourceKind,
  SourceServices,
  SourceSettings,
} from '../../../../src/sources/index.ts';
import type { RestInput } from '../../../../src/sources/rest/index.ts';
import type { UpstreamEvent, UpstreamHealth } from '../../../../src/upstream/index.ts';

export interface TestDefinition {
  readonly sdl: string;
  readonly namespace: string;
  readonly policies: Readonly<Record<string, Policy>>;
}

/** A connection that answers every call with its revision, and remembers what was done to it. */
export class TestConnection implements SourceConnection {
  readonly events = new Emitter<UpstreamEvent>();
  readonly services: SourceServices;
  settings: SourceSettings;
  closed = 0;
  probes = 0;
  /** Endpoints it says it has. */
  endpoints: readonly number[] = [];
  /** What was done to them by hand, in order. */
  readonly levers: unknown[] = [];
  drifts: readonly DriftRecord[] = [];
  readonly #kind: TestKind;

  constructor(services: SourceServices, kind: TestKind) {
    this.services = services;
    this.settings = services.settings;
    this.#kind = kind;
  }

  async call(operation: string, calls: readonly unknown[]): Promise<readonly Outcome[]> {
    const value = `${this.services.name}@${this.services.revision}.${operation}`;
    return calls.map(() => ({ kind: 'FRESH', value, ageMs: 0, durationMs: 1, attempts: [], cache: 'MISS' }));
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    this.probes++;
    return this.#kind.probe(signal);
  }

  reconfigure(settings: SourceSettings): void {
    this.settings = settings;
  }

  health(): UpstreamHealth {
    const state = this.settings.paused ? 'PAUSED' : 'HEALTHY';
    const latencies = { lastError: undefined, latencyP50Ms: undefined, latencyP99Ms: undefined };
    const endpoints = this.endpoints.map((number) => {
      return { number, priority: 0, state, breaker: 'CLOSED', ...latencies } as const;
    });
    return { state, since: 1_700_000_000_000, endpoints };
  }

  isolateEndpoint(endpoint: number, isolated: boolean): void {
    this.levers.push(['isolate', endpoint, isolated]);
  }

  resetBreaker(endpoint: number): void {
    this.levers.push(['reset', endpoint]);
  }

  drift(): readonly DriftRecord[] {
    return this.drifts;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

/**
 * Stands in for the REST kind: a document is SDL with the types Query and perhaps Mutation, whose names get the source's
 * prefix. `bad: a; b` is a document with two problems. What fails can be chosen.
 */
export class TestKind implements SourceKind<RestInput, TestDefinition> {
  readonly name = 'REST';
  readonly connections: TestConnection[] = [];
  inputs: RestInput[] = [];
  reads = 0;
  describes = 0;
  /** Awaited by every read. */
  readGate: Promise<void> = Promise.resolve();
  failToDescribe = new Set<string>();
  failToConnect = new Set<string>();
  probe: (signal: AbortSignal) => Promise<ProbeResult> = async () => ({ ok: true, latencyMs: 3, status: 200 });

  async read(input: RestInput, sourceName: string): Promise<TestDefinition> {
    this.reads++;
    this.inputs.push(input);
    await this.readGate;
    const sdl = input.document ?? '';
    if (sdl.startsWith('bad:')) {
      const problems = sdl.slice(4).split(';');
      throw new InvalidDefinition(problems.map((message) => ({ path: '/paths', message: message.trim() })));
    }
    const policies = Object.fromEntries(
      (input.operations ?? []).map(({ operation, policy }) => [operation, policy ?? {}]),
    );
    return { sdl, namespace: input.namespace ?? sourceName, policies };
  }

  async describe({ sdl, namespace, policies }: TestDefinition, sourceName: string): Promise<SourceDescription> {
    this.describes++;
    if (this.failToDescribe.has(sourceName)) throw new Error(`cannot describe ${sourceName}`);
    const prefix = sourceName.charAt(0).toUpperCase() + sourceName.slice(1);
    const types = [...sdl.matchAll(/\b(?:type|input|enum) (\w+)/g)].map(([, type]) => type);
    const prefixed =
      types.length === 0 ? sdl : sdl.replace(new RegExp(`\\b(${types.join('|')})\\b`, 'g'), `${prefix}$1`);
    const roots = ['Query', 'Mutation'].filter((root) => types.includes(root));
    const schema = buildSchema(
      `${prefixed}\nschema { ${roots.map((root) => `${root.toLowerCase()}: ${prefix}${root}`).join(' ')} }`,
      { assumeValidSDL: true },
    );
    const operations = [
      ...operationsOf(schema.getQueryType(), 'query'),
      ...operationsOf(schema.getMutationType(), 'mutation'),
    ];
    return {
      schema,
      namespace,
      operations: new Map(
        operations.map((operation) => {
          const policy = policies[operation.name];
          return [operation.name, policy === undefined ? operation : { ...operation, policy }];
        }),
      ),
      warnings: sdl.includes('# odd') ? [{ kind: 'UNTYPED', path: '/odd', message: 'odd' }] : [],
    };
  }

  connect(_definition: TestDefinition, _description: SourceDescription, services: SourceServices): SourceConnection {
    if (this.failToConnect.has(services.name)) throw new Error(`cannot connect ${services.name}`);
    const connection = new TestConnection(services, this);
    this.connections.push(connection);
    return connection;
  }

  get open(): readonly TestConnection[] {
    return this.connections.filter(({ closed }) => closed === 0);
  }
}

function operationsOf(
  type: GraphQLObjectType | null | undefined,
  kind: OperationDescription['kind'],
): readonly OperationDescription[] {
  return Object.keys(type?.getFields() ?? {})
    .filter((field) => field !== 'nothing')
    .map((field) => ({ name: field, kind, field, idempotent: kind === 'query', cacheable: kind === 'query' }));
}
