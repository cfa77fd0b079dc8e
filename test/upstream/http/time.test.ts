import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { type Fault, type FaultServer, startFaultServer } from '../../support/fault-server.ts';
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

describe('the deadline ends the request and its socket', () => {
  const never = new Promise<void>(() => {});

  test.each<[string, Fault, string]>([
    ['a silent server', { kind: 'silent' }, 'http_response_timeout'],
    ['an answer held back', { kind: 'gate', until: never, fault: { kind: 'answer' } }, 'http_response_timeout'],
    ['a dripping head', { kind: 'drip', from: 'head', everyMs: 1 }, 'http_response_timeout'],
    ['a dripping body', { kind: 'drip', body: 'x'.repeat(1e6), everyMs: 1 }, 'connection_read_timeout'],
    [
      'half a body',
      { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc' },
      'connection_read_timeout',
    ],
    ['endless hints', { kind: 'raw', bytes: 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50) }, 'http_response_timeout'],
  ])('%s', async (_name, fault, reason) => {
    server.next(fault);
    const failing = failureOf(setup.get(server.url, { timeoutMs: 500 }));
    const gone = server.until((s) => s.requests.length === 1);
    await gone;
    if (reason === 'connection_read_timeout') await new Promise((resolve) => setTimeout(resolve, 30)); // bytes to come
    await setup.clock.advance(500);
    expect(await failing).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      reason,
      neverLeft: false,
      retryable: true,
      countsAgainstHealth: true,
    });
    await server.until((s) => s.openSockets === 0);
    expect(setup.clock.pending).toBe(0);
  });

  test('a connection that is accepted and never read', async () => {
    server.halfOpen(true);
    const failing = failureOf(setup.get(server.url, { timeoutMs: 500 }));
    await server.until((s) => s.connections === 1);
    await eventually(() => setup.clock.pending === 1); // connected: only the deadline is left
    await setup.clock.advance(500);
    expect(await failing).toMatchObject({ reason: 'http_response_timeout', neverLeft: false });
    server.resetConnections(); // it never read, so it cannot see that the other side has gone
  });

  test('one that waits for a connection has provably not left', async () => {
    const narrow = makeClient({ connectionsPerHost: 1 });
    server.behave({ kind: 'silent' });
    const first = failureOf(narrow.get(server.url, { timeoutMs: 2000 }));
    await eventually(() => server.requests.length === 1);
    const second = failureOf(narrow.get(server.url, { timeoutMs: 100, method: 'POST' }));
    await narrow.clock.advance(100);
    expect(await second).toMatchObject({ code: 'UPSTREAM_TIMEOUT', neverLeft: true });
    await narrow.clock.advance(1900);
    expect((await first).neverLeft).toBe(false);
    await server.until((s) => s.openSockets === 0);
    expect(server.requests).toHaveLength(1); // the second was never sent afterwards
    await narrow.client.close();
  });

  test('no time at all sends nothing', async () => {
    expect(await failureOf(setup.get(server.url, { timeoutMs: 0 }))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      neverLeft: true,
    });
    await settle();
    expect(server.connections).toBe(0);
  });

  test('an answer in time leaves no timer, and its connection is used again', async () => {
    expect((await setup.get(server.url)).status).toBe(200);
    expect(setup.clock.pending).toBe(0);
    await setup.clock.advance(10_000);
    expect((await setup.get(server.url)).status).toBe(200);
    expect(server.connections).toBe(1);
  });
});

