import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/index.ts';

/** Reads of an answer that wait for nothing: its head, who speaks, and the first of what is said. */
const FREE_READS = 3;
/** A read that brought as many bytes is of an answer that is large, not one that trickles. */
const LARGE_READ_BYTES = 8 * 1024;

/**
 * What a socket must be opened with: as soon as it holds a byte that nobody has taken, no more is read from the network.
 * So it is read when, and only when, its stream asks for more.
 */
export const READ_ON_DEMAND = { highWaterMark: 1 };

/**
 * Reads sockets no more often than each `paceMs`, all of them together. An answer that trickles in, such as that of a
 * quick model, wakes the process for every few bytes; read at a pace, it is a few reads of many events each. One
 * that comes more slowly than that is read as it comes.
 */
export class PacedReading {
  readonly #clock: Clock;
  readonly #paceMs: number;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, paceMs: number) {
    this.#clock = clock;
    this.#paceMs = paceMs;
  }

  /** To be told of a socket before anything was read from it. `_read` and `_write` are what a stream is made with. */
  add(socket: Socket): void {
    const read = socket._read.bind(socket);
    const write = socket._write.bind(socket);
    const writev = socket._writev?.bind(socket);
    let readBytes = 0;
    let readAt = -Infinity;
    let free = FREE_READS;
    let waits = false;
    const go = (): void => {
      if (!waits) return;
      waits = false;
      if (!socket.destroyed) read(0);
    };
    /** A request: its answer begins anew. */
    const begin = (): void => {
      free = FREE_READS;
      go();
    };
    socket._read = (size) => {
      const came = socket.bytesRead - readBytes;
      readBytes += came;
      if (came === 0) return read(size);
      const now = this.#clock.now();
      const sinceMs = now - readAt;
      readAt = now;
      if (free > 0) free -= 1;
      else if (came < LARGE_READ_BYTES && sinceMs < 1.5 * this.#paceMs) {
        waits = true;
        this.#wait(go);
        return;
      }
      read(size);
    };
    socket._write = (...args) => {
      begin();
      write(...args);
    };
    socket._writev = (...args) => {
      begin();
      writev?.(...args);
    };
  }

  #wait(go: () => void): void {
    this.#waiting.push(go);
    if (this.#waiting.length === 1) this.#clock.setTimer(() => this.#goOn(), this.#paceMs);
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
