import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reset } from './reset.ts';

/** What the proxy does to bytes, in both directions. Omitted means: nothing. */
export interface Toxics {
  /** Added to every piece, each way. */
  readonly latencyMs?: number;
  /** Bandwidth, each way. */
  readonly bytesPerSecond?: number;
  /** Pieces are at most this large, each written on its own. */
  readonly sliceBytes?: number;
}

/**
 * What the proxy does to connections:
 * `pass` forwards; `blackhole` keeps every connection open, old and new, and forwards nothing;
 * `reset` resets every connection, old and new; `refuse` closes the port (connection refused).
 */
export type ProxyMode = 'pass' | 'blackhole' | 'reset' | 'refuse';

/**
 * A TCP proxy on loopback in front of a real server.
 *
 *     const proxy = await startFaultProxy(server.port);
 *     proxy.poison({ latencyMs: 50, sliceBytes: 7 });
 *     await proxy.mode('refuse');   // ... and later back to 'pass', on the same port
 *     await proxy.close();
 */
export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  readonly connections: number;
  readonly openSockets: number;
  /** From now on, for old and new connections. `{}` cures. */
  poison(toxics: Toxics): void;
  mode(mode: ProxyMode): Promise<void>;
  /** Resets the connections that are open now, without changing the mode. */
  resetConnections(): void;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number, toxics: Toxics = {}): Promise<FaultProxy> {
  const proxy = new RunningFaultProxy(targetPort, toxics);
  await proxy.listen();
  return proxy;
}

class RunningFaultProxy implements FaultProxy {
  connections = 0;
  port = 0;
  readonly #target: number;
  readonly #closing = new AbortController();
  readonly #pairs = new Map<Socket, Socket>();
  #toxics: Toxics;
  #mode: ProxyMode = 'pass';
  #server: Server | undefined;

  constructor(target: number, toxics: Toxics) {
    this.#target = target;
    this.#toxics = toxics;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#pairs.size;
  }

  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the fault proxy is not listening');
    this.port = address.port;
    this.#server = server;
  }

  poison(toxics: Toxics): void {
    this.#toxics = toxics;
  }

  async mode(mode: ProxyMode): Promise<void> {
    this.#mode = mode;
    if (mode === 'reset') this.resetConnections();
    if (mode === 'refuse') await this.#stopListening();
    else if (this.#server === undefined) await this.listen();
    for (const [client, upstream] of this.#pairs) {
      // A blackholed connection that passes again goes on from where it stood, like a route that comes back.
      if (mode === 'pass') {
        client.resume();
        upstream.resume();
      }
    }
  }

  resetConnections(): void {
    for (const [client, upstream] of this.#pairs) {
      reset(client);
      upstream.destroy();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#stopListening();
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    this.resetConnections();
    await closed;
    while (this.#pairs.size > 0) await new Promise((resolve) => setImmediate(resolve)); // their close events
  }

  #accept(client: Socket): void {
    this.connections += 1;
    client.on('error', () => {});
    if (this.#mode === 'reset') {
      reset(client);
      return;
    }
    const upstream = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    this.#pairs.set(client, upstream);
    upstream.on('error', () => reset(client));
    client.once('close', () => {
      this.#pairs.delete(client);
      upstream.destroy();
    });
    upstream.once('close', () => client.destroySoon());
    void this.#forward(client, upstream);
    void this.#forward(upstream, client);
  }

  /** Copies one direction; each piece meets the toxics and the mode of its own moment. */
  async #forward(from: Socket, to: Socket): Promise<void> {
    let clear = 0; // when the link is free again, for the bandwidth
    try {
      for await (const data of from) {
        for (const piece of slices(data as Buffer, this.#toxics.sliceBytes)) {
          const { latencyMs = 0, bytesPerSecond } = this.#toxics;
          const now = performance.now();
          clear = bytesPerSecond === undefined ? now : Math.max(clear, now) + (piece.length / bytesPerSecond) * 1000;
          const ms = latencyMs + clear - now;
          if (ms > 0) await sleep(ms, undefined, { signal: this.#closing.signal });
          while (this.#mode === 'blackhole') await sleep(5, undefined, { signal: this.#closing.signal });
          if (!to.writable) return;
          if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
          if (this.#toxics.sliceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
        }
      }
      to.end();
    } catch {
      to.destroy(); // a reset or the end of the proxy: either way nothing more to carry
    }
  }
}

function* slices(data: Buffer, size: number | undefined): Generator<Buffer> {
  if (size === undefined) yield data;
  else for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}
