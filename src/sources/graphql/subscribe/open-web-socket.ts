import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';
import { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import { failureFromStatus, type HttpClient } from '../../../upstream/index.ts';
import { failures } from './failures.ts';

const LIMITS = {
  perMessageDeflate: false,
  followRedirects: false,
  /** Bytes of one message: as many as an answer may have. */
  maxPayload: 8 * 1024 * 1024,
  /** Milliseconds given to the upstream to answer a close. */
  closeTimeout: 1_000,
};

export interface OpenWebSocketOptions {
  /** With http or https. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket over a connection of the HTTP client's, so that it goes where the egress rules allow and nowhere
 * else. Messages are not compressed: a small one cannot become a large one. Throws UpstreamFailure.
 */
export function openWebSocket(options: OpenWebSocketOptions): Promise<WebSocket> {
  const { url, headers, http, clock, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
      ...LIMITS,
      headers: { ...headers },
      createConnection: connector(() => http.openSocket(url, { timeoutMs, signal })),
    });
    const done = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('open', onOpen);
      socket.off('unexpected-response', onResponse);
    };
    const fail = (failure: UpstreamFailure): void => {
      done();
      reject(failure);
    };
    const onAbort = (): void => socket.terminate();
    const onOpen = (): void => {
      done();
      resolve(socket);
    };
    const onResponse = (request: ClientRequest, { statusCode = 0, headers: answered }: IncomingMessage): void => {
      request.destroy();
      const retryAfter = answered['retry-after'];
      const known = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      fail(failureFromStatus(statusCode, known, clock.now()) ?? notUpgraded(statusCode));
    };
    socket.once('open', onOpen);
    socket.once('unexpected-response', onResponse);
    // Stays: once the promise is settled the session listens beside it.
    socket.on('error', (error) => fail(asHandshakeFailure(error, signal)));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

type Connector = NonNullable<ClientOptions['createConnection']>;

/** `http.request` takes a connection that comes later by a callback; the types know only one that is there at once. */
function connector(open: () => Promise<Socket>): Connector {
  const connect = (_options: unknown, callback: (error: unknown, socket?: Socket) => void): void => {
    open().then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error),
    );
  };
  return connect as unknown as Connector;
}

function notUpgraded(status: number): UpstreamFailure {
  return failures.protocol(`the upgrade to a WebSocket was answered with HTTP status ${status}`);
}

function asHandshakeFailure(error: unknown, signal: AbortSignal): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (signal.aborted) return failures.lost('nobody waits for the connection any more', true);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return failures.lost('the connection ended in the handshake', false, error);
  return failures.protocol(
    `the upgrade to a WebSocket failed: ${error instanceof Error ? error.message : code}`,
    error,
  );
}
