import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { failureOf, makeClient } from './client-fixture.ts';

let server: FaultServer;
let proxy: FaultProxy;
let setup: ReturnType<typeof makeClient>;

beforeEach(async () => {
  server = await startFaultServer();
  proxy = await startFaultProxy(server.port);
  setup = makeClient();
});

afterEach(async () => {
  await setup.client.close();
  await proxy.close();
  await server.close();
});

test('any body comes whole, however it is framed, coded and sliced', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 2000 }),
      fc.constantFrom('length' as const, 'chunked' as const, 'close' as const),
      fc.boolean(),
      fc.integer({ min: 1, max: 300 }),
      async (bytes, framing, coded, sliceBytes) => {
        proxy.poison({ sliceBytes });
        server.behave({
          kind: 'answer',
          framing,
          body: coded ? gzipSync(bytes) : bytes,
          headers: coded ? { 'content-encoding': 'gzip' } : {},
        });
        const response = await setup.get(proxy.url);
        expect(response.body.equals(Buffer.from(bytes))).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('a body cut anywhere is never taken for a whole one', async () => {
  const whole = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (length) => {
      server.behave({ kind: 'raw', bytes: whole.slice(0, length), end: true });
      const { reason } = await failureOf(setup.get(proxy.url));
      expect(reason).toBe('http_response_incomplete');
    }),
    { numRuns: 60 },
  );
});

test('a route that goes dark in an answer ends at the deadline, and serves again when it is back', async () => {
  await setup.get(proxy.url);
  await proxy.mode('blackhole');
  const failing = failureOf(setup.get(proxy.url, { timeoutMs: 400 }));
  await setup.clock.advance(400);
  expect(await failing).toMatchObject({ code: 'UPSTREAM_TIMEOUT', countsAgainstHealth: true });
  await proxy.mode('pass');
  expect((await setup.get(proxy.url)).status).toBe(200);
});

test('a port that closes and opens again', async () => {
  await setup.get(proxy.url);
  await proxy.mode('refuse');
  expect(await failureOf(setup.get(proxy.url))).toMatchObject({ neverLeft: true, retryable: true });
  await proxy.mode('pass');
  expect((await setup.get(proxy.url)).status).toBe(200);
});
