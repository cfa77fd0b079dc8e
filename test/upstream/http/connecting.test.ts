import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEgressGuard } from '../../../src/upstream/index.ts';
import { startBlackhole } from '../../support/blackhole.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { eventually, failureOf, makeClient } from './client-fixture.ts';

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});

afterEach(() => server.close());

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const probe = await startFaultServer();
  const { port } = probe;
  await probe.close();
  return port;
}

const signal = new AbortController().signal;

describe('nobody there', () => {
  test('refused: it never left', async () => {
    const { client, get } = makeClient();
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const expected = {
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'connection_refused',
      neverLeft: true,
      retryable: true,
      countsAgainstHealth: true,
    };
    expect(await failureOf(get(url, { method: 'POST', body: 'x' }))).toMatchObject(expected);
    expect(await failureOf(client.connect(url, { timeoutMs: 500, signal }))).toMatchObject(expected);
    await client.close();
  });

  test('neither accepted nor refused: the connect timeout, and it never left', async () => {
    const hole = await startBlackhole();
    const { client, clock, get } = makeClient();
    const failing = failureOf(get(hole.url));
    const connecting = failureOf(client.connect(hole.url, { timeoutMs: 3000, signal }));
    await eventually(() => clock.pending === 4); // each has its deadline and its connect timeout
    await clock.advance(1000);
    const expected = { code: 'UPSTREAM_TIMEOUT', reason: 'connection_timeout', neverLeft: true, retryable: true };
    expect(await failing).toMatchObject(expected);
    expect(await connecting).toMatchObject(expected);
    expect(clock.pending).toBe(0);
    await client.close();
    await hole.close();
  });

  test('a deadline shorter than the connect timeout calls the connection off', async () => {
    const hole = await startBlackhole();
    const { client, clock, get } = makeClient();
    const first = failureOf(get(hole.url, { timeoutMs: 200 }));
    const second = failureOf(get(hole.url, { timeoutMs: 900 }));
    await eventually(() => clock.pending === 4);
    await clock.advance(200);
    expect(await first).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'connection_timeout', neverLeft: true });
    await eventually(() => clock.pending === 2); // its socket and that socket's timer are gone, the other's are not
    await clock.advance(700);
    expect((await second).reason).toBe('connection_timeout');
    await eventually(() => clock.pending === 0);
    await client.close();
    await hole.close();
  });
});

describe('connect', () => {
  test('opens a connection and closes it', async () => {
    const { client, clock } = makeClient();
    await client.connect(server.url, { timeoutMs: 500, signal });
    await server.until((s) => s.connections === 1 && s.openSockets === 0);
    expect(server.requests).toHaveLength(0);
    expect(clock.pending).toBe(0);
    await client.close();
  });

  test('ends when the caller leaves, or has left', async () => {
    const { client, clock } = makeClient({ lookup: () => new Promise(() => {}) });
    const controller = new AbortController();
    const leaving = failureOf(client.connect('http://slow.example/', { timeoutMs: 500, signal: controller.signal }));
    controller.abort();
    expect(await leaving).toMatchObject({ reason: 'cancelled', neverLeft: true, countsAgainstHealth: false });
    expect((await failureOf(client.connect(server.url, { timeoutMs: 500, signal: controller.signal }))).reason).toBe(
      'cancelled',
    );
    await clock.advance(1000);
    await client.close();
  });
});

describe('names', () => {
  test('every address of a name is tried until one accepts', async () => {
    const port = server.port;
    const asked: string[] = [];
    const lookup = async (host: string) => {
      asked.push(host);
      return ['127.0.0.3', '127.0.0.2', '127.0.0.1']; // the server listens on the last only
    };
    const { client, get } = makeClient({ lookup });
    expect((await get(`http://Pets.example.:${port}/`)).status).toBe(200);
    expect(asked).toEqual(['pets.example']);
    expect(server.requests[0]?.headers.host).toBe(`pets.example.:${port}`);
    await client.close();
  });

  test('an address that does not answer leaves time for the next', async () => {
    const hole = await startBlackhole();
    const other = createServer((socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => other.listen(hole.port, '127.0.0.2', resolve));
    const { client, clock, get } = makeClient({ lookup: async () => ['127.0.0.1', '127.0.0.2'] });
    const answer = get(`http://pets.example:${hole.port}/`);
    await eventually(() => clock.pending === 2);
    await clock.advance(500); // half of the connect timeout
    expect((await answer).status).toBe(200);
    await client.close();
    await hole.close();
    await new Promise((resolve) => other.close(resolve));
  });

  test('unknown or unanswered: it never left', async () => {
    const unknown = makeClient({ lookup: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await failureOf(unknown.get('http://pets.example/'))).toMatchObject({
      code: 'NO_HEALTHY_UPSTREAM',
      reason: 'dns_error',
      neverLeft: true,
      retryable: true,
    });
    await unknown.client.close();
    const hanging = makeClient({ lookup: () => new Promise(() => {}) });
    const failing = failureOf(hanging.get('http://pets.example/'));
    await eventually(() => hanging.clock.pending === 2);
    await hanging.clock.advance(1000);
    expect(await failing).toMatchObject({ reason: 'dns_timeout', neverLeft: true });
    await hanging.client.close();
  });
});

describe('egress', () => {
  const prohibited = {
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'destination_ip_prohibited',
    neverLeft: true,
    retryable: false,
  };

  test('a literal is refused before anything is opened', async () => {
    const { client, get } = makeClient({ egress: createEgressGuard({ allow: [], allowPrivate: false }) });
    for (const url of [server.url, 'http://2852039166/', 'http://user:pw@example.com/', 'ftp://example.com/']) {
      expect(await failureOf(get(url))).toMatchObject(prohibited);
      expect(await failureOf(client.connect(url, { timeoutMs: 500, signal }))).toMatchObject(prohibited);
    }
    expect(server.connections).toBe(0);
    await client.close();
  });

  test('credentials in the URL are refused also when the origin is in use', async () => {
    const { client, get } = makeClient();
    await get(server.url);
    expect(await failureOf(get(server.url.replace('//', '//user:pw@')))).toMatchObject(prohibited);
    await client.close();
  });

  test('a name is judged by the addresses that are connected to, each time', async () => {
    const egress = createEgressGuard({ allow: ['127.0.0.1'], allowPrivate: false });
    let addresses = ['127.0.0.1'];
    const { client, clock, get } = makeClient({ egress, lookup: async () => addresses });
    const url = `http://rebinding.example:${server.port}/`;
    server.behave({ kind: 'answer', headers: { connection: 'close' } });
    expect((await get(url)).status).toBe(200);
    addresses = ['169.254.169.254'];
    await clock.advance(5000); // the kept answer is stale now
    await server.until((s) => s.openSockets === 0);
    expect(await failureOf(get(url))).toMatchObject(prohibited);
    addresses = ['169.254.169.254', '::ffff:10.0.0.1', '127.0.0.1'];
    await clock.advance(5000);
    expect((await get(url)).status).toBe(200); // by the one that is allowed
    await client.close();
  });
});
