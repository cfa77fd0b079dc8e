import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An upstream with one number: `GET /counter` reads it, `POST /counter` adds one. */
export interface CounterUpstream {
  readonly url: string;
  value: number;
  /** Every request is answered with 503. */
  failing: boolean;
  /** Requests seen, such as `GET /counter`. */
  readonly seen: string[];
  /** Sent with every answer. */
  headers: Record<string, string>;
  close(): Promise<void>;
}

export async function startCounter(): Promise<CounterUpstream> {
  const server = createServer((request, response) => {
    counter.seen.push(`${request.method} ${request.url}`);
    request.resume();
    if (counter.failing) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    if (request.method === 'POST') counter.value++;
    response.writeHead(200, { 'content-type': 'application/json', ...counter.headers });
    response.end(JSON.stringify({ value: counter.value }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const counter: CounterUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    value: 0,
    failing: false,
    seen: [],
    headers: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return counter;
}

/** The source of such an upstream, as `registerSource` takes it. */
export function counterSource(name: string, urls: readonly string[], policy: Record<string, unknown> = {}) {
  const ok = {
    description: 'The number.',
    content: {
      'application/json': {
        schema: { type: 'object', required: ['value'], properties: { value: { type: 'integer' } } },
      },
    },
  };
  const operation = (operationId: string) => ({ operationId, responses: { 200: ok } });
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: name, version: '1' },
    paths: {
      '/counter': { get: operation('read'), post: operation('add') },
      '/other': { get: operation('readOther') },
    },
  });
  return {
    name,
    visibility: 'PUBLIC',
    rest: {
      document,
      endpoints: urls.map((url, i) => ({ url, priority: i })),
      operations: [{ operation: 'readOther', policy: { fallback: { value: { value: -1 } } } }],
    },
    policy: { cache: { ttlSeconds: 600 }, retries: 0, ...policy },
  };
}
