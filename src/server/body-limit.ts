import { Transform, type TransformCallback } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';

/** Answered as HTTP 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  readonly statusCode = 413;

  constructor(limit: number) {
    super(`The request body may have at most ${limit} bytes.`);
  }
}

/**
 * Refuses a body over the caller's own limit: by its announced length before a byte is read,
 * or, when none was announced, as soon as the limit is passed.
 */
export function limitBody(request: FastifyRequest, payload: RequestPayload, limit: number): RequestPayload {
  const announced = request.headers['content-length'];
  if (announced !== undefined) {
    if (Number(announced) > limit) throw new BodyTooLarge(limit);
    return payload;
  }
  const counter = new CountingStream(limit);
  payload.on('error', (error) => counter.destroy(error));
  return payload.pipe(counter);
}

class CountingStream extends Transform {
  /** Read by Fastify, which compares it with the announced length. */
  receivedEncodedLength = 0;
  readonly #limit: number;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.receivedEncodedLength += chunk.length;
    if (this.receivedEncodedLength > this.#limit) done(new BodyTooLarge(this.#limit));
    else done(null, chunk);
  }
}
