import { type Caller, isAdmin } from '../access/index.ts';
import type { GraphVersion, RequestContext } from '../schema/index.ts';
import type { ModelTime } from '../sources/index.ts';
import { createProvenance } from './provenance.ts';

export interface RequestContextOptions {
  readonly requestId: string;
  readonly caller: Caller;
  /** The version of the request's lease. */
  readonly graph: GraphVersion;
  /** Request headers, lower case. `weir-trace` and `weir-max-stale` are read here. */
  readonly headers: Readonly<Record<string, string>>;
  /** Clock.now() milliseconds. */
  readonly deadline: number;
  /** The same once models are asked, and milliseconds for each other call then. Default: `deadline`. */
  readonly modelTime?: Omit<ModelTime, 'asked'>;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Calls to upstreams that the request may make. Default 100. */
  readonly maxUpstreamCalls?: number;
  /** By source: when the client wrote to it last, as far as it says. */
  readonly notOlderThan?: Readonly<Record<string, number>> | undefined;
  /** Told of each source that a mutation of this request may have changed. */
  readonly onWrite?: (source: string, at: number) => void;
}

/** The context value of one request. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  // Taken apart, so that what lasts as long as a subscription does not hold the graph it began with.
  const { requestId, caller, graph, headers, deadline, modelTime, signal, onWrite } = options;
  const trace = headers['weir-trace'] === '1';
  // Without a prototype: sources may be called `constructor`.
  const notOlderThan: Record<string, number> = Object.assign(Object.create(null), options.notOlderThan);
  let callsLeft = options.maxUpstreamCalls ?? 100;
  const call: Writable<RequestContext['call']> = {
    requestId,
    callerId: caller.id,
    headers,
    deadline,
    signal,
    maxStaleMs: maxStaleMs(headers['weir-max-stale']),
    notOlderThan,
    noteWrite: (source, at) => {
      notOlderThan[source] = Math.max(at, notOlderThan[source] ?? 0);
      onWrite?.(source, at);
    },
    takeUpstreamCall: () => callsLeft-- > 0,
  };
  if (modelTime !== undefined) call.modelTime = { ...modelTime, asked: false };
  const provenance = createProvenance({ graphVersion: graph.number, trace, details: isAdmin(caller) });
  return { requestId, caller, graph, trace, provenance, call };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Whole or broken seconds, as milliseconds. Anything else is as if the header were not there. */
function maxStaleMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}(\.\d{1,3})?$/.test(header.trim()) ? Number(header) * 1000 : undefined;
}