describe('a caller who leaves', () => {
  test.each<[string, Fault]>([
    ['before the answer', { kind: 'silent' }],
    ['within it', { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc' }],
  ])('%s is nobody’s fault', async (_name, fault) => {
    server.next(fault);
    const controller = new AbortController();
    const failing = failureOf(setup.get(server.url, { signal: controller.signal }));
    await server.until((s) => s.requests.length === 1);
    controller.abort();
    expect(await failing).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false, neverLeft: false });
    await server.until((s) => s.openSockets === 0);
    expect(setup.clock.pending).toBe(0);
  });

  test('before it began', async () => {
    const failure = await failureOf(setup.get(server.url, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false, neverLeft: true });
    await settle();
    expect(server.connections).toBe(0);
  });

  test('after the answer came, and nothing happens', async () => {
    const controller = new AbortController();
    const response = await setup.get(server.url, { signal: controller.signal });
    controller.abort();
    expect(response.status).toBe(200);
  });

  test('because its own timer for the same time fired first: that is a timeout all the same', async () => {
    server.behave({ kind: 'silent' });
    const controller = new AbortController();
    setup.clock.setTimer(() => controller.abort(), 500);
    const failing = failureOf(setup.get(server.url, { signal: controller.signal, timeoutMs: 500 }));
    await server.until((s) => s.requests.length === 1);
    await setup.clock.advance(500);
    expect(await failing).toMatchObject({ code: 'UPSTREAM_TIMEOUT', countsAgainstHealth: true });
  });

  test('with a failure of its own as the reason: that is the failure', async () => {
    server.behave({ kind: 'silent' });
    const reason = new UpstreamFailure({
      code: 'DEADLINE_EXCEEDED',
      reason: 'http_response_timeout',
      detail: 'test',
      retryable: false,
      countsAgainstHealth: false,
    });
    const controller = new AbortController();
    const failing = failureOf(setup.get(server.url, { signal: controller.signal }));
    controller.abort(reason);
    expect(await failing).toBe(reason);
  });
});

describe('connections that end', () => {
  test.each<[string, Fault]>([
    ['reset', { kind: 'reset' }],
    ['closed', { kind: 'close' }],
  ])('%s before an answer: may have arrived', async (_name, fault) => {
    server.next(fault);
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      code: 'UPSTREAM_ERROR',
      reason: 'connection_terminated',
      neverLeft: false,
      retryable: true,
      countsAgainstHealth: true,
    });
    expect(server.requests).toHaveLength(1);
  });

  test.each<[string, Fault]>([
    ['reset', { kind: 'reset' }],
    ['closed', { kind: 'close' }],
  ])('a kept connection %s under a safe request is replaced unnoticed', async (_name, fault) => {
    await setup.get(server.url);
    await settle(); // undici looks at a connection once more before it is used again
    server.next(fault);
    expect((await setup.get(server.url)).status).toBe(200);
    expect(server.requests.map((request) => request.ofConnection)).toEqual([1, 2, 1]);
  });

  test('a server that ends every connection under its first request is asked once on each', async () => {
    await setup.get(server.url);
    await settle();
    server.behave({ kind: 'reset' });
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      reason: 'connection_terminated',
      countsAgainstHealth: true,
    });
    expect(server.requests.map((request) => request.ofConnection)).toEqual([1, 2, 1]);
  });

  test.each<[string, Fault]>([
    ['reset', { kind: 'reset' }],
    ['closed', { kind: 'close' }],
  ])('a kept connection %s under any other request is retryable, and no sign of bad health', async (_name, fault) => {
    await setup.get(server.url);
    await settle();
    server.next(fault);
    expect(await failureOf(setup.get(server.url, { method: 'PUT', body: 'once' }))).toMatchObject({
      reason: 'connection_terminated',
      neverLeft: false,
      retryable: true,
      countsAgainstHealth: false,
    });
    expect(server.connections).toBe(1);
    expect((await setup.get(server.url)).status).toBe(200);
  });

  test('a kept connection that ended while idle is replaced unnoticed', async () => {
    await setup.get(server.url);
    await settle();
    server.resetConnections();
    await server.until((s) => s.openSockets === 0);
    expect((await setup.get(server.url, { method: 'POST', body: 'once' })).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  test('so are many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => setup.get(server.url)));
    await settle();
    server.resetConnections();
    const answers = await Promise.all(Array.from({ length: 20 }, () => setup.get(server.url)));
    expect(answers.map((response) => response.status)).toEqual(Array(20).fill(200));
  });
});
