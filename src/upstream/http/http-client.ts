import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { EgressGuard } from '../egress/index.ts';
import type { HttpClient, HttpRequest, HttpResponse, OpenOptions } from '../types.ts';
import { failures } from './failures.ts';
import type { OpenSocketServices } from './open-socket.ts';
import { openWithin } from './open-within.ts';
import type { Origin, OriginRequest } from './origin.ts';
import { Origins } from './origins.ts';
import { PacedReading } from './paced-reading.ts';
import { isRedirect, redirected } from './redirect.ts';
import { toSentHeaders } from './request-headers.ts';
import { parseUrl, RequestTargets, readTarget } from './request-target.ts';
import { createResolver } from './resolver.ts';
import { streamed } from './streamed.ts';
import { type Lookup, systemLookup } from './system-lookup.ts';
import { startTimeLimit, type TimeLimit } from './time-limit.ts';

export interface HttpClientOptions {
  readonly egress: EgressGuard;
  readonly clock: Clock;
  /** Milliseconds for TCP and TLS together; default 1000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds for one DNS lookup; default 1000. */
  readonly dnsTimeoutMs?: number;
  /** Bytes of an answer after decompression, unless the request says less or more; default 8 MB. */
  readonly maxResponseBytes?: number;
  /** Most bytes that one compressed byte may become, looked at above 64 KB; default 100. */
  readonly maxRatio?: number;
  /** Bytes of names and values of an answer's headers; default 16 KB. */
  readonly maxHeaderBytes?: number;
  /** Connections to one origin; default 64. */
  readonly connectionsPerHost?: number;
  /** Those of streams, beside them; default 256. */
  readonly streamsPerHost?: number;
  /** Milliseconds between two reads of streams that trickle in quickly; default 0, as they come. */
  readonly streamPaceMs?: number;
  /** Requests that may wait for one of them; default 1000. */
  readonly maxWaitingPerHost?: number;
  /** Origins with connections at one time; default 256. */
  readonly maxOrigins?: number;
  /** Milliseconds without a request after which an origin's place is free again; default 60,000. */
  readonly originIdleMs?: number;
  /** Certificates (PEM) to trust besides the default store. */
  readonly ca?: readonly string[];
  /** How hosts are resolved; default the machine's own way. */
  readonly lookup?: Lookup;
}

/**
 * An HTTP/1.1 client for upstreams that cannot be trusted: every connection goes to an address that the guard
 * has passed, every size has a limit, and one timer ends a request and its socket.
 *
 * Header fields of the connection, `host`, `content-length` and `accept-encoding` are the client's own; those of
 * the request are not sent (but `accept-encoding: identity` switches compression off). Of the answer,
 * `content-encoding` and `content-length` are left out, as they describe bytes that nobody sees any more.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, egress, maxResponseBytes = 8 * 1024 * 1024, maxRatio = 100 } = options;
  const services: OpenSocketServices = {
    egress,
    clock,
    resolver: createResolver({
      lookup: options.lookup ?? systemLookup,
      clock,
      ...(options.dnsTimeoutMs === undefined ? {} : { timeoutMs: options.dnsTimeoutMs }),
    }),
    connectTimeoutMs: options.connectTimeoutMs ?? 1000,
    ca: options.ca === undefined ? undefined : [...getCACertificates('default'), ...options.ca],
  };
  const limits = {
    ...services,
    maxHeaderBytes: options.maxHeaderBytes ?? 16 * 1024,
    maxWaiting: options.maxWaitingPerHost ?? 1000,
    maxOrigins: options.maxOrigins ?? 256,
    idleMs: options.originIdleMs ?? 60_000,
  };
  const origins = new Origins({ ...limits, connections: options.connectionsPerHost ?? 64 });
  /** Streams last: they must not take the connections that everything else waits for. */
  const { streamsPerHost = 256, streamPaceMs = 0 } = options;
  const pacedReading = streamPaceMs === 0 ? undefined : new PacedReading(clock, streamPaceMs);
  const streamOrigins = new Origins({ ...limits, pacedReading, connections: streamsPerHost });
  const targets = new RequestTargets();
  /** Those that speak another protocol than HTTP. */
  const sockets = new Set<Socket>();
  let closed = false;

  async function open(href: string, { timeoutMs, signal }: OpenOptions): Promise<Socket> {
    if (closed) throw failures.cancelled('unsent', 'the HTTP client is closed');
    const url = parseUrl(href);
    const problem = egress.checkUrl(url);
    if (problem !== undefined) throw failures.prohibited(problem);
    const limit = startTimeLimit(clock, signal, timeoutMs);
    try {
      return await openWithin(url, services, limit);
    } finally {
      limit.release();
    }
  }

  function prepare(request: HttpRequest, from: Origins): { readonly origin: Origin; readonly sent: OriginRequest } {
    if (closed) throw failures.cancelled('unsent', 'the HTTP client is closed');
    if (request.method === 'CONNECT' || request.method === 'TRACE') {
      throw failures.unsendable(`the method must not be CONNECT or TRACE, but is ${request.method}`);
    }
    // What is read has as many URLs as there are things to read.
    const target = request.method === 'POST' ? targets.of(request.url) : readTarget(request.url);
    const sent = {
      method: request.method,
      path: target.path,
      headers: toSentHeaders(request.headers),
      body: request.body,
      limits: { maxBytes: request.maxBytes ?? maxResponseBytes, maxRatio },
    };
    return { origin: from.get(target), sent };
  }

  async function requestOnce(request: HttpRequest, limit: TimeLimit): Promise<HttpResponse> {
    const { origin, sent } = prepare(request, origins);
    return origin.send(sent, (exchange) => limit.watch(exchange));
  }

  async function follow(first: HttpRequest, limit: TimeLimit): Promise<HttpResponse> {
    const most = first.followRedirects ?? 0;
    let request = first;
    for (let followed = 0; ; followed++) {
      const response = await requestOnce(request, limit);
      if (most === 0 || !isRedirect(response)) return response;
      if (followed === most) throw failures.redirect(`redirected more than ${most} times`);
      request = redirected(request, response);
    }
  }

  return {
    async request(request) {
      const limit = startTimeLimit(clock, request.signal, request.timeoutMs);
      try {
        return await follow(request, limit);
      } catch (error: unknown) {
        throw error instanceof UpstreamFailure ? error : failures.unsendable('the request cannot be sent', error);
      } finally {
        limit.release();
      }
    },

    async stream(request) {
      try {
        const headers = { ...request.headers, 'accept-encoding': 'identity' };
        const { origin, sent } = prepare({ ...request, headers }, streamOrigins);
        return await streamed(request, origin, sent, clock);
      } catch (error: unknown) {
        throw error instanceof UpstreamFailure ? error : failures.unsendable('the request cannot be sent', error);
      }
    },

    async openSocket(href, options) {
      const socket = await open(href, options);
      if (closed) {
        socket.destroy();
        throw failures.cancelled('unsent', 'the HTTP client is closed');
      }
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },

    async connect(href, options) {
      const socket = await open(href, options);
      socket.end(() => socket.destroy());
    },

    async close() {
      closed = true;
      for (const socket of sockets) socket.destroy();
      await Promise.all([origins.close(), streamOrigins.close()]);
    },
  };
}
