/** Upstreams of the load runs, in a process of their own. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { goodThing } from '../document.ts';
import type { SeenRequest, ToUpstream, UpstreamMode } from './messages.ts';

interface Upstream {
  port: number;
  server: Server | undefined;
  mode: UpstreamMode;
  seen: SeenRequest[];
  busy: number;
  readonly waiting: (() => void)[];
}

const upstreams = new Map<number, Upstream>();
const now = (): number => performance.timeOrigin + performance.now();

function listen(upstream: Upstream): Promise<void> {
  const server = createServer((request, response) => {
    upstream.seen.push({ at: now(), path: request.url ?? '' });
    serve(upstream, request.url ?? '', response);
  });
  server.keepAliveTimeout = 60_000;
  upstream.server = server;
  return new Promise((resolve) => {
    server.listen(upstream.port, '127.0.0.1', 4096, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') upstream.port = address.port;
      resolve();
    });
  });
}

function serve(upstream: Upstream, path: string, response: ServerResponse): void {
  const { mode } = upstream;
  const answer = (): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(goodThing(path)));
  };
  switch (mode.kind) {
    case 'well':
      if (mode.delayMs === undefined) answer();
      else setTimeout(answer, mode.delayMs);
      return;
    case 'status':
      response.writeHead(mode.status).end();
      return;
    case 'cut':
    case 'refused':
      response.socket?.destroy();
      return;
    case 'capacity':
      if (upstream.busy < mode.workers) work(upstream, mode.ms, answer);
      else upstream.waiting.push(() => work(upstream, mode.ms, answer));
      return;
    default: {
      const never: never = mode;
      throw new Error(`unknown mode ${JSON.stringify(never)}`);
    }
  }
}

/** A request whose client has left is worked off all the same: that is what makes an overload last. */
function work(upstream: Upstream, ms: number, answer: () => void): void {
  upstream.busy++;
  setTimeout(() => {
    upstream.busy--;
    answer();
    upstream.waiting.shift()?.();
  }, ms);
}

async function setMode(upstream: Upstream, mode: UpstreamMode): Promise<void> {
  upstream.mode = mode;
  if (mode.kind === 'cut') upstream.server?.closeAllConnections();
  if (mode.kind === 'refused') {
    upstream.server?.closeAllConnections();
    upstream.server?.close();
    upstream.server = undefined;
  } else if (upstream.server === undefined) await listen(upstream);
}

async function handle(message: ToUpstream): Promise<unknown> {
  if (message.type === 'start') {
    const made: Upstream = { port: 0, server: undefined, mode: { kind: 'well' }, seen: [], busy: 0, waiting: [] };
    await listen(made);
    upstreams.set(made.port, made);
    return made.port;
  }
  const upstream = upstreams.get(message.port);
  if (upstream === undefined) throw new Error(`no upstream listens on ${message.port}`);
  if (message.type === 'mode') return setMode(upstream, message.mode);
  return upstream.seen.splice(0);
}

process.once('disconnect', () => process.exit());
process.on('message', (message: ToUpstream) => {
  void handle(message).then((value) => process.send?.({ call: message.call, value }));
});
