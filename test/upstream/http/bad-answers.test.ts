import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Fault, type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { failureOf, makeClient } from './client-fixture.ts';

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

const text = 'weir '.repeat(400);

describe('content codings', () => {
  test.each(['gzip', 'br', 'deflate'] as const)('%s is undone, and its headers are gone', async (coding) => {
    server.next({ kind: 'encoded', encodings: [coding], body: text });
    const response = await setup.get(server.url);
    expect(response.body.toString()).toBe(text);
    expect(response.headers).not.toHaveProperty('content-encoding');
    expect(response.headers).not.toHaveProperty('content-length');
  });

  test('a large compressed body comes whole through back pressure', async () => {
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, i) => `${(i * 7919) % 65_537},`).join(''));
    server.next({ kind: 'encoded', encodings: ['gzip'], body: large });
    expect((await setup.get(server.url)).body.equals(large)).toBe(true);
  });

  test('bare deflate is understood', async () => {
    const { deflateRawSync } = await import('node:zlib');
    server.next({ kind: 'answer', headers: { 'content-encoding': 'deflate' }, body: deflateRawSync(text) });
    expect((await setup.get(server.url)).body.toString()).toBe(text);
  });

  test('a coding named for no bytes is no failure', async () => {
    server.next({ kind: 'answer', headers: { 'content-encoding': 'gzip' }, body: '' });
    expect((await setup.get(server.url)).body).toHaveLength(0);
  });

  test('the coding `none` is none', async () => {
    server.next({ kind: 'answer', headers: { 'content-encoding': 'none' }, body: text });
    expect((await setup.get(server.url)).body.toString()).toBe(text);
  });

  test('identity can be asked for', async () => {
    await setup.get(server.url, { headers: { 'Accept-Encoding': 'identity' } });
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test.each<[string, Fault]>([
    ['twice encoded', { kind: 'encoded', encodings: ['gzip', 'gzip'] }],
    ['two codings', { kind: 'encoded', encodings: ['gzip', 'br'] }],
    ['two header lines', { kind: 'answer', headers: { 'content-encoding': ['gzip', 'br'] } }],
    ['one we did not offer', { kind: 'answer', headers: { 'content-encoding': 'zstd' } }],
    ['gzip that is none', { kind: 'answer', headers: { 'content-encoding': 'gzip' }, body: 'plain words' }],
    ['brotli that is none', { kind: 'answer', headers: { 'content-encoding': 'br' }, body: 'plain words' }],
  ])('refused: %s', async (_name, fault) => {
    server.next(fault);
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_content_coding',
      retryable: true,
      neverLeft: false,
    });
  });
});

describe('sizes', () => {
  test.each<[string, Fault]>([
    ['200 MB, announced', { kind: 'huge', framing: 'length' }],
    ['200 MB, in chunks', { kind: 'huge', framing: 'chunked' }],
  ])('%s ends early, with its socket', async (_name, fault) => {
    server.next(fault);
    expect((await failureOf(setup.get(server.url))).reason).toBe('http_response_body_size');
    await server.until((s) => s.openSockets === 0);
  });

  test.each<[string, Fault]>([
    ['a gzip bomb', { kind: 'bomb', encoding: 'gzip' }],
    ['a brotli bomb', { kind: 'bomb', encoding: 'br', bytes: 20 * 1024 * 1024 }],
    ['a deflate bomb', { kind: 'bomb', encoding: 'deflate', bytes: 20 * 1024 * 1024 }],
    ['a bomb below the byte limit, above the ratio', { kind: 'bomb', encoding: 'gzip', bytes: 1024 * 1024 }],
  ])('%s', async (_name, fault) => {
    server.next(fault);
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_body_size',
      retryable: false,
      countsAgainstHealth: false,
    });
  });

  test('the limit of the request counts bytes after decompression, to the byte', async () => {
    server.behave({ kind: 'encoded', encodings: ['gzip'], body: text });
    expect((await setup.get(server.url, { maxBytes: 2000 })).body).toHaveLength(2000);
    expect((await failureOf(setup.get(server.url, { maxBytes: 1999 }))).reason).toBe('http_response_body_size');
    server.behave({ kind: 'answer', body: text, framing: 'chunked' });
    expect((await setup.get(server.url, { maxBytes: 2000 })).body).toHaveLength(2000);
    expect((await failureOf(setup.get(server.url, { maxBytes: 1999 }))).reason).toBe('http_response_body_size');
  });

  test('a small body may be as repetitive as it likes', async () => {
    server.next({ kind: 'bomb', encoding: 'gzip', bytes: 64 * 1024 });
    expect((await setup.get(server.url)).body).toHaveLength(64 * 1024);
  });

  test('a flood of headers', async () => {
    server.next({ kind: 'header-flood' });
    expect(await failureOf(setup.get(server.url))).toMatchObject({ reason: 'http_response_header_section_size' });
    await server.until((s) => s.openSockets === 0);
    server.next({ kind: 'header-flood', bytes: 12 * 1024 });
    expect((await setup.get(server.url)).status).toBe(200);
  });
});

