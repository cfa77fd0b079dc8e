import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpStreamRequest, HttpStreamResponse } from '../../../src/upstream/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { eventually, failureOf, makeClient } from './client-fixture.ts';

/** Megabytes: more than the buffers of the system hold between two sockets. */
const BLOCKS = 48;

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

function open(url: string, more: Partial<HttpStreamRequest> = {}): Promise<HttpStreamResponse> {
  return setup.client.stream({
    method: 'GET',
    url,
    headers: {},
    signal: new AbortController().signal,
    timeoutMs: 3000,
    ...more,
  });
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an answer that is read as it comes', () => {
  let streams: Server;
  let url: string;
  let answers: ServerResponse[];

  beforeEach(async () => {
    answers = [];
    streams = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      answers.push(response);
    });
    await new Promise<void>((resolve) => streams.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(streams.address() as AddressInfo).port}/`;
  });

  afterEach(async () => {
    streams.closeAllConnections();
    await new Promise((resolve) => streams.close(resolve));
  });

  test('the head comes before the body, each chunk when it is sent, and the connection is used again', async () => {
    const { status, headers, body } = await open(url, { idleTimeoutMs: 5000 });
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/event-stream' });
    const chunks = body[Symbol.asyncIterator]();
    for (const text of ['one', 'two']) {
      answers[0]?.write(text);
      expect(String(Buffer.from((await chunks.next()).value ?? []))).toBe(text);
    }
    answers[0]?.end();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(setup.clock.pending).toBe(0);
    expect(await connectionsOf(streams)).toBe(1);
    await settle();
    const second = await open(url);
    answers[1]?.end('again');
    expect(await read(second.body)).toBe('again');
    expect(await connectionsOf(streams)).toBe(1);
  });

  test('ending the iteration ends the socket, also while it waits for bytes', async () => {
    const { body } = await open(url);
    const chunks = body[Symbol.asyncIterator]();
    const waiting = chunks.next();
    await chunks.return?.();
    expect((await waiting).done).toBe(true);
    await closed(answers[0]);
    expect(setup.clock.pending).toBe(0);
  });

  test('leaving the loop ends the socket', async () => {
    const { body } = await open(url);
    answers[0]?.write('one');
    for await (const chunk of body) {
      expect(Buffer.from(chunk).toString()).toBe('one');
      break;
    }
    await closed(answers[0]);
  });

  test('the signal ends the socket, and whoever reads is told', async () => {
    const caller = new AbortController();
    const { body } = await open(url, { signal: caller.signal });
    const failed = failureOf(read(body));
    caller.abort();
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', reason: 'cancelled', countsAgainstHealth: false });
    await closed(answers[0]);
  });

  test('standing still is a timeout, counted from the last chunk', async () => {
    const { body } = await open(url, { idleTimeoutMs: 5000 });
    const chunks = body[Symbol.asyncIterator]();
    await setup.clock.advance(4000);
    answers[0]?.write('one');
    await chunks.next();
    const failed = failureOf(chunks.next());
    await setup.clock.advance(4999);
    answers[0]?.write('');
    expect(answers[0]?.destroyed).toBe(false);
    await setup.clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      reason: 'connection_read_timeout',
      retryable: true,
    });
    await closed(answers[0]);
    expect(setup.clock.pending).toBe(0);
  });

  test('the time for the head does not end the body', async () => {
    const { body } = await open(url, { timeoutMs: 1000 });
    await setup.clock.advance(60_000);
    answers[0]?.end('late');
    expect(await read(body)).toBe('late');
  });

  test('the upstream is read no faster than the body, and waiting readers are not its slowness', async () => {
    const { body } = await open(url, { idleTimeoutMs: 1000, maxBytes: Number.POSITIVE_INFINITY });
    const block = Buffer.alloc(1024 * 1024, 'x');
    let sent = 0;
    const next = (): void => {
      if (sent++ < BLOCKS) answers[0]?.write(block, next);
      else answers[0]?.end();
    };
    next();
    await eventually(() => sent > 1);
    for (let i = 0; i < 20; i++) await setup.clock.advance(10_000);
    expect(sent).toBeLessThan(BLOCKS);
    expect((await read(body)).length).toBe(BLOCKS * block.length);
  });

  test('closing the client ends what is being read', async () => {
    const { body } = await open(url);
    const failed = failureOf(read(body));
    await setup.client.close();
    expect((await failed).reason).toBe('cancelled');
  });
});

describe('limits and faults', () => {
  test('no head in time', async () => {
    server.behave({ kind: 'silent' });
    const failed = failureOf(open(server.url, { timeoutMs: 700 }));
    await eventually(() => server.requests.length === 1);
    await setup.clock.advance(700);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'http_response_timeout' });
    await server.until((s) => s.openSockets === 0);
  });

  test('whatever the status, the body is the caller’s; no coding is offered', async () => {
    server.next({ kind: 'answer', status: 429, headers: { 'retry-after': '3' }, body: 'words' });
    const { status, headers, body } = await open(server.url, { headers: { 'accept-encoding': 'gzip' } });
    expect({ status, after: headers['retry-after'], text: await read(body) }).toEqual({
      status: 429,
      after: '3',
      text: 'words',
    });
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('as many streams as there may be connections leave the others room', async () => {
    const held = await Promise.all(
      Array.from({ length: 70 }, () => {
        server.next({ kind: 'answer', headers: { 'content-length': '100' }, body: 'begun' });
        return open(server.url);
      }),
    );
    expect((await setup.get(server.url)).status).toBe(200);
    for (const { body } of held) await body[Symbol.asyncIterator]().return?.();
    await server.until((s) => s.openSockets <= 1);
  });

  test('a coded answer is refused, unless the coding is `none`', async () => {
    server.next({ kind: 'encoded', encodings: ['gzip'], body: 'words' });
    expect((await failureOf(open(server.url))).reason).toBe('http_response_content_coding');
    await server.until((s) => s.openSockets === 0);
  });

  test('more bytes than allowed, announced or not', async () => {
    server.next({ kind: 'answer', body: 'x'.repeat(101) });
    expect((await failureOf(open(server.url, { maxBytes: 100 }))).reason).toBe('http_response_body_size');
    server.next({ kind: 'answer', body: 'x'.repeat(101), framing: 'chunked' });
    const { body } = await open(server.url, { maxBytes: 100 });
    expect((await failureOf(read(body))).reason).toBe('http_response_body_size');
    await server.until((s) => s.openSockets === 0);
  });

  test('what came before a break is read first', async () => {
    server.next({ kind: 'truncate', framing: 'chunked', body: 'half of it' });
    const { body } = await open(server.url);
    const chunks = body[Symbol.asyncIterator]();
    expect((await chunks.next()).value?.length).toBeGreaterThan(0);
    expect(await failureOf(chunks.next())).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      reason: 'http_response_incomplete',
    });
  });

  test('refused, forbidden and misused as any other request', async () => {
    const { port } = server;
    await server.close();
    expect(await failureOf(open(`http://127.0.0.1:${port}/`))).toMatchObject({
      reason: 'connection_refused',
      neverLeft: true,
    });
    expect((await failureOf(open('http://169.254.169.254/'))).reason).toBe('destination_ip_prohibited');
    expect((await failureOf(open('/relative'))).reason).toBe('http_request_error');
    expect(setup.clock.pending).toBe(0);
  });

  test('a redirect is an answer', async () => {
    server.behave({ kind: 'redirect', to: 'http://127.0.0.1:1/' });
    expect((await open(server.url)).status).toBe(302);
    expect(server.requests).toHaveLength(1);
  });
});

function connectionsOf(of: Server): Promise<number> {
  return new Promise((resolve) => of.getConnections((_error, count) => resolve(count)));
}

async function closed(answer: ServerResponse | undefined): Promise<void> {
  await eventually(() => answer?.destroyed === true);
}
