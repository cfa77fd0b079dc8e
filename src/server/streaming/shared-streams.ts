import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { WeirError } from '../../errors/index.ts';
import type { Answering } from '../../execution/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { GraphQLContexts } from '../graphql-contexts.ts';
import { type GraphQLRequest, newGraphQLRequest } from '../graphql-request.ts';
import { logOperation, logRequest } from '../request-log.ts';
import { EventStream } from '../way-in/event-stream.ts';
import type { Asking } from './asking.ts';
import { formatResult } from './format-result.ts';
import { keepAlive } from './keep-alive.ts';
import { isForeignOrigin } from './origin.ts';
import { BadParameters, readParameters } from './read-parameters.ts';
import { SharedStream } from './shared-stream.ts';

export interface SharedStreamsOptions {
  readonly asking: Asking;
  readonly contexts: GraphQLContexts;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly allowedOrigins: readonly string[];
  readonly heartbeatMs: number;
  /** Streams at a time, reserved ones among them. */
  readonly maxConnections: number;
  /** Operations at a time over one stream. */
  readonly maxOperations: number;
}

/** GraphQL over server-sent events, one connection for many operations. */
export interface SharedStreams {
  wanted(request: FastifyRequest): boolean;
  /** Throws what is to be answered as an error of HTTP. */
  answer(request: FastifyRequest, reply: FastifyReply, record: GraphQLRequest): Promise<void>;
  /** Takes no more, and ends each stream as soon as nothing runs over it. */
  drain(): void;
}

const TOKEN_HEADER = 'x-graphql-event-stream-token';
const TOKEN_BYTES = 24;
const MAX_ID_LENGTH = 128;
const PROTOCOL = 'graphql-sse';

/**
 * The mode "single connection" of GraphQL over Server-Sent Events: PUT reserves a stream, GET opens it, POST begins an
 * operation whose answers come over it, DELETE ends one. A stream is its reserver's alone: a token is of no use to others.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#single-connection-mode
 */
