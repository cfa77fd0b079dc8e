import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port whose connection attempts are never answered, neither accepted nor refused (Linux). */
export interface Blackhole {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens with a backlog of one in a thread that never runs again, and fills that backlog:
 * the kernel then drops every further SYN, like a route that leads nowhere.
 */
export async function startBlackhole(): Promise<Blackhole> {
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(workerData, 0, 0));
     });`,
    { eval: true, workerData: lock },
  );
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const fillers = await fill(port);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of fillers) socket.destroy();
      Atomics.store(lock, 0, 1);
      Atomics.notify(lock, 0);
      await worker.terminate();
    },
  };
}

/** Connects until an attempt hangs; answers every socket used, the hanging one too. */
async function fill(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < 16; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
    const connected = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 150);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    if (!connected) return sockets;
  }
  throw new Error('the kernel accepted 16 connections into a backlog of 1; expected it to drop them');
}
