/**
 * The upstream of one document: Prism, which validates every request against the document and answers from it.
 * Before it stands a recorder, which notes what Prism said of each request.
 */
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const prismServer = require('@stoplight/prism-http-server');
const { createLogger } = require('@stoplight/prism-core');

const CONFIG = {
  isProxy: false,
  mock: { dynamic: false },
  validateRequest: true,
  validateResponse: true,
  checkSecurity: true,
  errors: true,
  upstreamProxy: undefined,
};

/** Prism throws outside of any promise where it does not expect a value, and then never answers that request. */
let lastCrash = '';
let giveUp;
process.on('uncaughtException', (error) => {
  if (!String(error.stack).includes('@stoplight/')) throw error;
  lastCrash = String(error.stack).split('\n').slice(0, 2).join(' ');
  giveUp?.();
});
const ANSWER_MS = 4000;

/** `prefixes`: path prefixes of servers that operations have of their own, which Prism does not know. */
export async function startMock(file, prefixes) {
  const operations = await getHttpOperationsFromSpec(file);
  const logger = createLogger('prism', { level: 'silent' });
  const prism = prismServer.createServer(operations, { components: { logger }, config: CONFIG, cors: false });
  const prismUrl = await prism.listen(0, '127.0.0.1');
  const seen = [];

  const ask = (incoming, path, body, headers) =>
    new Promise((resolve, reject) => {
      const call = request(`${prismUrl}${path}`, { method: incoming.method, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
        response.on('error', reject);
      });
      call.on('error', reject);
      giveUp = () => call.destroy(new Error(`Prism gave no answer; ${lastCrash}`));
      lastCrash = 'it was still at work';
      call.setTimeout(ANSWER_MS, () => call.destroy(new Error(`Prism gave no answer; ${lastCrash}`)));
      call.end(body);
    });

  const recorder = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const prefix = prefixes.find((one) => incoming.url.startsWith(`${one}/`)) ?? '';
    const path = incoming.url.slice(prefix.length);
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    let how = 'as documented';
    let answer;
    try {
      answer = await ask(incoming, path, body, headers);
      // The example in the document does not fit its own schema: Prism makes one up from the schema instead.
      if (problemOf(answer)?.kind === 'VIOLATIONS') {
        how = 'made from the schema, since its example does not fit';
        answer = await ask(incoming, path, body, { ...headers, prefer: 'dynamic=true' });
      }
    } catch (error) {
      answer = { status: 599, headers: {}, body: Buffer.from(String(error)) };
    }
    const problem = problemOf(answer);
    seen.push({
      method: incoming.method,
      url: incoming.url,
      headers: incoming.headers,
      sent: body.toString('utf8'),
      status: answer.status,
      problem,
      how,
      body: answer.body.toString('utf8').slice(0, 2000),
      type: answer.headers['content-type'],
    });
    // What is the mock's own trouble must not look like an upstream that is down, or nobody would be called any more.
    const status = problem !== undefined && answer.status >= 500 ? 422 : answer.status;
    const {
      'transfer-encoding': _coding,
      connection: _c,
      'keep-alive': _k,
      'content-length': _l,
      ...shown
    } = answer.headers;
    const empty = status === 204 || status === 304 || incoming.method === 'HEAD';
    outgoing.writeHead(status === 599 ? 422 : status, {
      ...shown,
      ...(empty ? {} : { 'content-length': answer.body.length }),
    });
    outgoing.end(empty ? undefined : answer.body);
  });
  await new Promise((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${recorder.address().port}`,
    count: operations.length,
    /** What was asked since the last time. */
    taken: () => seen.splice(0),
    async close() {
      recorder.closeAllConnections();
      recorder.close();
      await prism.close();
    },
  };
}

/** What Prism itself had to say, if it did not answer for the upstream. */
function problemOf({ status, headers, body }) {
  if (status === 599) return { kind: 'CRASH', detail: body.toString('utf8') };
  const broken = status >= 500 ? { kind: 'CRASH', detail: body.toString('utf8') } : undefined;
  if (!String(headers['content-type']).includes('application/problem+json')) return broken;
  try {
    const { type, title, detail, validation } = JSON.parse(body.toString('utf8'));
    if (!String(type).includes('stoplight.io/prism/errors')) return broken;
    return { kind: String(type).split('#')[1], title, detail, validation };
  } catch {
    return broken;
  }
}