export function createSharedStreams(options: SharedStreamsOptions): SharedStreams {
  const { asking, contexts, clock, random, log, maxConnections, maxOperations } = options;
  const streams = new Map<string, SharedStream>();
  let draining = false;

  const reserve = (reply: FastifyReply, { caller }: GraphQLRequest): FastifyReply => {
    if (draining) return refuse(reply, 503, 'TOO_MANY_SUBSCRIPTIONS', 'The gateway shuts down.');
    if (streams.size >= maxConnections) {
      const message = `The gateway may have at most ${maxConnections} shared event streams at a time.`;
      return refuse(reply, 503, 'TOO_MANY_SUBSCRIPTIONS', message);
    }
    const token = random.bytes(TOKEN_BYTES).toString('base64url');
    streams.set(token, new SharedStream({ callerId: caller.id, clock, onOver: () => streams.delete(token) }));
    return reply.code(201).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(token);
  };

  const open = (stream: SharedStream, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (!stream.isReserved) return refuse(reply, 409, 'CONFLICT', 'The event stream is open already.');
    reply.header('cache-control', 'no-store').header('connection', 'close');
    const events = new EventStream(reply);
    const stop = keepAlive(events, reply, clock, options.heartbeatMs);
    reply.raw.once('close', () => {
      stop();
      stream.over();
      if (!reply.raw.writableFinished) logRequest(log, request, reply, clock);
    });
    events.comment();
    stream.open(events);
    return reply;
  };

  const begin = async (stream: SharedStream, request: FastifyRequest, reply: FastifyReply, record: GraphQLRequest) => {
    const id = operationId(request);
    const parameters = readParameters(request);
    if (stream.has(id)) return refuse(reply, 409, 'CONFLICT', `An operation ${JSON.stringify(id)} runs already.`);
    if (stream.size >= maxOperations) {
      const message = `An event stream may have at most ${maxOperations} operations at a time; this one has as many.`;
      return refuse(reply, 429, 'TOO_MANY_SUBSCRIPTIONS', message);
    }
    const signal = stream.begin(id);
    const own = newGraphQLRequest(record.id, record.caller, signal, clock);
    let answering: Answering;
    try {
      contexts.readHeaders(own, request.headers);
      own.writesBefore = new Map([...own.writesBefore, ...stream.writes]);
      answering = await asking(own, request.headers, parameters);
    } catch (error: unknown) {
      stream.finish(id, signal);
      throw error instanceof GraphQLError ? new BadParameters(error.message) : error;
    }
    for (const [source, write] of own.writes) {
      stream.writes.set(source, write);
      record.writes.set(source, write);
    }
    if (answering.kind === 'REFUSED') {
      stream.finish(id, signal);
      reply
        .code(400)
        .header('cache-control', 'no-store')
        .send(formatResult(answering.result, record, log));
      return;
    }
    reply.code(202).header('cache-control', 'no-store').send();
    carry(stream, id, signal, answering, own).catch((err: unknown) => log.error({ err }, 'unexpected error'));
  };

  /** Sends all answers of an operation on its stream, as fast as they are taken. */
  const carry = async (
    stream: SharedStream,
    id: string,
    signal: AbortSignal,
    answering: Exclude<Answering, { kind: 'REFUSED' }>,
    own: GraphQLRequest,
  ): Promise<void> => {
    const answers = answering.kind === 'SUBSCRIBED' ? answering.answers : undefined;
    const leave = (): void => void answers?.return();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      const events = await stream.opened;
      for await (const result of answers ?? [answering.kind === 'ANSWERED' ? answering.result : {}]) {
        if (signal.aborted) break;
        if (answers !== undefined) own.events = (own.events ?? 0) + 1;
        await events?.send(JSON.stringify({ id, payload: formatResult(result, own, log) }), 'next');
      }
      if (!signal.aborted) await events?.send(JSON.stringify({ id }), 'complete');
    } finally {
      signal.removeEventListener('abort', leave);
      stream.finish(id, signal);
      logOperation(log, own, PROTOCOL, clock);
    }
  };

  return {
    wanted({ method, headers, query, body }) {
      if (method === 'PUT' || method === 'DELETE' || headers[TOKEN_HEADER] !== undefined) return true;
      const { token, query: text } = query as { readonly token?: unknown; readonly query?: unknown };
      if (token === undefined) return false;
      // Others may have a parameter of that name for reasons of their own.
      return method === 'GET' ? text === undefined : idIn((body as Body)?.extensions) !== undefined;
    },

    async answer(request, reply, record) {
      if (isForeignOrigin(request.headers, options.allowedOrigins)) {
        throw new WeirError('FORBIDDEN', `Pages of ${request.headers.origin} may not open event streams here.`);
      }
      if (request.method === 'PUT') {
        reserve(reply, record);
        return;
      }
      const stream = streams.get(tokenOf(request));
      // Whose it is not is told no more than who guesses.
      if (stream === undefined || stream.callerId !== record.caller.id) {
        throw new WeirError('NOT_FOUND', 'There is no event stream of this token. Reserve one with PUT.');
      }
      if (request.method === 'GET') {
        open(stream, request, reply);
      } else if (request.method === 'POST') {
        await begin(stream, request, reply, record);
      } else {
        stream.stop(operationId(request));
        reply.code(200).header('cache-control', 'no-store').send();
      }
    },

    drain() {
      draining = true;
      for (const stream of streams.values()) stream.drain();
    },
  };
}

function tokenOf({ headers, query }: FastifyRequest): string {
  const token = headers[TOKEN_HEADER] ?? (query as { readonly token?: unknown }).token;
  if (typeof token === 'string') return token;
  throw new BadParameters(`Expected one token, in the header ${TOKEN_HEADER} or as token in the URL.`);
}

type Body = { readonly extensions?: unknown } | null | undefined;

/** Of a POST in `extensions`, of a DELETE in the URL. */
function operationId({ method, query, body }: FastifyRequest): string {
  const id = idIn(method === 'POST' ? (body as Body)?.extensions : query);
  if (typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH) return id;
  const place = method === 'POST' ? 'extensions.operationId' : 'operationId in the URL';
  throw new BadParameters(`Expected ${place}: a text of at most ${MAX_ID_LENGTH} characters.`);
}

function idIn(holder: unknown): unknown {
  return (holder as { readonly operationId?: unknown } | null | undefined)?.operationId;
}

function refuse(reply: FastifyReply, status: 409 | 429 | 503, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ errors: [{ message, extensions: { code } }] });
}
