import { afterEach, describe, expect, test } from '@jest/globals';
import type { HttpClientOptions } from '../../../src/upstream/index.ts';
import { type FaultServer, type FaultServerOptions, startFaultServer } from '../../support/fault-server.ts';
import { makeTestCertificate } from '../../support/test-certificate.ts';
import { eventually, failureOf, makeClient } from './client-fixture.ts';

const good = makeTestCertificate(['DNS:pets.example', 'IP:127.0.0.1']);
const signal = new AbortController().signal;
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function makeServer(options: FaultServerOptions = { tls: good }): Promise<FaultServer> {
  const server = await startFaultServer(options);
  cleanups.push(() => server.close());
  return server;
}

function makeTlsClient(options: Partial<HttpClientOptions> = { ca: [good.cert] }) {
  const setup = makeClient({ lookup: async () => ['127.0.0.1'], ...options });
  cleanups.unshift(() => setup.client.close());
  return setup;
}

describe('a certificate that is trusted', () => {
  test('for the name of the URL, though the connection goes to an address', async () => {
    const server = await makeServer();
    const { client, get } = makeTlsClient();
    const url = `https://pets.example:${server.port}/`;
    expect((await get(url)).status).toBe(200);
    expect(server.requests[0]?.headers.host).toBe(`pets.example:${server.port}`);
    await client.connect(url, { timeoutMs: 500, signal });
    expect(server.connections).toBe(2);
  });

  test('for an address', async () => {
    const server = await makeServer();
    expect((await makeTlsClient().get(server.url)).status).toBe(200);
  });

  test('a new connection of the same origin resumes and works', async () => {
    const server = await makeServer({ tls: good, behaviour: { kind: 'answer', headers: { connection: 'close' } } });
    const { get } = makeTlsClient();
    for (let i = 0; i < 3; i++) {
      expect((await get(server.url)).status).toBe(200);
      await server.until((s) => s.openSockets === 0);
    }
    expect(server.connections).toBe(3);
  });
});

describe('a certificate that is not', () => {
  const untrusted = {
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'tls_certificate_error',
    neverLeft: true,
    retryable: false,
    countsAgainstHealth: true,
  };

  test('self-signed: nothing is sent, by request or connect', async () => {
    const server = await makeServer();
    const { client, get } = makeTlsClient({});
    expect(await failureOf(get(server.url, { method: 'POST', body: 'x' }))).toMatchObject(untrusted);
    expect(await failureOf(client.connect(server.url, { timeoutMs: 500, signal }))).toMatchObject(untrusted);
    expect(server.requests).toHaveLength(0);
  });

  test('of another name', async () => {
    const server = await makeServer();
    expect(await failureOf(makeTlsClient().get(`https://other.example:${server.port}/`))).toMatchObject(untrusted);
    expect(server.requests).toHaveLength(0);
  });

  test('not even when the environment switches verification off', async () => {
    const server = await makeServer();
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await failureOf(makeTlsClient({}).get(server.url))).toMatchObject(untrusted);
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(server.requests).toHaveLength(0);
  });
});

describe('no TLS at all', () => {
  test('a plain server under https: is never spoken to in plain', async () => {
    const server = await makeServer({ behaviour: { kind: 'answer' } });
    const url = server.url.replace('http:', 'https:');
    const answering = failureOf(makeTlsClient().get(url));
    await server.until((s) => s.connections === 1);
    server.resetConnections();
    expect(await answering).toMatchObject({ neverLeft: true });
    expect(server.requests).toHaveLength(0);
  });

  test('a server that answers the handshake with something else', async () => {
    const { createServer } = await import('node:net');
    const plain = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => plain.close(() => resolve())));
    const address = plain.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await failureOf(makeTlsClient().get(`https://127.0.0.1:${port}/`))).toMatchObject({
      reason: 'tls_protocol_error',
      neverLeft: true,
      retryable: false,
    });
  });

  test('a handshake that never ends is ended by the connect timeout, with its socket', async () => {
    const server = await makeServer();
    server.halfOpen(true);
    const { clock, get } = makeTlsClient();
    const failing = failureOf(get(server.url));
    await server.until((s) => s.connections === 1);
    await eventually(() => clock.pending === 2);
    await clock.advance(1000);
    expect(await failing).toMatchObject({ reason: 'connection_timeout', neverLeft: true });
    server.resetConnections();
  });

  test('a redirect out of https: is not followed', async () => {
    const server = await makeServer();
    server.next({ kind: 'redirect', to: 'http://pets.example/' });
    const failure = await failureOf(makeTlsClient().get(server.url, { followRedirects: 5 }));
    expect(failure.detail).toMatch(/expected to stay encrypted/);
  });
});
