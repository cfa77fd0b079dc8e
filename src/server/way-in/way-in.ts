import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../access/index.ts';
import type { WeirError } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { GraphLease } from '../../schema/index.ts';
import type { OutcomeKind } from '../../sources/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on /v1 and /prompts once the caller is known. */
    wayIn: WayIn | null;
  }
}

/** What the server knows of one request to /v1 or /prompts, from its first byte to its log line. */
export interface WayIn {
  readonly id: string;
  readonly startedAt: number;
  readonly caller: Caller;
  /** Aborts when the client goes away before its answer is complete, and when Weir ends it. */
  readonly signal: AbortSignal;
  /** Why Weir ended it, which is what its client is told, whatever else became of it by then. */
  ended: WeirError | undefined;
  /** Pins the graph version that a prompt is called in; given back when the answer has left. */
  lease: GraphLease | undefined;
  /** For the log line. */
  asked: string | undefined;
  outcome: OutcomeKind | undefined;
  errorCode: string | undefined;
  /** Ends what is done for it. */
  end(why: WeirError): void;
}

/** Begins the record of a request, and ends it when the connection does. */
export function beginWayIn(caller: Caller, request: FastifyRequest, reply: FastifyReply, clock: Clock): WayIn {
  const controller = new AbortController();
  const wayIn: WayIn = {
    id: request.id,
    startedAt: clock.now(),
    caller,
    signal: controller.signal,
    ended: undefined,
    lease: undefined,
    asked: undefined,
    outcome: undefined,
    errorCode: undefined,
    end(why) {
      wayIn.ended = why;
      controller.abort(why);
    },
  };
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error(`client of ${request.id} went away`));
    wayIn.lease?.release();
    wayIn.lease = undefined;
  });
  return wayIn;
}

export function wayInOf(request: FastifyRequest): WayIn {
  if (request.wayIn === null) throw new Error('the caller is set before the body is read');
  return request.wayIn;
}
