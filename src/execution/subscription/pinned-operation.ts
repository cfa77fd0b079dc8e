import { GraphQLError } from 'graphql';
import type { Graph, GraphLease, Stream } from '../../schema/index.ts';
import type { Executor } from '../executor.ts';
import type { ReadyOperation } from '../ready-operation.ts';
import type { SubscriberRequest } from './types.ts';

/** An operation that is ready to run on a graph version, which stays until the lease is released. */
export interface PinnedOperation {
  readonly lease: GraphLease;
  readonly operation: ReadyOperation;
  /** What it subscribes to; undefined for queries and mutations. */
  readonly stream: Stream | undefined;
}

export type StreamingOperation = PinnedOperation & { readonly stream: Stream };

export type Pinning =
  | { readonly ok: true; readonly pinned: PinnedOperation }
  | { readonly ok: false; readonly errors: readonly GraphQLError[] };

/** Makes a request ready to run on the graph as it is now, as its caller may see it. Holds no lease when it may not run. */
export function pinOperation(graph: Graph, executor: Executor, request: SubscriberRequest): Pinning {
  const { subscriber, signal } = request;
  const lease = graph.lease();
  let kept = false;
  try {
    const { version } = lease;
    const readiness = executor.ready({ ...request, view: subscriber.view(version) });
    if (!readiness.ok) return readiness;
    const { operation } = readiness;
    let stream: Stream | undefined;
    if (operation.kind === 'subscription') {
      const found = operation.stream(subscriber.context(version, signal));
      if (found instanceof GraphQLError) return { ok: false, errors: [found] };
      stream = found;
    }
    kept = true;
    return { ok: true, pinned: { lease, operation, stream } };
  } finally {
    if (!kept) lease.release();
  }
}
