import { afterEach, describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../../support/fake-clock.ts';
import { startFaultServer } from '../../../support/fault-server.ts';
import { answer, integer, object, operation } from './support/plans.ts';
import { type RestSource, type RestSourceOptions, settings, startRestSource } from './support/rest-source.ts';

let source: RestSource | undefined;

async function start(options: Partial<RestSourceOptions> = {}): Promise<RestSource> {
  source = await startRestSource({
    operations: [operation('op', { answer: answer(object('O', [['a', integer]])) })],
    ...options,
  });
  return source;
}

afterEach(async () => {
  await source?.close();
  source = undefined;
});

const signal = new AbortController().signal;

describe('probe', () => {
  test('is a connect without a health check', async () => {
    const running = await start();
    expect(await running.connection.probe(signal)).toEqual({ ok: true, latencyMs: expect.any(Number) });
    expect(running.server.requests).toHaveLength(0);
  });

  test.each([
    [200, { ok: true, status: 200 }],
    [404, { ok: true, status: 404 }],
    [500, { ok: false, reason: 'destination_unavailable' }],
  ])('with one is a GET of its path below the endpoint; %d', async (status, expected) => {
    const running = await start({
      base: '/v1?k=1',
      policy: { healthCheck: { path: 'health?deep=1' } },
      behaviour: { kind: 'answer', status },
    });
    expect(await running.connection.probe(signal)).toMatchObject(expected);
    expect(running.server.requests.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/v1/health?k=1&deep=1'],
    ]);
  });

  test('carries no credential, and follows the policy of the moment', async () => {
    const running = await start({ definition: { headers: [{ name: 'x-key', value: 'k' }] } });
    running.connection.reconfigure(settings({ policy: { healthCheck: { path: '/up' } } }));
    await running.connection.probe(signal);
    expect(running.server.requests[0]?.path).toBe('/up');
    expect(running.server.requests[0]?.headers['x-key']).toBeUndefined();
  });
});

describe('health', () => {
  test('probes on its own, takes a dead endpoint out and brings it back', async () => {
    const clock = new FakeClock();
    const running = await start({ clock, policy: { healthCheck: { path: '/up', intervalSeconds: 2 } } });
    const states: string[] = [];
    running.connection.events.on((event) => {
      if (event.type === 'health') states.push(event.to);
    });
    /** Time goes on in small steps, with a request of our own in between: probes need real time for their answers. */
    const until = async (state: string): Promise<void> => {
      for (let i = 0; i < 500 && !states.includes(state); i++) {
        await clock.advance(100);
        await (await fetch(`${running.server.url}/other`)).text();
      }
      expect(states).toContain(state);
    };
    running.server.behave(({ path }) => ({ kind: 'answer', status: path === '/up' ? 500 : 200 }));
    await until('DOWN');
    expect(await running.call('op')).toMatchObject({ kind: 'FAILED', failure: { code: 'NO_HEALTHY_UPSTREAM' } });
    expect(running.server.requests.some(({ path }) => path === '/op')).toBe(false);
    states.length = 0;
    running.server.behave({ kind: 'answer', body: { a: 1 } });
    await until('HEALTHY');
    expect(await running.call('op')).toMatchObject({ kind: 'FRESH', value: { a: 1 } });
  });

  test('a backup serves when the primary fails, and the outcome says so', async () => {
    const backup = await startFaultServer({ behaviour: { kind: 'answer', body: { a: 2 } } });
    try {
      const running = await start({
        backups: [backup.url],
        policy: { retries: 1 },
        behaviour: { kind: 'answer', status: 502 },
      });
      expect(await running.call('op')).toMatchObject({ kind: 'BACKUP', value: { a: 2 }, failure: { status: 502 } });
      expect(backup.requests[0]?.path).toBe('/op');
    } finally {
      await source?.close();
      source = undefined;
      await backup.close();
    }
  });
});
