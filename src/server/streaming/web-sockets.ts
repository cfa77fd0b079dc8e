import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { type Clock, LinkedSet } from '../../runtime/index.ts';
import { isForeignOrigin } from './origin.ts';
import { createTransport, type TransportOptions } from './transport.ts';
import { type OpenWebSocket, openWebSocket } from './web-socket.ts';

export interface WebSocketsOptions extends TransportOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly allowedOrigins: readonly string[];
  readonly heartbeatMs: number;
  /** Connections at a time. */
  readonly maxConnections: number;
  /** Bytes of one message. */
  readonly maxMessageBytes: number;
}

/** The WebSockets on /graphql. */
export interface WebSockets {
  /** Opens no more, and closes each that is open as soon as nothing runs over it. Resolves when all are closed. */
  drain(): Promise<void>;
  /** Ends what is still open. */
  terminate(): void;
}

/** Takes the upgrades of an HTTP server. */
export function acceptWebSockets(http: HttpServer, options: WebSocketsOptions): WebSockets {
  const { clock, log, heartbeatMs } = options;
  const open = new LinkedSet<OpenWebSocket>();
  let draining: { readonly whenClosed: () => void } | undefined;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: options.maxMessageBytes,
    handleProtocols: (protocols) => handleProtocols(protocols),
    // Its memory for each connection is more than all else of it together.
    perMessageDeflate: false,
  });
  const protocol = createTransport(options);

  http.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined || !(duplex instanceof Socket)) {
      refuse(duplex, ...(refusal ?? [400, 'A WebSocket needs a connection of its own.']));
      return;
    }
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      const connection = openWebSocket(socket, duplex, request, {
        protocol,
        clock,
        heartbeatMs,
        onUnexpected: (err) => log.error({ err }, 'unexpected error'),
        onClosed() {
          open.delete(link);
          if (open.size === 0) draining?.whenClosed();
        },
      });
      const link = open.add(connection);
    });
  });

  const refusalOf = (request: IncomingMessage): Refusal | undefined => {
    if (!/^\/graphql\/?(\?|$)/.test(request.url ?? '')) return [404, 'WebSockets are at /graphql.'];
    if (draining !== undefined) return [503, 'The gateway shuts down.'];
    if (isForeignOrigin(request.headers, options.allowedOrigins)) {
      return [403, `Pages of ${request.headers.origin} may not open WebSockets here.`];
    }
    if (open.size < options.maxConnections) return undefined;
    return [503, `The gateway may have at most ${options.maxConnections} WebSockets at a time.`];
  };

  return {
    drain() {
      return new Promise((resolve) => {
        draining = { whenClosed: resolve };
        for (const connection of open.values()) connection.closeWhenIdle();
        if (open.size === 0) resolve();
      });
    },
    terminate() {
      for (const connection of open.values()) connection.terminate();
    },
  };
}

type Refusal = readonly [status: 400 | 403 | 404 | 503, message: string];

const REFUSALS = {
  400: { phrase: 'Bad Request', code: 'BAD_REQUEST' },
  403: { phrase: 'Forbidden', code: 'FORBIDDEN' },
  404: { phrase: 'Not Found', code: 'NOT_FOUND' },
  503: { phrase: 'Service Unavailable', code: 'TOO_MANY_SUBSCRIPTIONS' },
} as const;

/** What is no WebSocket yet is answered as HTTP. */
function refuse(socket: Duplex, status: Refusal[0], message: string): void {
  const { phrase, code } = REFUSALS[status];
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  // The other end may be gone already.
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