describe('answers that are cut off', () => {
  test.each<[string, Fault]>([
    ['short of its length', { kind: 'truncate', body: text }],
    ['without its last chunk', { kind: 'truncate', body: text, framing: 'chunked' }],
    ['reset in the body', { kind: 'reset', when: 'in-body', body: text }],
    ['closed in the headers', { kind: 'close', when: 'in-headers' }],
    ['gzip without its end', { kind: 'encoded', encodings: ['gzip'], body: text, cut: 6 }],
    ['brotli without its end', { kind: 'encoded', encodings: ['br'], body: text, cut: 6 }],
    [
      'short of its length, said to be the last',
      { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nabc', end: true },
    ],
    [
      'without its last chunk, said to be the last',
      {
        kind: 'raw',
        bytes: 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
        end: true,
      },
    ],
  ])('%s', async (_name, fault) => {
    server.next(fault);
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_incomplete',
      neverLeft: false,
      retryable: true,
      countsAgainstHealth: true,
    });
  });
});

describe('answers that are not HTTP', () => {
  test.each<[string, Fault]>([
    ['garbage', { kind: 'garbage' }],
    ['another protocol', { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.6\r\n' }],
    [
      'an unasked upgrade',
      { kind: 'raw', bytes: 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n' },
    ],
    [
      'both framings',
      { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n' },
    ],
    ['two lengths', { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd' }],
    [
      'a chunk size that is none',
      { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n' },
    ],
  ])('%s', async (_name, fault) => {
    server.next(fault);
    expect(await failureOf(setup.get(server.url))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_protocol_error',
      countsAgainstHealth: true,
    });
    await server.until((s) => s.openSockets === 0);
  });
});

describe('answers nobody asked for', () => {
  const mine: Fault = { kind: 'answer', body: 'mine' };

  test.each([undefined, 1])('a surplus answer (after %p ms) is never given to the next request', async (afterMs) => {
    server.next({
      kind: 'surplus',
      answer: { kind: 'answer', body: 'first' },
      extra: { kind: 'answer', body: 'poison' },
      ...(afterMs === undefined ? {} : { afterMs }),
    });
    server.behave(mine);
    expect((await setup.get(server.url)).body.toString()).toBe('first');
    await server.until((s) => s.openSockets === 0);
    expect((await setup.get(server.url)).body.toString()).toBe('mine');
    expect(server.connections).toBe(2);
  });

  test('also when the next request is made at once', async () => {
    server.next({
      kind: 'surplus',
      answer: { kind: 'answer', body: 'first' },
      extra: { kind: 'answer', body: 'poison' },
    });
    server.behave(mine);
    const narrow = makeClient({ connectionsPerHost: 1 });
    const bodies = await Promise.all([narrow.get(server.url), narrow.get(server.url)]);
    expect(bodies.map((response) => response.body.toString())).toEqual(['first', 'mine']);
    await narrow.client.close();
  });

  test('a body behind an answer that has none is not the next answer', async () => {
    server.next({
      kind: 'raw',
      bytes: 'HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison',
    });
    server.behave(mine);
    expect((await setup.get(server.url)).status).toBe(204);
    expect((await setup.get(server.url)).body.toString()).toBe('mine');
  });
});
