import type { FastifyReply } from 'fastify';

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Events that are ready together leave together; `send` resolves when the client may be given more.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  #waiting = '';
  #planned = false;

  /** Sends status 200 and the headers that the reply has by now. */
  constructor(reply: FastifyReply) {
    this.#reply = reply;
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
    // After what is already resolved: pieces that one read of the upstream brought are one write.
    process.nextTick(() => this.#write());
  }

  #write(): void {
    this.#planned = false;
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '' && !this.#reply.raw.destroyed) this.#reply.raw.write(text);
  }

  /** Or gone. */
  #drained(): Promise<void> {
    const { raw } = this.#reply;
    return new Promise((resolve) => {
      if (raw.destroyed) return resolve();
      const go = (): void => {
        raw.off('drain', go).off('close', go);
        resolve();
      };
      raw.once('drain', go).once('close', go);
    });
  }
}
