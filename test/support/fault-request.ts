import type { Socket } from 'node:net';

/** One request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Names in lower case; repeated ones joined with ', '. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** 1 for the first request of a connection, 2 for the next. */
  readonly ofConnection: number;
}

/** Reads requests off a connection, one at a time: the next is read when `handle` of the last has resolved. */
export function readRequests(stream: Socket, handle: (request: ReceivedRequest) => Promise<void>): void {
  let buffered = Buffer.alloc(0);
  let busy = false;
  let count = 0;
  const pump = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      for (;;) {
        const parsed = parse(buffered, count + 1);
        if (parsed === undefined) break;
        count += 1;
        buffered = buffered.subarray(parsed.length);
        await handle(parsed.request);
      }
    } finally {
      busy = false;
    }
  };
  stream.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    pump().catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  });
}

/** The first complete request of the buffer, and how many bytes it took; undefined while it is not all there. */
function parse(data: Buffer, ofConnection: number): { request: ReceivedRequest; length: number } | undefined {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [requestLine = '', ...lines] = data.toString('latin1', 0, headEnd).split('\r\n');
  const [method = '', path = ''] = requestLine.split(' ');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const rest = data.subarray(headEnd + 4);
  const payload = headers['transfer-encoding'] === 'chunked' ? parseChunks(rest) : parseSized(rest, headers);
  if (payload === undefined) return undefined;
  return {
    request: { method, path, headers, body: payload.body, ofConnection },
    length: headEnd + 4 + payload.length,
  };
}

interface Payload {
  readonly body: Buffer;
  readonly length: number;
}

function parseSized(data: Buffer, headers: Readonly<Record<string, string>>): Payload | undefined {
  const length = Number(headers['content-length'] ?? 0);
  return data.length < length ? undefined : { body: Buffer.from(data.subarray(0, length)), length };
}

function parseChunks(data: Buffer): Payload | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (data.length < end) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), length: end };
    parts.push(data.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
