import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { GraphQLError } from 'graphql';
import type { Server as ProtocolServer, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { RequestHeaders } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { Subscription } from '../../execution/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { Write } from '../consistency-tokens.ts';
import type { GraphQLRequest } from '../graphql-request.ts';
import { heartbeat } from './heartbeat.ts';
import { SignsOfLife } from './signs-of-life.ts';

export interface RunningOperation {
  readonly request: GraphQLRequest;
  /** Of a subscription, once it has begun. */
  answers: Subscription | undefined;
}

/** What a connection is known by, from its upgrade to its close. */
export interface ConnectionExtra {
  /** Of the upgrade; with `connection_init`, those that its payload adds. */
  headers: RequestHeaders;
  /** Aborts when the client goes away. */
  readonly gone: AbortController;
  /** By what was sent for each: the client may use an id again. */
  readonly operations: Map<SubscribePayload, RunningOperation>;
  /** The sources that mutations over this connection may have changed, and when: what it reads later is not older. */
  readonly writes: Map<string, Write>;
  /** An operation has ended. */
  onIdle: () => void;
}

export interface WebSocketOptions {
  readonly protocol: ProtocolServer<ConnectionExtra>;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly onUnexpected: (error: unknown) => void;
  readonly onClosed: () => void;
}

export interface OpenWebSocket {
  /** Closes it as soon as no operation runs over it. */
  closeWhenIdle(): void;
  terminate(): void;
}

/** Close codes of the protocol graphql-transport-ws, and of RFC 6455. */
const CLOSE_CODES = { goingAway: 1001, badRequest: 4400, unauthorized: 4401, internalError: 4500 } as const;
/** RFC 6455 section 5.5: a control frame has at most 125 bytes, of which the code takes two. */
const MAX_REASON_BYTES = 123;
/** Answers to what a client sends without reading; with more on their way nothing more is read from it. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Binds one connection to the protocol: what is sent waits for the network, and who is gone is noticed. */
export function openWebSocket(
  socket: WebSocket,
  raw: Socket,
  request: IncomingMessage,
  options: WebSocketOptions,
): OpenWebSocket {
  const { protocol, clock } = options;
  let draining = false;
  const closeIfIdle = (): void => {
    if (draining && extra.operations.size === 0) socket.close(CLOSE_CODES.goingAway, 'The gateway shuts down.');
  };
  const extra: ConnectionExtra = {
    headers: request.headers,
    gone: new AbortController(),
    operations: new Map(),
    writes: new Map(),
    // After what the protocol has to say of the operation's end.
    onIdle: () => void setImmediate(closeIfIdle),
  };

  const life = new SignsOfLife(raw);
  const stop = heartbeat(clock, options.heartbeatMs, () => {
    if (life.missing()) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  });
  socket.on('pong', () => life.seen());
  // A frame that is none, or too large: the library closes the connection with the right code by itself.
  socket.on('error', () => undefined);

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(text, () => {
            if (socket.isPaused && socket.bufferedAmount < MAX_UNSENT_BYTES) socket.resume();
            resolve();
          });
          if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.pause();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage(receive) {
        socket.on('message', (data) => {
          life.seen();
          receive(String(data)).catch((error: unknown) => {
            const { code, reason } = closeFor(error);
            if (code === CLOSE_CODES.internalError) options.onUnexpected(error);
            socket.close(code, reason);
          });
        });
      },
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    stop();
    extra.gone.abort();
    closed(code, String(reason)).catch(options.onUnexpected);
    // The library loses sight of one whose id the client used again before it had begun.
    for (const { answers } of extra.operations.values()) void answers?.return();
    options.onClosed();
  });

  return {
    closeWhenIdle() {
      draining = true;
      closeIfIdle();
    },
    terminate: () => socket.terminate(),
  };
}

function closeFor(error: unknown): { readonly code: number; readonly reason: string } {
  const code = error instanceof WeirError || error instanceof GraphQLError ? error.extensions.code : undefined;
  switch (code) {
    case 'UNAUTHENTICATED':
      return { code: CLOSE_CODES.unauthorized, reason: reasonOf(code, error) };
    case 'BAD_REQUEST':
      return { code: CLOSE_CODES.badRequest, reason: reasonOf(code, error) };
    default:
      return { code: CLOSE_CODES.internalError, reason: 'Internal server error' };
  }
}

function reasonOf(code: string, error: unknown): string {
  const text = `${code}: ${error instanceof Error ? error.message : ''}`;
  const cut = Buffer.from(text).subarray(0, MAX_REASON_BYTES).toString();
  // A character that was cut in two.
  return cut.replace(/\uFFFD$/, '');
}
