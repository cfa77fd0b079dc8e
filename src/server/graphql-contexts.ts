import { isAdmin, mayUse, type RequestHeaders } from '../access/index.ts';
import { createRequestContext } from '../execution/index.ts';
import type { Clock } from '../runtime/index.ts';
import type { GraphVersion, GraphView, ProvenanceEntry, ProvenanceRecorder, RequestContext } from '../schema/index.ts';
import { CONSISTENCY_HEADER, type ConsistencyTokens } from './consistency-tokens.ts';
import type { GraphQLRequest } from './graphql-request.ts';
import { checkMaxStale } from './max-stale.ts';

export interface GraphQLContextsOptions {
  readonly tokens: ConsistencyTokens;
  readonly clock: Clock;
  /** Milliseconds for one whole request. */
  readonly deadlineMs: number;
  /** The same once it asks models; each call of another source has `deadlineMs` of it. */
  readonly modelDeadlineMs: number;
  readonly upstreamCallLimit: number;
  /** Told of each call to an upstream, when its outcome is known. */
  readonly onCall: (entry: ProvenanceEntry) => void;
}

/** What execution is given of a request, whichever way it came in. */
export interface GraphQLContexts {
  /** Takes note of what the headers ask of every answer. Throws BAD_REQUEST when that makes no sense. */
  readHeaders(request: GraphQLRequest, headers: RequestHeaders): void;
  /** The part of a version that the request's caller may use. */
  view(request: GraphQLRequest, version: GraphVersion): GraphView;
  /** The time for it begins now. `headers` are those that sources may be given. */
  create(
    request: GraphQLRequest,
    headers: Readonly<Record<string, string>>,
    version: GraphVersion,
    signal: AbortSignal,
  ): RequestContext;
}

export function createGraphQLContexts(options: GraphQLContextsOptions): GraphQLContexts {
  const { tokens, clock } = options;

  /** Every call is also an event: usage, and whoever watches, listen there. */
  const telling = (recorder: ProvenanceRecorder, request: GraphQLRequest): ProvenanceRecorder => ({
    record(entry) {
      recorder.record(entry);
      request.cacheStatus.note(entry.outcome);
      options.onCall(entry);
    },
    tellsPath: (outcome) => recorder.tellsPath(outcome),
    report: () => recorder.report(),
  });

  return {
    readHeaders(request, headers) {
      checkMaxStale(joined(headers['weir-max-stale']));
      request.writesBefore = tokens.read(joined(headers[CONSISTENCY_HEADER]));
    },

    view: ({ caller }, version) =>
      version.view({ admin: isAdmin(caller), maySee: ({ visibility }) => mayUse(caller, visibility) }),

    create(request, headers, version, signal) {
      const { writes, writesBefore } = request;
      const now = clock.now();
      const context = createRequestContext({
        requestId: request.id,
        caller: request.caller,
        graph: version,
        headers,
        deadline: now + options.deadlineMs,
        modelTime: { deadline: now + options.modelDeadlineMs, otherCallMs: options.deadlineMs },
        signal,
        maxUpstreamCalls: options.upstreamCallLimit,
        notOlderThan:
          writesBefore.size + writes.size === 0
            ? undefined
            : tokens.notOlderThan(new Map([...writesBefore, ...writes])),
        onWrite: (source, at) => writes.set(source, { at, writer: tokens.writer }),
      });
      return { ...context, provenance: telling(context.provenance, request) };
    },
  };
}

/** As RFC 9110 section 5.3 joins repeated headers. */
function joined(value: RequestHeaders[string]): string | undefined {
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}
