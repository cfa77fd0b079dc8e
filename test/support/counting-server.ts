import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it was written, without the question mark. */
  readonly search: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into bodies of every shape
  readonly body: any;
}

/** Undefined: 404. A number: that status, without a body. Anything else: 200 with it as JSON. */
export type Answering = (request: Arrived) => unknown | Promise<unknown>;

/** A server on 127.0.0.1 that keeps account of every request it is sent. */
export interface CountingServer {
  readonly url: string;
  readonly arrived: Arrived[];
  /** Most requests that were under way at one time. */
  readonly peak: number;
  /** `GET /path?query` of everything that came since the last time, sorted. */
  take(): readonly string[];
  close(): Promise<void>;
}

export async function startCountingServer(answer: Answering): Promise<CountingServer> {
  const arrived: Arrived[] = [];
  let taken = 0;
  let underWay = 0;
  let peak = 0;
  const server = createServer((request, response) => {
    underWay++;
    peak = Math.max(peak, underWay);
    void bodyOf(request).then(async (text) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const seen: Arrived = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        search: url.search.slice(1),
        body: text === '' ? undefined : JSON.parse(text),
      };
      arrived.push(seen);
      const value = await answer(seen);
      underWay--;
      const status = value === undefined ? 404 : typeof value === 'number' ? value : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 200 ? JSON.stringify(value) : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    get peak() {
      return peak;
    },
    take() {
      const fresh = arrived.slice(taken);
      taken = arrived.length;
      return fresh.map(({ method, path, search }) => `${method} ${path}${search === '' ? '' : `?${search}`}`).sort();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
