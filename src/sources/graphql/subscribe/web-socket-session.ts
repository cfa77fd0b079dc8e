import { type Message, MessageType, validateMessage } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { type UpstreamFailure } from '../../../errors/index.ts';
import type { Clock, Timer } from '../../../runtime/index.ts';
import { asFailure } from '../../shared/connection-parts.ts';
import { parseJson } from '../../shared/json-text.ts';
import { errorFailure, readErrors } from '../call/upstream-errors.ts';
import { closeFailure } from './close-failure.ts';
import { failures } from './failures.ts';
import type { Listener } from './transport.ts';

/** A silent connection is asked for a sign of life as often as this (RFC 6455, section 5.5.2), and lost without one. */
export const HEARTBEAT_MS = 15_000;

/** The WebSocket, its handshake done, and what `connection_init` carries. */
export interface OpenedWebSocket {
  readonly socket: WebSocket;
  readonly initPayload: Readonly<Record<string, string>> | undefined;
}

export interface WebSocketSessionOptions {
  readonly clock: Clock;
  /** Opens the connection; ends with the signal. Throws UpstreamFailure. */
  connect(signal: AbortSignal): Promise<OpenedWebSocket>;
  /** The upstream closed, or what it said was wrong. Nothing may be opened on the session any more. */
  onOver(failure: UpstreamFailure, wasReady: boolean): void;
  /** Its socket has gone. */
  onGone(): void;
}

/**
 * One connection of the protocol graphql-transport-ws and the subscriptions on it. It opens when it is made and closes
 * when nobody uses it any more.
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export class WebSocketSession {
  readonly #options: WebSocketSessionOptions;
  readonly #controller = new AbortController();
  readonly #ready = Promise.withResolvers<WebSocket>();
  readonly #listeners = new Map<string, Listener>();
  #phase: 'opening' | 'ready' | 'over' = 'opening';
  #socket: WebSocket | undefined;
  #users = 0;
  #lastId = 0;
  #heard = true;
  #heartbeat: Timer | undefined;

  constructor(options: WebSocketSessionOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {});
    this.#connect().catch((error: unknown) => {
      this.#over(asFailure(error));
      if (this.#socket === undefined) options.onGone();
    });
  }

  /** Subscribes, once the connection is ready. `body` is JSON text. Throws UpstreamFailure. */
  async open(body: string, listener: Listener, signal: AbortSignal): Promise<() => void> {
    this.#users++;
    try {
      const socket = await orAborted(this.#ready.promise, signal);
      const id = String(++this.#lastId);
      this.#listeners.set(id, listener);
      socket.send(`{"id":"${id}","type":"subscribe","payload":${body}}`);
      return () => {
        if (!this.#listeners.delete(id)) return;
        if (this.#phase === 'ready') socket.send(JSON.stringify({ id, type: MessageType.Complete }));
        this.#left();
      };
    } catch (error: unknown) {
      this.#left();
      throw error;
    }
  }

  /** Ends the connection without a word to anybody. */
  close(): void {
    this.#listeners.clear();
    this.#over(failures.lost('closed from this side', true));
    this.#socket?.terminate();
  }

  async #connect(): Promise<void> {
    const { socket, initPayload } = await this.#options.connect(this.#controller.signal);
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#heard = true;
    });
    // The close that follows says what happened; what broke the frames is known here only.
    socket.on('error', (error) => this.#over(frameFailure(error)));
    socket.on('close', (code) => {
      this.#over(closeFailure(code));
      this.#options.onGone();
    });
    if (this.#phase === 'over') socket.terminate();
    else socket.send(JSON.stringify({ type: MessageType.ConnectionInit, payload: initPayload }));
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#phase === 'over') return;
    this.#heard = true;
    const read = isBinary ? undefined : readMessage(data);
    // What it says stays out of the failure: it may quote anything.
    if (read === undefined) this.#broken('a message is not graphql-transport-ws');
    else this.#handle(read.message, (data as Buffer).length, read.hasBigInt);
  }

  #handle(message: Message, bytes: number, hasBigInt: boolean): void {
    switch (message.type) {
      case MessageType.ConnectionAck:
        if (this.#phase === 'opening') this.#acknowledged();
        return;
      case MessageType.Ping:
        this.#socket?.send(JSON.stringify({ type: MessageType.Pong, payload: message.payload }));
        return;
      case MessageType.Pong:
        return;
      case MessageType.Next:
        this.#listeners.get(message.id)?.next({ payload: { ...message.payload }, bytes, hasBigInt });
        return;
      case MessageType.Error: {
        const [first] = readErrors(message.payload) ?? [];
        this.#ended(message.id, first === undefined ? undefined : errorFailure(first, false));
        return;
      }
      case MessageType.Complete:
        this.#ended(message.id, undefined);
        return;
      case MessageType.ConnectionInit:
      case MessageType.Subscribe:
        this.#broken(`the server sent "${message.type}", which is the client's`);
        return;
      default: {
        const never: never = message;
        throw new TypeError(String(never));
      }
    }
  }

  #acknowledged(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#phase = 'ready';
    this.#ready.resolve(socket);
    this.#scheduleHeartbeat(socket);
  }

  #scheduleHeartbeat(socket: WebSocket): void {
    this.#heartbeat = this.#options.clock.setTimer(() => {
      if (!this.#heard) {
        this.#over(failures.silent(HEARTBEAT_MS));
        socket.terminate();
        return;
      }
      this.#heard = false;
      socket.ping();
      this.#scheduleHeartbeat(socket);
    }, HEARTBEAT_MS);
  }

  #ended(id: string, failure: UpstreamFailure | undefined): void {
    const listener = this.#listeners.get(id);
    // One that was ended from this side while the message was on its way.
    if (listener === undefined) return;
    this.#listeners.delete(id);
    listener.ended(failure);
    this.#left();
  }

  #left(): void {
    this.#users--;
    if (this.#users > 0 || this.#phase === 'over') return;
    this.#over(failures.lost('nobody uses it', true));
    this.#socket?.close(1000);
  }

  #broken(detail: string): void {
    this.#over(failures.protocol(detail));
    this.#socket?.close(4004, 'Bad response');
  }

  #over(failure: UpstreamFailure): void {
    if (this.#phase === 'over') return;
    const wasReady = this.#phase === 'ready';
    this.#phase = 'over';
    this.#heartbeat?.cancel();
    this.#controller.abort();
    this.#ready.reject(failure);
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    this.#options.onOver(failure, wasReady && listeners.length > 0);
    const shared = listeners.length > 1 && failure.code === 'UPSTREAM_INVALID_RESPONSE';
    const told = shared ? failures.brokenForAll(failure) : failure;
    for (const listener of listeners) listener.ended(told);
  }
}

function readMessage(data: RawData): { readonly message: Message; readonly hasBigInt: boolean } | undefined {
  try {
    const { value, hasBigInt } = parseJson(String(data), true);
    return { message: validateMessage(value), hasBigInt };
  } catch {
    return undefined;
  }
}

/** Why a frame could not be read. */
function frameFailure(error: Error): UpstreamFailure {
  const detail = `the WebSocket broke: ${error.message}`;
  const isTooLarge = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  return isTooLarge ? failures.tooLarge(detail, error) : failures.protocol(detail, error);
}

/** The value, unless the signal aborts first: then what it aborted for. */
async function orAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([value, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
