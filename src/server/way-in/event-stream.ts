import type { FastifyReply } from 'fastify';
import type { Clock } from '../../runtime/index.ts';

/** Milliseconds between two writes: a reader sees no difference, and each write costs both sides as much as all else. */
const PACE_MS = 5;

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Events that are ready together leave together. One that comes soon after others left waits for its time, so that the
 * stream of a quick model is not a write for each word; one that comes later leaves at once. `send` resolves when the
 * client may be given more.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #pacedBy: Clock | undefined;
  #waiting = '';
  #planned = false;
  #draining: Promise<void> | undefined;
  #wrote = -Infinity;

  /** Sends status 200 and the headers that the reply has by now. Without a clock every event leaves at once. */
  constructor(reply: FastifyReply, pacedBy?: Clock) {
    this.#reply = reply;
    this.#pacedBy = pacedBy;
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    // Proxies that collect an answer would take the sense out of a stream.
    reply.header('x-accel-buffering', 'no');
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
  }

  /** One event; `data` is a single line. Undefined when there is no need to wait. */
  send(data: string, event?: string): Promise<void> | undefined {
    this.#add(event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`);
    return this.#reply.raw.writableNeedDrain ? this.#drained() : undefined;
  }

  /** A sign of life, which clients overlook. */
  comment(): void {
    this.#add(':\n\n');
  }

  end(): void {
    this.#write();
    this.#reply.raw.end();
  }

  #add(text: string): void {
    this.#waiting += text;
    if (this.#planned) return;
    this.#planned = true;
    const waitMs = this.#pacedBy === undefined ? 0 : this.#wrote + PACE_MS - this.#pacedBy.now();
    // After all that has come by now was read: pieces that reached Weir together are one write.
    if (waitMs <= 0) setImmediate(() => this.#write());
    else this.#pacedBy?.setTimer(() => this.#write(), waitMs);
  }

  #write(): void {
    this.#planned = false;
    const text = this.#waiting;
    if (text === '') return;
    this.#waiting = '';
    if (this.#pacedBy !== undefined) this.#wrote = this.#pacedBy.now();
    if (!this.#reply.raw.destroyed && !this.#reply.raw.writableEnded) this.#reply.raw.write(text);
  }

  /** Or gone. Many may wait at a time, where answers to many are sent on one stream. */
  #drained(): Promise<void> {
    const { raw } = this.#reply;
    this.#draining ??= new Promise((resolve) => {
      if (raw.destroyed) return resolve();
      const go = (): void => {
        this.#draining = undefined;
        raw.off('drain', go).off('close', go);
        resolve();
      };
      raw.once('drain', go).once('close', go);
    });
    return this.#draining;
  }
}
