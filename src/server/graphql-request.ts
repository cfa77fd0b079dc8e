import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/index.ts';
import type { Clock } from '../runtime/index.ts';
import type { GraphLease } from '../schema/index.ts';
import { CacheStatus } from './cache-status.ts';
import { NO_WRITES, type Write, type Writes } from './consistency-tokens.ts';

/** What the server knows of one request for GraphQL, from its first byte to its log line. */
export interface GraphQLRequest {
  readonly id: string;
  readonly startedAt: number;
  readonly caller: Caller;
  /** Aborts when the client goes away before its answer is complete. */
  readonly signal: AbortSignal;
  /** Taken with the GraphQL context, given back when the answer has left. */
  lease: GraphLease | undefined;
  /** For the log line: what ran and how it was served. */
  operationName: string | undefined;
  operationType: string | undefined;
  graphVersion: number | undefined;
  errorCodes: readonly string[];
  served: Readonly<Record<string, number>>;
  /** Answers of a subscription. */
  events: number | undefined;
  /** Of the calls made for it. */
  readonly cacheStatus: CacheStatus;
  /** What its client wrote before, by the token it brought. */
  writesBefore: Writes;
  /** The sources that its mutations may have changed, and when. */
  readonly writes: Map<string, Write>;
}

/** `signal` aborts when the client goes away. */
export function newGraphQLRequest(id: string, caller: Caller, signal: AbortSignal, clock: Clock): GraphQLRequest {
  return {
    id,
    startedAt: clock.now(),
    caller,
    signal,
    lease: undefined,
    operationName: undefined,
    operationType: undefined,
    graphVersion: undefined,
    errorCodes: [],
    served: {},
    events: undefined,
    cacheStatus: new CacheStatus(),
    writesBefore: NO_WRITES,
    writes: new Map(),
  };
}

/** Begins the record of an HTTP request, and ends it when the connection does. */
export function beginGraphQLRequest(
  id: string,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
  clock: Clock,
): GraphQLRequest {
  const controller = new AbortController();
  const record = newGraphQLRequest(id, caller, controller.signal, clock);
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error(`client of ${request.id} went away`));
    record.lease?.release();
    record.lease = undefined;
  });
  return record;
}
