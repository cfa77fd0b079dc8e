import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { startBlackhole } from './blackhole.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { type Fault, startFaultServer } from './fault-server.ts';

/** The bytes of one answer on a connection of its own, and how the connection ended. */
function exchange(port: number, path = '/x'): Promise<{ text: string; error: string | undefined }> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let error: string | undefined;
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    socket.on('data', (data) => parts.push(Buffer.from(data)));
    socket.on('error', (e: NodeJS.ErrnoException) => {
      error = e.code;
    });
    socket.on('close', () => resolve({ text: Buffer.concat(parts).toString('latin1'), error }));
  });
}

function get(url: string): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    sent.end();
  });
}

describe('fault server', () => {
  test('answers, counts, and goes through its queue before its standing behaviour', async () => {
    const server = await startFaultServer({ behaviour: { kind: 'answer', status: 418 } });
    server.next({ kind: 'answer', status: 503 }, { kind: 'reset' });
    expect(await get(`${server.url}/a`)).toBe(503);
    expect(await get(`${server.url}/b`)).toBe('ECONNRESET');
    expect(await get(`${server.url}/c?d=1`)).toBe(418);
    expect(server.requests.map((r) => r.path)).toEqual(['/a', '/b', '/c?d=1']);
    expect(server.connections).toBe(3);
    await server.close();
    expect(server.openSockets).toBe(0);
  });

  test.each<[string, Fault, RegExp]>([
    ['closes without a word', { kind: 'close' }, /^$/],
    ['closes in the headers', { kind: 'close', when: 'in-headers' }, /^HTTP\/1\.1 200 OK\r\ncontent-type: applic$/],
    ['truncates by length', { kind: 'truncate', body: 'abcdefgh' }, /content-length: 8\r\n\r\nabcd$/],
    ['truncates chunks', { kind: 'truncate', body: 'abcdefgh', framing: 'chunked' }, /\r\n\r\n4\r\nabcd\r\n$/],
    ['sends raw bytes', { kind: 'raw', bytes: 'nonsense', end: true }, /^nonsense$/],
    ['ends a body by closing', { kind: 'answer', framing: 'close', body: 'all' }, /connection: close\r\n\r\nall$/],
  ])('%s', async (_name, behaviour, expected) => {
    const server = await startFaultServer({ behaviour });
    expect((await exchange(server.port)).text).toMatch(expected);
    await server.close();
  });

  test('a close ends what is silent, dripping, huge or half open', async () => {
    const server = await startFaultServer();
    server.next({ kind: 'silent' }, { kind: 'drip', everyMs: 60_000 }, { kind: 'huge' });
    const ends = [exchange(server.port), exchange(server.port), exchange(server.port)];
    await server.until((s) => s.requests.length === 3);
    server.halfOpen(true);
    ends.push(exchange(server.port));
    await server.until((s) => s.connections === 4);
    await server.close();
    expect(await Promise.all(ends)).toHaveLength(4);
    expect(server.openSockets).toBe(0);
  });
});

describe('fault proxy', () => {
  test('slices and delays without changing a byte, refuses, and comes back on the same port', async () => {
    const server = await startFaultServer({ behaviour: { kind: 'answer', body: 'x'.repeat(5000), framing: 'close' } });
    const proxy = await startFaultProxy(server.port, { sliceBytes: 700, latencyMs: 1, bytesPerSecond: 1_000_000 });
    expect((await exchange(proxy.port)).text).toMatch(/\r\n\r\nx{5000}$/);
    await proxy.mode('refuse');
    expect(await get(proxy.url)).toBe('ECONNREFUSED');
    await proxy.mode('reset');
    expect(await get(proxy.url)).toBe('ECONNRESET');
    await proxy.mode('pass');
    expect(await get(proxy.url)).toBe(200);
    await proxy.close();
    await server.close();
    expect(proxy.openSockets).toBe(0);
  });

  test('a blackholed connection hangs, and goes on when the route comes back', async () => {
    const server = await startFaultServer({ behaviour: { kind: 'answer', framing: 'close' } });
    const proxy = await startFaultProxy(server.port);
    await proxy.mode('blackhole');
    const answer = get(proxy.url);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.requests).toHaveLength(0);
    await proxy.mode('pass');
    expect(await answer).toBe(200);
    await proxy.close();
    await server.close();
  });
});

test('a blackhole neither accepts nor refuses', async () => {
  const hole = await startBlackhole();
  const socket = connect(hole.port, '127.0.0.1');
  const seen: string[] = [];
  socket.on('connect', () => seen.push('connected'));
  socket.on('error', () => seen.push('failed'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toEqual([]);
  socket.destroy();
  await hole.close();
});
