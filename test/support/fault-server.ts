import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Fault } from './fault-kinds.ts';
import { perform } from './fault-perform.ts';
import { type ReceivedRequest, readRequests } from './fault-request.ts';
import { reset } from './reset.ts';

export type { Answer, AnswerParts, Fault } from './fault-kinds.ts';
export type { ReceivedRequest } from './fault-request.ts';

/** A fault, or a function that chooses one by the request. */
export type Behaviour = Fault | ((request: ReceivedRequest) => Fault | Promise<Fault>);

export interface FaultServerOptions {
  /** Default: a good JSON answer. */
  readonly behaviour?: Behaviour;
  /** Serve HTTPS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

/**
 * A real HTTP/1.1 server on loopback that misbehaves as told.
 *
 *     const server = await startFaultServer({ behaviour: { kind: 'answer', status: 503 } });
 *     server.next({ kind: 'reset' });                      // the next request only; then 503 again
 *     server.behave((request) => request.path === '/slow' ? { kind: 'silent' } : { kind: 'answer' });
 *     server.requests.length; server.openSockets;          // what it saw
 *     await server.close();                                // leaves no socket, timer or stream behind
 */
export interface FaultServer {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request whose head and body came, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections ever accepted. */
  readonly connections: number;
  readonly openSockets: number;
  /** What happens to every request from now on. */
  behave(behaviour: Behaviour): void;
  /** What happens to the next requests, one each, before `behave` counts again. */
  next(...behaviours: readonly Behaviour[]): void;
  /** `true`: connections are accepted and never read, not even their TLS handshake. */
  halfOpen(on: boolean): void;
  /** Resets every open connection. */
  resetConnections(): void;
  /** Resolves when `predicate` holds; it is looked at whenever a connection or request comes or goes. */
  until(predicate: (server: FaultServer) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const state = new RunningFaultServer(options);
  await state.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  return state;
}

class RunningFaultServer implements FaultServer {
  readonly requests: ReceivedRequest[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  readonly #tls: FaultServerOptions['tls'];
  readonly #watchers = new Set<() => void>();
  #behaviour: Behaviour;
  #queue: Behaviour[] = [];
  #halfOpen = false;

  constructor(options: FaultServerOptions) {
    this.#behaviour = options.behaviour ?? { kind: 'answer' };
    this.#tls = options.tls;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the fault server is not listening');
    return address.port;
  }

  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  next(...behaviours: readonly Behaviour[]): void {
    this.#queue.push(...behaviours);
  }

  halfOpen(on: boolean): void {
    this.#halfOpen = on;
  }

  resetConnections(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  until(predicate: (server: FaultServer) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!predicate(this)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.until(() => this.#sockets.size === 0);
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
    socket.setNoDelay(true); // what is written later must not wait for the client's next packet
    socket.on('error', () => {}); // resets are what this server is for
    this.#changed();
    if (this.#halfOpen) return; // paused, and never read
    if (this.#tls === undefined) {
      socket.resume();
      this.#serve(socket, socket);
      return;
    }
    const secure = new TLSSocket(socket, { isServer: true, ...this.#tls });
    secure.on('error', () => socket.destroy());
    secure.on('close', () => socket.destroy());
    this.#serve(secure, socket);
  }

  #serve(stream: Socket, transport: Socket): void {
    // A client that ends its side has no use for an answer; half-open connections would outlive their tests.
    stream.once('end', () => stream.end());
    readRequests(stream, async (request) => {
      this.requests.push(request);
      this.#changed();
      const behaviour = this.#queue.shift() ?? this.#behaviour;
      const fault = typeof behaviour === 'function' ? await behaviour(request) : behaviour;
      await perform(fault, request, { stream, transport, closing: this.#closing.signal });
    });
  }
}
