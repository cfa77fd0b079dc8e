import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { UpstreamFailure } from '../../errors/index.ts';
import { codeOf, failures } from './failures.ts';

/** Content codings that are undone; also what Accept-Encoding offers. */
export const CODINGS = ['gzip', 'br', 'deflate'] as const;
export type Coding = (typeof CODINGS)[number];

export interface BodyLimits {
  /** Bytes after decompression. */
  readonly maxBytes: number;
  /** Most bytes out for one byte in; looked at above RATIO_FLOOR_BYTES only. */
  readonly maxRatio: number;
}

/** Below this many bytes out, no ratio is suspicious: short repetitive JSON compresses well. */
export const RATIO_FLOOR_BYTES = 64 * 1024;

export interface BodyEvents {
  /** Writing may go on, after `write` had answered false. */
  onDrain(): void;
  onComplete(body: Buffer): void;
  /** Called at most once, and then nothing else. */
  onFailure(failure: UpstreamFailure): void;
}

/** Collects the body of one answer, undoing at most one content coding on the way, within the limits. */
export interface AnswerBody {
  /** False: stop writing until `onDrain`. */
  write(chunk: Buffer): boolean;
  end(): void;
  destroy(): void;
}

/** The one coding of a `Content-Encoding` header, undefined for none; throws UpstreamFailure for anything else. */
export function readContentCoding(header: string | undefined): Coding | undefined {
  const names = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    // `none` is no coding of any registry; servers of event streams say it to keep proxies from compressing them.
    .filter((name) => name !== '' && name !== 'identity' && name !== 'none');
  if (names.length === 0) return undefined;
  const name = names[0] === 'x-gzip' ? 'gzip' : names[0]; // RFC 9110 section 8.4.1.3
  const coding = CODINGS.find((one) => one === name);
  if (names.length === 1 && coding !== undefined) return coding;
  throw failures.coding(`at most one of ${CODINGS.join(', ')} is accepted as content coding, but got ${header}`);
}

export function collectPlain(limits: BodyLimits, events: BodyEvents): AnswerBody {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > limits.maxBytes) events.onFailure(tooLarge(limits));
      else chunks.push(chunk);
      return true;
    },
    end: () => events.onComplete(joined(chunks, size)),
    destroy: () => {},
  };
}

export function collectCoded(coding: Coding, limits: BodyLimits, events: BodyEvents): AnswerBody {
  const chunks: Buffer[] = [];
  let bytesIn = 0;
  let bytesOut = 0;
  let decoder: Transform | undefined;
  let over = false;

  function fail(failure: UpstreamFailure): void {
    if (over) return;
    over = true;
    decoder?.destroy();
    events.onFailure(failure);
  }

  function start(firstByte: number): Transform {
    const made = createDecoder(coding, firstByte);
    made.on('data', (chunk: Buffer) => {
      if (over) return;
      bytesOut += chunk.length;
      if (bytesOut > limits.maxBytes) fail(tooLarge(limits));
      else if (bytesOut > RATIO_FLOOR_BYTES && bytesOut > bytesIn * limits.maxRatio) {
        fail(failures.bodyTooLarge(`${coding}: ${bytesIn} bytes became more than ${limits.maxRatio} times as many`));
      } else chunks.push(chunk);
    });
    made.on('drain', () => {
      if (!over) events.onDrain();
    });
    made.on('end', () => {
      if (over) return;
      over = true;
      events.onComplete(joined(chunks, bytesOut));
    });
    made.on('error', (error) => {
      // "unexpected end of file": the connection was whole, the compressed stream was not.
      const cut = codeOf(error) === 'Z_BUF_ERROR';
      fail(cut ? failures.incomplete(error) : failures.coding(`not ${coding}: ${error.message}`, error));
    });
    return made;
  }

  return {
    write(chunk) {
      if (over || chunk.length === 0) return true;
      bytesIn += chunk.length;
      decoder ??= start(chunk[0] ?? 0);
      return decoder.write(chunk);
    },
    end() {
      if (over) return;
      if (decoder !== undefined) decoder.end();
      else events.onComplete(Buffer.alloc(0)); // a coding named for no bytes at all is common, and harmless
    },
    destroy() {
      over = true;
      decoder?.destroy();
    },
  };
}

function createDecoder(coding: Coding, firstByte: number): Transform {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      // Meant to be zlib (RFC 9110 section 8.4.1.2), but some send bare deflate; a zlib header begins with method 8.
      return (firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw();
    default: {
      const never: never = coding;
      throw new Error(`unknown content coding: ${String(never)}`);
    }
  }
}

function tooLarge({ maxBytes }: BodyLimits): UpstreamFailure {
  return failures.bodyTooLarge(`an answer must have at most ${maxBytes} bytes, and this one has more`);
}

function joined(chunks: readonly Buffer[], size: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}
