import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import type { Answer, AnswerParts, Fault } from './fault-kinds.ts';
import type { ReceivedRequest } from './fault-request.ts';
import { reset } from './reset.ts';

export interface Connection {
  /** Where HTTP is spoken. */
  readonly stream: Socket;
  /** The TCP connection under it: the same, or what is below TLS. */
  readonly transport: Socket;
  /** Aborts when the server closes: every wait ends. */
  readonly closing: AbortSignal;
}

/** Does one fault to one request; resolves when the connection may go on to its next request. */
export async function perform(fault: Fault, request: ReceivedRequest, connection: Connection): Promise<void> {
  const { stream, transport } = connection;
  switch (fault.kind) {
    case 'answer':
      write(stream, serialize(fault));
      if (fault.framing === 'close') stream.end();
      return;
    case 'delay':
      await wait(fault.ms, connection);
      return stream.destroyed ? undefined : perform(fault.fault, request, connection);
    case 'gate':
      await fault.until;
      return stream.destroyed ? undefined : perform(fault.fault, request, connection);
    case 'silent':
      return forever(connection);
    case 'drip':
      return drip(fault, connection);
    case 'reset': {
      if (fault.when === 'in-body') {
        const { head, body } = parts(fault, 'length');
        await flushed(stream, Buffer.concat([head, body.subarray(0, body.length >> 1)]));
        await wait(5, connection); // a reset that overtakes the bytes would be the other case
      }
      reset(transport);
      return;
    }
    case 'close':
      if (fault.when === 'in-headers') write(stream, 'HTTP/1.1 200 OK\r\ncontent-type: applic');
      stream.end();
      return;
    case 'truncate': {
      const framing = fault.framing ?? 'length';
      const { head, body } = parts(fault, framing);
      const half = body.subarray(0, body.length >> 1);
      write(stream, Buffer.concat([head, framing === 'chunked' ? chunk(half) : half]));
      stream.end();
      return;
    }
    case 'garbage':
      write(stream, Buffer.from('\u0000\u0001\u0002 SSH-2.0-nothing like HTTP\n'.repeat(8)));
      return;
    case 'raw':
      write(stream, fault.bytes);
      if (fault.end === true) stream.end();
      return;
    case 'huge':
      return huge(fault.bytes ?? 200 * 1024 * 1024, fault.framing ?? 'chunked', connection);
    case 'bomb': {
      const body = await bomb(fault.encoding, fault.bytes ?? 100 * 1024 * 1024);
      const headers = { 'content-type': 'application/json', 'content-encoding': fault.encoding };
      write(stream, serialize({ kind: 'answer', headers, body }));
      return;
    }
    case 'header-flood': {
      const lines = Math.ceil((fault.bytes ?? 64 * 1024) / 1024);
      const headers = Object.fromEntries(Array.from({ length: lines }, (_, i) => [`x-flood-${i}`, 'f'.repeat(1008)]));
      write(stream, serialize({ kind: 'answer', headers }));
      return;
    }
    case 'surplus':
      if (fault.afterMs === undefined) {
        write(stream, Buffer.concat([serialize(fault.answer), serialize(fault.extra)]));
        return;
      }
      write(stream, serialize(fault.answer));
      await wait(fault.afterMs, connection);
      write(stream, serialize(fault.extra));
      return;
    case 'redirect': {
      const headers = { location: fault.to ?? request.path };
      write(stream, serialize({ kind: 'answer', status: fault.status ?? 302, headers, body: '' }));
      return;
    }
    case 'encoded': {
      const whole = fault.encodings.reduce<Buffer>((data, name) => COMPRESS[name](data), payload(fault));
      const body = whole.subarray(0, whole.length - (fault.cut ?? 0));
      const headers = { ...fault.headers, 'content-encoding': fault.encodings.join(', ') };
      write(stream, serialize({ kind: 'answer', status: fault.status ?? 200, headers, body }));
      return;
    }
    default: {
      const never: never = fault;
      throw new Error(`unknown fault: ${JSON.stringify(never)}`);
    }
  }
}

