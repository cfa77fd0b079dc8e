import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { settle } from '../../support/fake-clock.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { eventually, failureOf, makeClient } from './client-fixture.ts';

let server: FaultServer;
let setup: ReturnType<typeof makeClient>;

beforeEach(async () => {
  server = await startFaultServer();
  setup = makeClient();
});

afterEach(async () => {
  await setup.client.close();
  await server.close();
});

describe('a good exchange', () => {
  test('brings status, headers in lower case and the body, and sends what was asked', async () => {
    server.next({
      kind: 'answer',
      status: 201,
      headers: { ETag: '"1"', Vary: ['Accept', 'Origin'], 'Set-Cookie': ['a=1', 'b=2'] },
      body: { id: 7 },
    });
    const response = await setup.get(`${server.url}/a%20b?q=%C3%A4#fragment`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Many': ['1', '2'] },
      body: '{"ä":1}',
    });
    expect(response.status).toBe(201);
    expect(response.headers).toEqual({ 'content-type': 'application/json', etag: '"1"', vary: 'Accept, Origin' });
    expect(JSON.parse(response.body.toString())).toEqual({ id: 7 });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/a%20b?q=%C3%A4',
      headers: {
        host: `127.0.0.1:${server.port}`,
        'content-type': 'application/json',
        'content-length': '8',
        'accept-encoding': 'gzip, br, deflate',
        'x-many': '1, 2',
      },
      body: Buffer.from('{"ä":1}'),
    });
    expect(setup.clock.pending).toBe(0);
  });

  test.each([301, 304, 400, 404, 429, 500, 503])('status %i is an answer like any other', async (status) => {
    server.behave({ kind: 'answer', status, headers: { location: '/elsewhere' }, body: status === 304 ? '' : 'words' });
    const response = await setup.get(server.url);
    expect(response.status).toBe(status);
    expect(response.body.toString()).toBe(status === 304 ? '' : 'words');
    expect(server.requests).toHaveLength(1);
  });

  test('one connection serves requests one after another, and no more than allowed serve many at once', async () => {
    await setup.get(server.url);
    await settle(); // undici looks at a connection once more before it is used again
    await setup.get(server.url);
    expect(server.connections).toBe(1);
    const narrow = makeClient({ connectionsPerHost: 2 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => narrow.get(`${server.url}/${i}`)));
    expect(server.connections).toBe(3);
    expect(server.requests).toHaveLength(22);
    await narrow.client.close();
  });

  test('bytes are sent as they are, also from the middle of a larger buffer', async () => {
    const large = new Uint8Array([9, 9, 1, 2, 255, 9]);
    await setup.get(server.url, { method: 'PUT', body: large.subarray(2, 5) });
    expect(server.requests[0]?.body).toEqual(Buffer.from([1, 2, 255]));
  });

  test('an early hint is not the answer', async () => {
    server.next({
      kind: 'raw',
      bytes: 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    });
    expect((await setup.get(server.url)).body.toString()).toBe('ok');
  });

  test('HEAD has no body, whatever its headers say', async () => {
    server.next({
      kind: 'raw',
      bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\ncontent-encoding: zstd\r\n\r\n',
    });
    const response = await setup.get(server.url, { method: 'HEAD' });
    expect(response.body).toHaveLength(0);
  });

  test('header fields of the connection are the client’s own', async () => {
    await setup.get(server.url, {
      headers: {
        Host: 'inside.example',
        Connection: 'x-secret',
        'Transfer-Encoding': 'chunked',
        'Content-Length': '5',
        Upgrade: 'h2c',
        'Accept-Encoding': 'zstd, br',
        Authorization: 'Bearer kept',
      },
    });
    const headers = server.requests[0]?.headers ?? {};
    expect(headers.host).toBe(`127.0.0.1:${server.port}`);
    expect(headers['accept-encoding']).toBe('gzip, br, deflate');
    expect(headers.authorization).toBe('Bearer kept');
    for (const name of ['transfer-encoding', 'content-length', 'upgrade']) expect(headers[name]).toBeUndefined();
    expect(headers.connection).toBe('keep-alive');
  });
});

describe('requests that cannot be sent', () => {
  test.each([
    ['a header with a line break', { headers: { 'x-evil': 'a\r\nx-injected: 1' } }],
    ['a header name that is none', { headers: { 'x evil': 'a' } }],
    ['CONNECT', { method: 'CONNECT' }],
    ['a method that is none', { method: 'GET /evil HTTP/1.1\r\n' }],
  ])('%s', async (_name, more) => {
    const failure = await failureOf(setup.get(server.url, more));
    expect(failure).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      reason: 'http_request_error',
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
    });
    expect(server.requests).toHaveLength(0);
  });

  test('a URL that is none', async () => {
    expect(await failureOf(setup.get('/relative'))).toMatchObject({ reason: 'http_request_error', neverLeft: true });
  });
});

describe('places', () => {
  test('more requests than may wait are turned away at once', async () => {
    const narrow = makeClient({ connectionsPerHost: 1, maxWaitingPerHost: 1 });
    server.behave({ kind: 'silent' });
    const first = failureOf(narrow.get(server.url));
    await eventually(() => server.requests.length === 1);
    const second = failureOf(narrow.get(server.url));
    expect(await failureOf(narrow.get(server.url))).toMatchObject({
      code: 'UPSTREAM_OVERLOADED',
      reason: 'connection_limit_reached',
      neverLeft: true,
      countsAgainstHealth: false,
    });
    await narrow.client.close();
    expect((await first).reason).toBe('cancelled');
    expect((await second).neverLeft).toBe(true);
  });

  test('an idle origin makes room for a new one, a busy one does not', async () => {
    const other = await startFaultServer();
    const small = makeClient({ maxOrigins: 1 });
    await small.get(server.url);
    await small.get(other.url);
    await server.until((s) => s.openSockets === 0);
    other.behave({ kind: 'silent' });
    const busy = failureOf(small.get(other.url));
    expect(await failureOf(small.get(server.url))).toMatchObject({ reason: 'connection_limit_reached' });
    await small.client.close();
    await busy;
    await other.close();
  });

  test('an origin that nobody used for a while is let go when another comes', async () => {
    const other = await startFaultServer();
    await setup.get(server.url);
    await setup.clock.advance(60_000);
    await setup.get(other.url);
    await server.until((s) => s.openSockets === 0);
    await other.close();
  });

  test('closing ends requests in flight, leaves no socket, and refuses new ones', async () => {
    server.behave({ kind: 'silent' });
    const waiting = failureOf(setup.get(server.url));
    await eventually(() => server.requests.length === 1);
    await setup.client.close();
    expect(await waiting).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false });
    await server.until((s) => s.openSockets === 0);
    expect(await failureOf(setup.get(server.url))).toMatchObject({ reason: 'cancelled' });
    expect(setup.clock.pending).toBe(0);
  });
});
