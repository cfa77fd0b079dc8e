import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Clock } from '../runtime/index.ts';
import type { CallContext } from '../sources/index.ts';
import type { GraphQLHttpRequest } from './graphql-request.ts';

export interface RequestLimits {
  /** Milliseconds for one whole request. */
  readonly requestDeadlineMs: number;
  /** Upstream calls one request may cause. */
  readonly upstreamCallLimit: number;
}

/** The part of the GraphQL context that upstream calls see. `headers` are those a source may forward. */
export function callContext(
  http: GraphQLHttpRequest,
  request: FastifyRequest,
  headers: Readonly<Record<string, string>>,
  limits: RequestLimits,
  clock: Clock,
): CallContext {
  let callsLeft = limits.upstreamCallLimit;
  return {
    requestId: http.id,
    callerId: http.caller.id,
    headers,
    deadline: clock.now() + limits.requestDeadlineMs,
    signal: http.signal,
    maxStaleMs: readMaxStale(request.headers['weir-max-stale']),
    takeUpstreamCall: () => callsLeft-- > 0,
  };
}

/** `weir-max-stale: <seconds>`; 0 forbids stale answers. */
function readMaxStale(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value) * 1000;
  throw new GraphQLError(`Header weir-max-stale: expected a whole number of seconds, got ${JSON.stringify(value)}.`, {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
