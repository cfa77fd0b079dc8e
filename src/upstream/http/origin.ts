import { type Dispatcher, Pool } from 'undici';
import { UpstreamFailure } from '../../errors/index.ts';
import { type Link, LinkedSet } from '../../runtime/index.ts';
import type { HttpResponse } from '../types.ts';
import type { BodyLimits } from './answer-body.ts';
import { destinationOf } from './destination.ts';
import { Exchange } from './exchange.ts';
import { failures } from './failures.ts';
import { type OpenSocketServices, openSocket } from './open-socket.ts';

export interface OriginOptions extends OpenSocketServices {
  readonly connections: number;
  readonly maxHeaderBytes: number;
  /** Requests that may wait for a connection. */
  readonly maxWaiting: number;
}

export interface OriginRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Uint8Array | undefined;
  readonly limits: BodyLimits;
}

/** Times that a request is begun again because its connection ended too soon. */
const MAX_DROPPED = 3;

/** A connection that is being opened. */
interface Opening {
  readonly controller: AbortController;
  /** The exchange that it was begun for, when known. */
  readonly exchange: Exchange | undefined;
}

/** The connections to one scheme, host and port, and the requests on them. */
export class Origin {
  /** Clock.now() when the last request began or ended. */
  lastUsed: number;
  inFlight = 0;
  readonly #options: OriginOptions;
  readonly #pool: Pool;
  readonly #openings = new Set<Opening>();
  readonly #exchanges = new LinkedSet<Exchange>();
  #waiting = 0;
  /** Set while undici takes a request in, which is when it begins a connection for it. */
  #dispatching: Exchange | undefined;
  readonly #tlsSessions = {
    last: undefined as Buffer | undefined,
    keep(session: Buffer): void {
      this.last = session;
    },
  };

  constructor(url: URL, options: OriginOptions) {
    this.#options = options;
    this.lastUsed = options.clock.now();
    this.#pool = new Pool(url.origin, {
      connections: options.connections,
      pipelining: 1,
      allowH2: false,
      // One timer of ours ends a request; undici's are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: options.maxHeaderBytes,
      keepAliveTimeout: 4000,
      keepAliveMaxTimeout: 60_000,
      keepAliveTimeoutThreshold: 1000,
      connect: (_options, callback) => {
        this.#open(url).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    });
  }

  /**
   * Sends a request; `onBegin` is given the exchange, so that it can be stopped. `listen` may put a handler of its own
   * in front of the exchange; it must hand on whatever it does not answer for.
   */
  async send(
    request: OriginRequest,
    onBegin: (exchange: Exchange) => void,
    listen?: (exchange: Exchange) => Dispatcher.DispatchHandler,
  ): Promise<HttpResponse> {
    this.inFlight += 1;
    try {
      for (let dropped = 0; ; dropped++) {
        const link = this.#begin(request, onBegin, listen);
        const exchange = link.value;
        try {
          return await exchange.answer;
        } catch (error: unknown) {
          // Kept connections that the upstream has ended are found out one by one, as they are used.
          if (!mayBeginAgain(request, exchange) || dropped === MAX_DROPPED) throw error;
        } finally {
          this.#exchanges.delete(link);
        }
      }
    } finally {
      this.inFlight -= 1;
      this.lastUsed = this.#options.clock.now();
    }
  }

  #begin(
    request: OriginRequest,
    onBegin: (exchange: Exchange) => void,
    listen?: (exchange: Exchange) => Dispatcher.DispatchHandler,
  ): Link<Exchange> {
    const { maxHeaderBytes, maxWaiting, connections } = this.#options;
    if (this.#waiting >= maxWaiting) {
      throw failures.tooMany(`${maxWaiting} requests wait for one of ${connections} connections already`);
    }
    this.#waiting += 1;
    const exchange = new Exchange({
      method: request.method,
      limits: request.limits,
      maxHeaderBytes,
      onLeftQueue: () => this.#leftQueue(exchange),
    });
    const link = this.#exchanges.add(exchange);
    onBegin(exchange);
    if (!exchange.isOver) this.#dispatch(request, exchange, listen?.(exchange) ?? exchange);
    return link;
  }

  /** Ends every request and connection. */
  async close(): Promise<void> {
    for (const exchange of this.#exchanges.values()) {
      exchange.stop(failures.cancelled(exchange.progress, 'the HTTP client was closed'));
    }
    for (const opening of this.#openings) opening.controller.abort();
    await this.#pool.destroy();
  }

  #dispatch(request: OriginRequest, exchange: Exchange, handler: Dispatcher.DispatchHandler): void {
    const { method, path, headers, body } = request;
    this.#dispatching = exchange;
    try {
      this.#pool.dispatch({ method, path, headers, ...(body === undefined ? {} : { body }) }, handler);
    } catch (error: unknown) {
      exchange.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#dispatching = undefined;
    }
  }

  async #open(url: URL): ReturnType<typeof openSocket> {
    const opening: Opening = { controller: new AbortController(), exchange: this.#dispatching };
    if (opening.exchange !== undefined) opening.exchange.onFreshConnection = true;
    this.#openings.add(opening);
    try {
      return await openSocket(destinationOf(url), this.#options, opening.controller.signal, this.#tlsSessions);
    } catch (error: unknown) {
      if (error instanceof UpstreamFailure && error.reason.startsWith('tls_')) this.#tlsSessions.last = undefined;
      throw error;
    } finally {
      this.#openings.delete(opening);
    }
  }

  /** A connection that is still being opened for somebody who has left would outlive the deadline. */
  #leftQueue(exchange: Exchange): void {
    this.#waiting -= 1;
    for (const opening of this.#openings) {
      if (opening.exchange === exchange || this.#waiting === 0) opening.controller.abort();
    }
  }
}

/** RFC 9110 section 9.2.1, without TRACE. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A kept connection that ends under a request is a race that nobody has lost (RFC 9112 section 9.3.1): what has no
 * effect is sent once more on another. Anything else only when it was not sent at all.
 */
function mayBeginAgain(request: OriginRequest, exchange: Exchange): boolean {
  return exchange.droppedUnsent || (exchange.droppedOnKept && SAFE_METHODS.has(request.method));
}
