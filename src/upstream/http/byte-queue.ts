import type { UpstreamFailure } from '../../errors/index.ts';
import { failures } from './failures.ts';

/** Bytes that may wait to be read before the upstream is made to wait. */
const HIGH_WATER_BYTES = 64 * 1024;

export interface ByteQueueOptions {
  readonly maxBytes: number;
  /** Ends the exchange that fills the queue. */
  readonly stop: (failure: UpstreamFailure) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Called once, when no more will come. */
  readonly onOver: () => void;
}

type End = { readonly kind: 'whole' } | { readonly kind: 'broken'; readonly failure: UpstreamFailure };
type Read = IteratorResult<Uint8Array, undefined>;

const DONE: Read = { done: true, value: undefined };

/** The body of a streamed answer, between the connection that fills it and the one caller who reads it. */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #options: ByteQueueOptions;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #totalBytes = 0;
  #paused = false;
  #end: End | undefined;
  #wake: (() => void) | undefined;
  #taken = false;

  constructor(options: ByteQueueOptions) {
    this.#options = options;
  }

  /** Held back because nobody reads: not the upstream's slowness. */
  get isPaused(): boolean {
    return this.#paused;
  }

  push(chunk: Buffer): void {
    if (this.#end !== undefined || chunk.length === 0) return;
    const { maxBytes } = this.#options;
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > maxBytes) {
      this.#options.stop(failures.bodyTooLarge(`an answer must have at most ${maxBytes} bytes, and this one has more`));
      return;
    }
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#options.pause();
    }
    this.#wake?.();
  }

  end(): void {
    this.#finish({ kind: 'whole' });
  }

  fail(failure: UpstreamFailure): void {
    this.#finish({ kind: 'broken', failure });
  }

  /** Not a generator: `return` must end the socket also while `next` waits for bytes. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    if (this.#taken) throw new Error('the body of a streamed answer can be iterated once');
    this.#taken = true;
    return {
      next: () => this.#read(),
      return: async () => {
        this.#leave();
        return DONE;
      },
    };
  }

  /** Not an async function: a stream has many chunks, and what is there needs no turn of its own. */
  #read(): Promise<Read> {
    if (this.#chunks.length > 0) return Promise.resolve({ done: false, value: this.#takeAll() });
    if (this.#end?.kind === 'broken') return Promise.reject(this.#end.failure);
    if (this.#end !== undefined) return Promise.resolve(DONE);
    return this.#more().then(() => this.#read());
  }

  #takeAll(): Buffer {
    const [first] = this.#chunks;
    const all = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks.length = 0;
    this.#waitingBytes = 0;
    if (this.#paused) {
      this.#paused = false;
      if (this.#end === undefined) this.#options.resume();
    }
    return all;
  }

  /** The reader has gone. */
  #leave(): void {
    this.#chunks.length = 0;
    if (this.#end !== undefined) return;
    this.end();
    this.#options.stop(failures.cancelled('answering', 'the answer was not read to its end'));
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#options.onOver();
    this.#wake?.();
  }
}
