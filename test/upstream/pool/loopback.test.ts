import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock, systemRandom } from '../../../src/runtime/index.ts';
import {
  type Attempt,
  type ConfigurableEndpointPool,
  createEndpointPool,
  type PoolCall,
} from '../../../src/upstream/index.ts';
import { failure, failureOf, refused } from './harness.ts';

const servers: Server[] = [];
const pools: ConfigurableEndpointPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Handler = NonNullable<Parameters<typeof createServer>[1]>;

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address on which nobody listens. */
async function nobody(): Promise<string> {
  const url = await serve(() => {});
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return url;
}

/** A plain GET as an attempt. */
const fetchText: Attempt<string> = ({ endpoint, signal }) =>
  new Promise((resolve, reject) => {
    const request = get(endpoint.url, { signal, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status < 500) resolve(text);
        else reject(failure({ status }));
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ECONNREFUSED' ? refused() : failure({ reason: 'connection_terminated' }));
    });
  });

function poolOf(urls: readonly string[], backups = 0): ConfigurableEndpointPool {
  const pool = createEndpointPool({
    source: 'petstore',
    endpoints: urls.map((url, number) => ({
      number,
      url,
      priority: number < urls.length - backups ? 0 : 1,
      weight: 1,
    })),
    clock: systemClock,
    random: systemRandom,
  });
  pools.push(pool);
  return pool;
}

const callOf = (over: Partial<PoolCall<string>> = {}): PoolCall<string> => ({
  attempt: fetchText,
  idempotent: true,
  deadline: systemClock.now() + 10_000,
  attemptTimeoutMs: 3_000,
  retries: 2,
  signal: new AbortController().signal,
  ...over,
});

describe('over real sockets', () => {
  test('a refused primary is answered by the backup, each time, and soon not even tried', async () => {
    const pool = poolOf([await nobody(), await serve((_request, response) => response.end('backup'))], 1);
    const results = [];
    for (let i = 0; i < 30; i++) results.push(await pool.call(callOf()));
    for (const result of results) expect(result).toMatchObject({ ok: true, value: 'backup', endpoint: { number: 1 } });
    expect(results.flatMap((r) => r.attempts).filter((a) => a.endpoint === 0).length).toBeLessThanOrEqual(5);
    expect(pool.health()).toMatchObject({ state: 'DEGRADED', endpoints: [{ breaker: 'OPEN' }, { state: 'HEALTHY' }] });
  });

  test('a mutation refused at one endpoint is done once at another; one that failed inside is not repeated', async () => {
    let done = 0;
    const pool = poolOf([
      await nobody(),
      await serve((_request, response) => {
        done++;
        response.end('done');
      }),
    ]);
    expect(await pool.call(callOf({ idempotent: false, preferEndpoint: 0 }))).toMatchObject({
      ok: true,
      value: 'done',
    });
    expect(done).toBe(1);
    let failed = 0;
    const failing = poolOf([
      await serve((_request, response) => {
        failed++;
        response.writeHead(500).end();
      }),
    ]);
    expect(failureOf(await failing.call(callOf({ idempotent: false }))).status).toBe(500);
    expect(failed).toBe(1);
  });

  test('a silent server ends at the deadline with its socket closed', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const pool = poolOf([await serve((request) => request.socket.on('close', () => resolve()))]);
    const result = await pool.call(callOf({ deadline: systemClock.now() + 150 }));
    expect(failureOf(result).code).toBe('DEADLINE_EXCEEDED');
    await closed;
  });

  test('a caller who leaves takes the socket along', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const pool = poolOf([
      await serve((request) => {
        arrived.resolve();
        request.socket.on('close', () => closed.resolve());
      }),
    ]);
    const caller = new AbortController();
    const call = pool.call(callOf({ signal: caller.signal }));
    await arrived.promise;
    caller.abort();
    expect(failureOf(await call).reason).toBe('cancelled');
    await closed.promise;
  });

  test('closing the pool ends a call to a silent server', async () => {
    const arrived = Promise.withResolvers<void>();
    const pool = poolOf([await serve(() => arrived.resolve())]);
    const call = pool.call(callOf());
    await arrived.promise;
    await pool.close();
    expect(failureOf(await call).code).toBe('NO_HEALTHY_UPSTREAM');
  });
});
