import type { Socket } from 'node:net';

/** Intervals without a sign of life after which a connection is given up; more while data is on its way to it. */
const QUIET_INTERVALS = 2;
const BUSY_INTERVALS = 5;
/** What a ping or a comment itself takes is no progress. */
const MIN_PROGRESS_BYTES = 64;

/** Watches whether somebody is still at the other end of a connection that has nothing to say for long. */
export class SignsOfLife {
  readonly #socket: Socket;
  #missed = 0;
  #flushed = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The other end was heard of. */
  seen(): void {
    this.#missed = 0;
  }

  /** Once each interval. True when there was no sign for too long: nothing heard, and nothing taken of what waits. */
  missing(): boolean {
    const flushed = this.#socket.bytesWritten - this.#socket.writableLength;
    if (flushed - this.#flushed > MIN_PROGRESS_BYTES) this.#missed = 0;
    else this.#missed++;
    this.#flushed = flushed;
    return this.#missed > (this.#socket.writableLength > 0 ? BUSY_INTERVALS : QUIET_INTERVALS);
  }
}
