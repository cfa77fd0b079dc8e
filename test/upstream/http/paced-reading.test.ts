import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpStreamResponse } from '../../../src/upstream/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { makeTestCertificate } from '../../support/test-certificate.ts';
import { eventually, makeClient } from './client-fixture.ts';

const PACE_MS = 16;
const certificate = makeTestCertificate(['IP:127.0.0.1']);

describe.each(['http', 'https'] as const)('streams over %s that are read at a pace', (scheme) => {
  let server: ReturnType<typeof createServer>;
  let setup: ReturnType<typeof makeClient>;
  let answers: ServerResponse[];
  let came: string;
  let begun: boolean;
  let over: boolean;

  beforeEach(async () => {
    answers = [];
    came = '';
    begun = false;
    over = false;
    const answer = (_request: unknown, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      answers.push(response);
    };
    server = scheme === 'http' ? createServer(answer) : createTlsServer(certificate, answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    setup = makeClient({ streamPaceMs: PACE_MS, ca: [certificate.cert] });
  });

  afterEach(async () => {
    await setup.client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function open(): Promise<HttpStreamResponse> {
    return setup.client.stream({
      method: 'GET',
      url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      headers: {},
      signal: new AbortController().signal,
      timeoutMs: 3000,
      maxBytes: Number.POSITIVE_INFINITY,
    });
  }

  async function collect(): Promise<void> {
    came = '';
    over = false;
    const { body } = await open();
    begun = true;
    for await (const chunk of body) came += Buffer.from(chunk).toString();
    over = true;
  }

  async function send(text: string): Promise<void> {
    await new Promise<void>((resolve) => answers.at(-1)?.write(text, () => resolve()));
  }

  /** Gives what was sent time to arrive, though nobody reads it. */
  async function arrive(): Promise<void> {
    for (let i = 0; i < 50; i++) await settle();
  }

  /** The beginning of an answer waits for nothing; after these pieces the next must wait. */
  async function beginQuickly(): Promise<string> {
    await eventually(() => begun);
    let sent = '';
    for (const text of ['a', 'b', 'c']) {
      await send(text);
      sent += text;
      await eventually(() => came === sent);
    }
    return sent;
  }

  test('the beginning comes as it is sent; later pieces that follow each other quickly come together', async () => {
    const reading = collect();
    const before = await beginQuickly();
    for (const text of ['1', '2', '3']) await send(text);
    await arrive();
    expect(came).toBe(before);
    await setup.clock.advance(PACE_MS - 1);
    await arrive();
    expect(came).toBe(before);
    await setup.clock.advance(1);
    await eventually(() => came === `${before}123`);
    answers[0]?.end();
    await setup.clock.advance(PACE_MS);
    await reading;
  });

  test('pieces that come slowly are read as they come', async () => {
    const reading = collect();
    let sent = await beginQuickly();
    await setup.clock.advance(PACE_MS);
    for (const text of ['1', '2', '3']) {
      await setup.clock.advance(2 * PACE_MS);
      await send(text);
      sent += text;
      await eventually(() => came === sent);
    }
    answers[0]?.end();
    await setup.clock.advance(PACE_MS);
    await reading;
  });

  test('nothing is lost when the answer ends meanwhile', async () => {
    const reading = collect();
    const before = await beginQuickly();
    await send('1');
    answers[0]?.end('2');
    await arrive();
    expect(over).toBe(false);
    await setup.clock.advance(PACE_MS);
    await reading;
    expect(came).toBe(`${before}12`);
  });

  test('nothing is lost when the connection ends meanwhile', async () => {
    let broken = false;
    const reading = collect().catch(() => {
      broken = true;
    });
    const before = await beginQuickly();
    await send('1');
    answers[0]?.socket?.end();
    await arrive();
    expect(came).toBe(before);
    while (!broken) await setup.clock.advance(PACE_MS);
    await reading;
    expect([came, over]).toEqual([`${before}1`, false]);
  });

  test('the next answer on the same connection waits for nothing', async () => {
    const first = collect();
    await beginQuickly();
    answers[0]?.end('z');
    await setup.clock.advance(PACE_MS);
    await first;
    await settle();
    const second = collect();
    await eventually(() => answers.length === 2);
    answers[1]?.end('again');
    await second;
    expect(came).toBe('again');
    const connections = await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    expect(connections).toBe(1);
  });

  test('a large answer is not held back', async () => {
    const reading = collect();
    await beginQuickly();
    answers[0]?.end('x'.repeat(2_000_000));
    while (!over) {
      await setup.clock.advance(PACE_MS);
      // Far fewer steps than it has kilobytes.
      expect(setup.clock.now()).toBeLessThan(1_700_000_000_000 + 200 * PACE_MS);
    }
    await reading;
    expect(came).toHaveLength(2_000_003);
  });

  test('a connection that is closed while it waits is not read again', async () => {
    const { body } = await open();
    await eventually(() => answers.length === 1);
    const chunks = body[Symbol.asyncIterator]();
    for (const text of ['a', 'b', 'c']) {
      await send(text);
      await chunks.next();
    }
    expect(setup.clock.pending).toBe(1);
    await chunks.return?.();
    await setup.clock.advance(PACE_MS);
    await eventually(() => answers[0]?.destroyed === true);
    expect(setup.clock.pending).toBe(0);
  });
});