const COMPRESS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** Compressed once per size and encoding, by streaming: the test process never holds the plain bytes. */
const bombs = new Map<string, Promise<Buffer>>();

function bomb(encoding: keyof typeof COMPRESS, bytes: number): Promise<Buffer> {
  const key = `${encoding}:${bytes}`;
  const made = bombs.get(key) ?? (encoding === 'gzip' ? gzipOfSpaces(bytes) : blockOfSpaces(encoding, bytes));
  bombs.set(key, made);
  return made;
}

async function gzipOfSpaces(bytes: number): Promise<Buffer> {
  const out: Buffer[] = [];
  await pipeline(Readable.from(spaces(bytes)), createGzip({ level: 9 }), async (compressed: AsyncIterable<Buffer>) => {
    for await (const piece of compressed) out.push(piece);
  });
  return Buffer.concat(out);
}

async function blockOfSpaces(encoding: 'br' | 'deflate', bytes: number): Promise<Buffer> {
  const plain = Buffer.alloc(bytes, ' ');
  return encoding === 'deflate'
    ? deflateSync(plain)
    : brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

function* spaces(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(64 * 1024, ' ');
  for (let left = bytes; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
}

async function huge(bytes: number, framing: 'length' | 'chunked', { stream, closing }: Connection): Promise<void> {
  const length = framing === 'length' ? `content-length: ${bytes}` : 'transfer-encoding: chunked';
  write(stream, `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
  const body = function* (): Generator<Buffer> {
    for (const block of spaces(bytes)) yield framing === 'chunked' ? chunk(block) : block;
    if (framing === 'chunked') yield Buffer.from('0\r\n\r\n');
  };
  // The client is expected to leave in the middle; that is its right.
  await pipeline(Readable.from(body()), stream, { end: false, signal: closing }).catch(() => stream.destroy());
}

async function drip(fault: Extract<Fault, { kind: 'drip' }>, connection: Connection): Promise<void> {
  const { head, body } = parts(fault, 'length');
  const all = Buffer.concat([head, body]);
  let at = fault.from === 'head' ? 0 : head.length;
  write(connection.stream, all.subarray(0, at));
  while (at < all.length && !connection.stream.destroyed && !connection.closing.aborted) {
    await wait(fault.everyMs ?? 10, connection);
    write(connection.stream, all.subarray(at, at + (fault.bytes ?? 1)));
    at += fault.bytes ?? 1;
  }
}

function payload(answer: AnswerParts): Buffer {
  const body = answer.body ?? { ok: true };
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
}

function parts(answer: AnswerParts, framing: 'length' | 'chunked' | 'close'): { head: Buffer; body: Buffer } {
  const body = payload(answer);
  const headers = new Map<string, string | readonly string[]>([['content-type', 'application/json']]);
  if (framing === 'length') headers.set('content-length', String(body.length));
  if (framing === 'chunked') headers.set('transfer-encoding', 'chunked');
  if (framing === 'close') headers.set('connection', 'close');
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name.toLowerCase(), value);
  const lines = [...headers].flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}\r\n`),
  );
  return { head: Buffer.from(`HTTP/1.1 ${answer.status ?? 200} Whatever\r\n${lines.join('')}\r\n`, 'latin1'), body };
}

function serialize(answer: Answer): Buffer {
  const framing = answer.framing ?? 'length';
  const { head, body } = parts(answer, framing);
  if (framing !== 'chunked') return Buffer.concat([head, body]);
  return Buffer.concat([head, ...(body.length > 0 ? [chunk(body)] : []), Buffer.from('0\r\n\r\n')]);
}

function chunk(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
}

function write(stream: Socket, data: string | Uint8Array): void {
  if (stream.writable && data.length > 0) stream.write(data);
}

function flushed(stream: Socket, data: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write(data, () => resolve());
    else resolve();
  });
}

/** Ends early when the connection or the server does. */
function wait(ms: number, { stream, closing }: Connection): Promise<void> {
  if (stream.destroyed || closing.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stream.off('close', done);
      closing.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stream.once('close', done);
    closing.addEventListener('abort', done, { once: true });
  });
}

function forever({ stream }: Connection): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.once('close', () => resolve());
  });
}
