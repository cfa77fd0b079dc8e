import { buildSchema, type ExecutionResult } from 'graphql';
import { anonymous, type Caller } from '../../src/access/index.ts';
import {
  createExecutor,
  createRequestContext,
  type Executor,
  type ExecutorOptions,
} from '../../src/execution/index.ts';
import { createGraphResolvers } from '../../src/resolvers/graph/index.ts';
import { createGraph, type Graph, type GraphMember, type RequestContext } from '../../src/schema/index.ts';
import { ADMIN_SDL } from '../schema/graph/fake-member.ts';
import { FakeClock } from '../support/fake-clock.ts';

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly admin?: boolean;
  readonly caller?: Caller;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Harness {
  readonly graph: Graph;
  readonly executor: Executor;
  ask(source: string, options?: AskOptions): Promise<ExecutionResult>;
}

/** A graph of the members, and a way to ask it as the server does: lease, context, execute, release. */
export async function harness(members: readonly GraphMember[], options: ExecutorOptions = {}): Promise<Harness> {
  const graph = await createGraph({
    admin: { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock: new FakeClock(),
  });
  graph.swap(await graph.compose(members));
  const executor = createExecutor(options);
  return {
    graph,
    executor,
    async ask(source, { variables = {}, operationName, admin = false, headers = {}, caller = anonymous } = {}) {
      const lease = graph.lease();
      try {
        const context = contextFor(lease.version, headers, caller);
        const view = lease.version.view({ admin, maySee: () => true });
        const result = await executor.execute({ source, variables, operationName, view, context });
        // As a client gets it: objects with a prototype, errors as JSON.
        return JSON.parse(JSON.stringify(result));
      } finally {
        lease.release();
      }
    },
  };
}

export function contextFor(
  graph: RequestContext['graph'],
  headers: Readonly<Record<string, string>> = {},
  caller: Caller = anonymous,
): RequestContext {
  const { signal } = new AbortController();
  return createRequestContext({ requestId: 'r1', caller, graph, headers, deadline: 10_000, signal });
}
