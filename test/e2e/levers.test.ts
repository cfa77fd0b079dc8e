import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CounterUpstream, counterSource, startCounter } from '../support/counter-upstream.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let weir: TestGateway;
let primary: CounterUpstream;
let backup: CounterUpstream;

beforeAll(async () => {
  [weir, primary, backup] = await Promise.all([startTestGateway(), startCounter(), startCounter()]);
  backup.value = 1_000;
});
afterAll(() => Promise.all([weir.close(), primary.close(), backup.close()]));

const served = async (source: string): Promise<unknown> => {
  const answer = await weir.query(`{ ${source} { read { value } } }`, {}, { 'weir-trace': '1' });
  return answer.extensions.weir.sources[0].outcome;
};
const admin = async (text: string) => {
  const { errors, data } = await weir.admin(text);
  expect(errors).toEqual([]);
  return data;
};

describe('by hand', () => {
  test('an endpoint is taken out and put back in', async () => {
    await weir.publish(counterSource('shop', [primary.url, backup.url], { cache: {} }));
    expect(await served('shop')).toBe('FRESH');
    const out = await admin(
      'mutation { isolateEndpoint(source: "shop", endpoint: 0, isolated: true) { health { endpoints { number state } } } }',
    );
    expect(out.isolateEndpoint.health.endpoints[0]).toEqual({ number: 0, state: 'PAUSED' });
    expect(await served('shop')).toBe('BACKUP');
    await admin('mutation { isolateEndpoint(source: "shop", endpoint: 0, isolated: false) { name } }');
    expect(await served('shop')).toBe('FRESH');
    const { errors } = await weir.admin(
      'mutation { isolateEndpoint(source: "shop", endpoint: 7, isolated: true) { name } }',
    );
    expect(errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', endpoints: [0, 1] });
  });

  test('an open breaker is closed, and calls go at once', async () => {
    await weir.publish(counterSource('bank', [primary.url], { cache: {} }));
    primary.failing = true;
    for (let i = 0; i < 10; i++) await weir.query('{ bank { read { value } } }');
    primary.failing = false;
    const health = await admin('{ source(name: "bank") { health { endpoints { breaker } } } }');
    expect(health.source.health.endpoints).toEqual([{ breaker: 'OPEN' }]);
    expect(await served('bank')).toBe('FAILED');
    await admin('mutation { resetBreaker(source: "bank", endpoint: 0) { name } }');
    expect(await served('bank')).toBe('FRESH');
  });

  test('what an upstream tagged is purged in one source, or everywhere', async () => {
    primary.headers = { 'surrogate-key': 'counters misc' };
    await weir.publish(counterSource('one', [primary.url]));
    await weir.publish(counterSource('two', [primary.url]));
    const warm = async () => {
      for (const source of ['one', 'two']) await served(source);
      expect([await served('one'), await served('two')]).toEqual(['CACHED', 'CACHED']);
    };
    await warm();
    await admin('mutation { purgeCache(source: "one", tags: ["nothing", "counters"]) { tags } }');
    expect([await served('one'), await served('two')]).toEqual(['FRESH', 'CACHED']);
    await warm();
    await admin('mutation { purgeCache(tags: ["misc"]) { tags } }');
    expect([await served('one'), await served('two')]).toEqual(['FRESH', 'FRESH']);
  });

  test('a deleted source leaves no answers to the next one of its name', async () => {
    await weir.publish(counterSource('late', [primary.url]));
    await served('late');
    await admin('mutation { deprecateSource(name: "late", reason: "over") { name } }');
    await admin('mutation { retireSource(name: "late") { name } }');
    await admin('mutation { deleteSource(name: "late") }');
    await weir.publish(counterSource('late', [backup.url]));
    const { data } = await weir.query('{ late { read { value } } }');
    expect(data.late.read.value).toBe(backup.value);
  });

  test('drift of an upstream is told by its source', async () => {
    await weir.publish(counterSource('odd', [primary.url], { cache: {} }));
    primary.value = 'many' as unknown as number;
    await weir.query('{ odd { read { value } } }');
    primary.value = 0;
    const { source } = await admin('{ source(name: "odd") { drift { operation path expected received count } } }');
    expect(source.drift).toMatchObject([{ operation: 'read', path: '$.value', count: 1 }]);
    expect(JSON.stringify(source.drift)).not.toContain('many');
  });
});
