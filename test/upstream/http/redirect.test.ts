import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createEgressGuard } from '../../../src/upstream/index.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { failureOf, makeClient } from './client-fixture.ts';

let server: FaultServer;
let other: FaultServer;
let setup: ReturnType<typeof makeClient>;

beforeEach(async () => {
  server = await startFaultServer();
  other = await startFaultServer();
  setup = makeClient();
});

afterEach(async () => {
  await setup.client.close();
  await server.close();
  await other.close();
});

const headers = {
  Accept: 'application/json',
  Authorization: 'Bearer secret',
  Cookie: 'session=secret',
  'X-Api-Key': 'secret',
  'Content-Type': 'text/plain',
};

test('by default a redirect is the answer', async () => {
  server.next({ kind: 'redirect', to: '/there' });
  const response = await setup.get(server.url);
  expect(response).toMatchObject({ status: 302, headers: { location: '/there' } });
  expect(server.requests).toHaveLength(1);
});

test('within the origin, everything goes along', async () => {
  server.next({ kind: 'redirect', to: '../there?x=1#y', status: 307 });
  const response = await setup.get(`${server.url}/a/b`, {
    method: 'POST',
    body: 'data',
    headers,
    followRedirects: 1,
  });
  expect(response.status).toBe(200);
  expect(server.requests[1]).toMatchObject({
    method: 'POST',
    path: '/there?x=1',
    body: Buffer.from('data'),
    headers: { authorization: 'Bearer secret', 'x-api-key': 'secret' },
  });
});

test('to another origin, nothing that could be a credential goes along', async () => {
  server.next({ kind: 'redirect', to: `${other.url}/there` });
  await setup.get(server.url, { headers, followRedirects: 3 });
  const sent = other.requests[0]?.headers ?? {};
  expect(sent.accept).toBe('application/json');
  for (const name of ['authorization', 'cookie', 'x-api-key']) expect(sent[name]).toBeUndefined();
});

test('credentials do not come back when a redirect leads home again', async () => {
  server.next({ kind: 'redirect', to: `${other.url}/there` });
  other.next({ kind: 'redirect', to: `${server.url}/home` });
  await setup.get(server.url, { headers, followRedirects: 3 });
  expect(server.requests[1]).toMatchObject({ path: '/home' });
  expect(server.requests[1]?.headers.authorization).toBeUndefined();
});

test.each([
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [303, 'PUT', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [302, 'PUT', 'PUT'],
  [308, 'POST', 'POST'],
])('%i turns %s into %s', async (status, method, expected) => {
  server.next({ kind: 'redirect', to: '/there', status });
  const body = method === 'HEAD' ? {} : { body: 'data' };
  await setup.get(server.url, { method, ...body, headers, followRedirects: 1 });
  expect(server.requests[1]?.method).toBe(expected);
  expect(server.requests[1]?.body.toString()).toBe(expected === method && method !== 'HEAD' ? 'data' : '');
});

test('a loop ends', async () => {
  server.behave({ kind: 'redirect' });
  expect(await failureOf(setup.get(server.url, { followRedirects: 3 }))).toMatchObject({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
  });
  expect(server.requests).toHaveLength(4);
  expect(setup.clock.pending).toBe(0);
});

test('one deadline holds for all', async () => {
  server.next({ kind: 'redirect', to: `${other.url}/there` });
  other.next({ kind: 'silent' });
  const failing = failureOf(setup.get(server.url, { followRedirects: 3, timeoutMs: 500 }));
  await other.until((s) => s.requests.length === 1);
  await setup.clock.advance(500);
  expect((await failing).reason).toBe('http_response_timeout');
  await other.until((s) => s.openSockets === 0);
});

test.each([
  'http://169.254.169.254/latest/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://u:p@127.0.0.1/',
  'file:///etc/passwd',
])('the guard judges every place: %s', async (to) => {
  server.next({ kind: 'redirect', to });
  const failure = await failureOf(setup.get(server.url, { followRedirects: 1 }));
  expect(failure.reason).toBe('destination_ip_prohibited');
});

test('also a place that only this client may not reach', async () => {
  const egress = createEgressGuard({ allow: ['127.0.0.1'], allowPrivate: false });
  const strict = makeClient({ egress });
  server.next({ kind: 'redirect', to: `http://127.0.0.2:${other.port}/` });
  expect((await failureOf(strict.get(server.url, { followRedirects: 1 }))).reason).toBe('destination_ip_prohibited');
  await strict.client.close();
});

test('a place that is no URL', async () => {
  server.next({ kind: 'redirect', to: 'http://[' });
  expect((await failureOf(setup.get(server.url, { followRedirects: 1 }))).reason).toBe('http_protocol_error');
});
