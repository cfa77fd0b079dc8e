/** The little that the example servers share: routing, JSON in and out, and a way to be told to misbehave. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** Thrown by a handler to answer with a status and a problem document. */
export class HttpProblem extends Error {
  constructor(status, title, detail) {
    super(detail ?? title);
    this.status = status;
    this.title = title;
  }
}

/**
 * Serves `routes` ({ 'GET /books/{bookId}': handler }). A handler gets { params, query, body } and returns
 * { status?, headers?, body }. Behaviour ('normal', 'slow', 'errors') may be changed while it runs.
 */
export function serve(routes, { port, host = '127.0.0.1' }) {
  let behaviour = 'normal';
  const table = Object.entries(routes).map(([key, handler]) => {
    const [method, path] = key.split(' ');
    const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    return { method, pattern, handler };
  });

  const server = createServer(async (request, response) => {
    try {
      if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, 2500));
      if (behaviour === 'errors') throw new HttpProblem(503, 'Service unavailable');
      const url = new URL(request.url, 'http://localhost');
      const known = table.filter((route) => route.pattern.test(url.pathname));
      if (known.length === 0) throw new HttpProblem(404, 'Not found', `There is nothing at ${url.pathname}`);
      const route = known.find((candidate) => candidate.method === request.method);
      if (route === undefined) throw new HttpProblem(405, 'Method not allowed');
      const params = route.pattern.exec(url.pathname).groups ?? {};
      const result = await route.handler({ params, query: url.searchParams, body: await readJson(request) });
      answer(request, response, result);
    } catch (error) {
      const status = error instanceof HttpProblem ? error.status : 500;
      const title = error instanceof HttpProblem ? error.title : 'Internal error';
      answer(request, response, {
        status,
        headers: { 'content-type': 'application/problem+json' },
        body: { type: 'about:blank', title, status, detail: error.message },
      });
    }
  });

  process.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'behaviour' in message) behaviour = message.behaviour;
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by the demo: end with it, however it ended.
  if (process.connected) process.on('disconnect', stop);

  server.listen(port, host, () => {
    const { port: actual } = server.address();
    if (process.connected) process.send({ port: actual });
    else console.log(`listening on http://${host}:${actual}`);
  });
}

/** Reads `--port N` from the command line; 0, a free port, when it is not there. */
export function portFromArguments() {
  const index = process.argv.indexOf('--port');
  return index === -1 ? 0 : Number(process.argv[index + 1]);
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (chunks.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpProblem(400, 'Bad request', 'The body is not JSON.');
  }
}

function answer(request, response, { status = 200, headers = {}, body }) {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  const known = status === 200 && request.method === 'GET' && request.headers['if-none-match'] === etag;
  response.writeHead(known ? 304 : status, {
    'content-type': 'application/json',
    ...(status === 200 && request.method === 'GET' ? { etag } : {}),
    ...headers,
  });
  response.end(known ? undefined : text);
}
