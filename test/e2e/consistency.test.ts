import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CounterUpstream, counterSource, startCounter } from '../support/counter-upstream.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let weir: TestGateway;
let shop: CounterUpstream;
let bank: CounterUpstream;

beforeAll(async () => {
  [weir, shop, bank] = await Promise.all([startTestGateway(), startCounter(), startCounter()]);
  await weir.publish(counterSource('shop', [shop.url]));
  await weir.publish(counterSource('bank', [bank.url]));
});
afterAll(() => Promise.all([weir.close(), shop.close(), bank.close()]));
beforeEach(async () => {
  shop.failing = false;
  await weir.admin('mutation { resetBreaker(source: "shop", endpoint: 0) { name } purgeCache { everything } }');
});

const READ = '{ shop { read { value } } }';
const TRACE = { 'weir-trace': '1' };
const outcomes = (answer: { extensions: { weir?: { sources: { outcome: string }[] } } }) =>
  answer.extensions.weir?.sources.map(({ outcome }) => outcome);
const write = async (headers: Record<string, string> = {}): Promise<string> => {
  const answer = await weir.query('mutation { shop { add { value } } }', {}, headers);
  expect(answer.errors).toEqual([]);
  return answer.headers.get('weir-consistency') ?? '';
};

describe('degraded answers', () => {
  test('say so in Cache-Status, and are not to be kept by anybody', async () => {
    expect((await weir.query(READ)).headers.get('cache-status')).toBe('weir; fwd=miss');
    expect((await weir.query(READ)).headers.get('cache-status')).toBe('weir; hit');
    await write();
    shop.failing = true;
    const stale = await weir.query('{ shop { read { value } readOther { value } } bank { read { value } } }');
    expect(stale.errors).toEqual([]);
    expect(stale.data).toEqual({
      shop: { read: { value: 0 }, readOther: { value: -1 } },
      bank: { read: { value: 0 } },
    });
    expect(stale.headers.get('cache-status')).toBe('weir; fwd=stale; detail="fallback, stale"');
    expect(stale.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a client that brings the token of its write', () => {
  test('reads nothing older, while others may be given the last good answer', async () => {
    await weir.query(READ);
    const token = await write();
    shop.failing = true;
    const others = await weir.query(READ);
    expect(others.data.shop.read).toEqual({ value: shop.value - 1 });
    expect(outcomes(others)).toEqual(['STALE']);
    const own = await weir.query(READ, {}, { 'weir-consistency': token });
    expect(own.data.shop.read).toBeNull();
    expect(own.errors[0]?.extensions.code).toBe('UPSTREAM_ERROR');

    shop.failing = false;
    await new Promise((resolve) => setTimeout(resolve, 5)); // times in tokens are whole milliseconds
    const back = { 'weir-consistency': token, ...TRACE };
    const fresh = await weir.query(READ, {}, back);
    expect(fresh.data.shop.read).toEqual({ value: shop.value });
    expect(outcomes(fresh)).toEqual(['FRESH']);
    expect(outcomes(await weir.query(READ, {}, back))).toEqual(['CACHED']);
  });

  test('gets one only for writes, and one for all of them', async () => {
    expect((await weir.query(READ)).headers.has('weir-consistency')).toBe(false);
    const first = await write();
    const answer = await weir.query('mutation { bank { add { value } } }', {}, { 'weir-consistency': first });
    const both = answer.headers.get('weir-consistency') ?? '';
    const payload = Buffer.from(both.split('.')[0] ?? '', 'base64url').toString();
    expect(payload).toContain('"shop"');
    expect(payload).toContain('"bank"');
  });

  test('gets one also for a write of which nobody knows whether it arrived', async () => {
    shop.failing = true;
    const answer = await weir.query('mutation { shop { add { value } } }');
    expect(answer.errors).toHaveLength(1);
    expect(answer.headers.get('weir-consistency')).toMatch(/^[\w-]+\.[\w-]{22}$/);
  });

  test.each(['junk', 'a.b', `${'A'.repeat(20)}.${'A'.repeat(22)}`])('is told when it is none: %s', async (token) => {
    const { status, errors } = await weir.query(READ, {}, { 'weir-consistency': token });
    expect(status).toBe(400);
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
    expect(errors[0]?.message).toContain('weir-consistency');
  });

  test('may bring it to the gateway after a restart', async () => {
    const token = await write();
    weir = await weir.restart();
    const answer = await weir.query(READ, {}, { 'weir-consistency': token });
    expect(answer.status).toBe(200);
    expect(answer.data.shop.read).toEqual({ value: shop.value });
  });
});
