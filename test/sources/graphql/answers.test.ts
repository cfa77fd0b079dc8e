import { afterEach, describe, expect, test } from '@jest/globals';
import { type Shop, startShop } from './support/shop.ts';

let shop: Shop;

afterEach(() => shop.close());

const setPolicy = async (policy: Record<string, unknown>): Promise<void> => {
  const text = 'mutation ($policy: PolicyInput!) { setPolicy(source: "shop", policy: $policy) { name } }';
  const { errors } = await shop.gateway.admin(text, { policy });
  expect(errors).toEqual([]);
};

describe('errors of the upstream', () => {
  test('stand at their place, under the client’s keys, without the upstream’s words; the rest is kept', async () => {
    shop = await startShop();
    const query = '{ shop { it: item(id: 1) { id bad: broken parts(first: 1) { id } deep: fragile { no: strict } } } }';
    const answer = await shop.gateway.query(query);
    expect(answer.data.shop).toEqual({ it: { id: 1, bad: null, parts: [{ id: 0 }], deep: null } });
    expect(answer.errors).toMatchObject([
      {
        message: 'shop answered this part with an error.',
        path: ['shop', 'it', 'bad'],
        extensions: { code: 'UPSTREAM_ERROR', source: 'shop', upstreamCode: 'IT_IS_BROKEN' },
      },
      { path: ['shop', 'it', 'deep', 'no'], extensions: { code: 'UPSTREAM_ERROR' } },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/secret words|10\.1\.2\.3/);
  });

  test('of an item of a list stand at the item', async () => {
    shop = await startShop();
    const { data, errors } = await shop.gateway.query('{ shop { items(ids: [1, 13, 2]) { id } } }');
    expect(data.shop.items).toEqual([{ id: 1 }, null, { id: 2 }]);
    expect(errors).toMatchObject([{ path: ['shop', 'items', 1], extensions: { upstreamCode: 'UNLUCKY' } }]);
  });

  test('of a root field fail that field alone, also when the upstream says that it cannot be null', async () => {
    shop = await startShop();
    const { data, errors } = await shop.gateway.query('{ shop { required item(id: 1) { id } greeting } }');
    expect(data.shop).toEqual({ required: null, item: { id: 1 }, greeting: 'hello' });
    expect(errors).toMatchObject([{ path: ['shop', 'required'], extensions: { upstreamCode: 'NO_STOCK' } }]);
    // Together, and, since nothing came of that, each by itself.
    expect(shop.sent().length).toBe(4);
  });

  test.each([
    ['FORBIDDEN', 'UPSTREAM_REJECTED'],
    ['unauthenticated', 'UPSTREAM_REJECTED'],
    ['RATE_LIMITED', 'UPSTREAM_OVERLOADED'],
    ['SOMETHING_ELSE', 'UPSTREAM_ERROR'],
  ])('%s of the upstream is %s', async (why, code) => {
    shop = await startShop({}, { retries: 0 });
    const { data, errors } = await shop.gateway.query('query ($why: String!) { shop { refused(why: $why) } }', { why });
    expect(data.shop.refused).toBeNull();
    expect(errors).toMatchObject([{ path: ['shop', 'refused'], extensions: { code, upstreamCode: why } }]);
  });

  test('a code that is a sentence is not shown', async () => {
    shop = await startShop();
    const why = 'The database at 10.1.2.3 is down';
    const { errors } = await shop.gateway.query('query ($why: String!) { shop { refused(why: $why) } }', { why });
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('10.1.2.3');
  });

  test('an admin who asks for a trace sees what the upstream said, without the source’s credentials', async () => {
    shop = await startShop({ auth: { bearer: { token: 'hush-token' } } }, { retries: 0 });
    shop.answer(() => ({ errors: [{ message: 'the token hush-token is of no use' }] }));
    const query = '{ shop { greeting } }';
    const answer = await shop.gateway.admin(query, {}, { 'weir-trace': '1' });
    expect(answer.extensions.weir.calls[0].upstreamAnswer.text).toContain('the token [secret] is of no use');
    const others = await shop.gateway.query(query, {}, { 'weir-trace': '1' });
    expect(JSON.stringify(others)).not.toContain('of no use');
  });

  test.each<readonly [string, unknown, string]>([
    ['only errors', { errors: [{ message: 'secret words' }] }, 'UPSTREAM_ERROR'],
    ['a list', [], 'UPSTREAM_INVALID_RESPONSE'],
    ['neither data nor errors', { ok: true }, 'UPSTREAM_INVALID_RESPONSE'],
    ['a field that is missing', { data: {} }, 'UPSTREAM_INVALID_RESPONSE'],
    ['data that is no object', { data: 'secret words' }, 'UPSTREAM_INVALID_RESPONSE'],
  ])('an answer with %s is a failure', async (_name, body, code) => {
    shop = await startShop({}, { retries: 0 });
    shop.answer(() => body);
    const { data, errors } = await shop.gateway.query('{ shop { greeting } }');
    expect(data).toEqual({ shop: { greeting: null } });
    expect(errors).toMatchObject([{ extensions: { code, source: 'shop' } }]);
    expect(JSON.stringify(errors)).not.toContain('secret words');
  });

  test('answers that do not fit are errors where they are selected', async () => {
    shop = await startShop();
    shop.answer(() => ({ data: { f0: { id: 'x', parts: 'none', name: { no: 'text' } } } }));
    const { data, errors } = await shop.gateway.query('{ shop { item(id: 1) { name parts { id } } } }');
    expect(data.shop.item).toBeNull();
    expect(errors.map(({ path }) => path)).toContainEqual(['shop', 'item', 'parts']);
    shop.answer(() => ({ data: { f0: { __typename: 'Nobody', id: 1 } } }));
    const unknown = await shop.gateway.query('{ shop { thing(id: 1) { id } } }');
    expect(unknown.data.shop.thing).toBeNull();
    expect(unknown.errors).toHaveLength(1);
  });

  test('one failed request of many fields says one thing about the endpoint', async () => {
    shop = await startShop({}, { retries: 0 });
    shop.server.next({ kind: 'answer', status: 503 });
    const query =
      '{ shop { a: item(id: 1) { id } b: item(id: 2) { id } c: item(id: 3) { id } d: greeting e: thing(id: 1) { id } f: item(id: 4) { id } } }';
    const failed = await shop.gateway.query(query);
    expect(failed.errors).toHaveLength(6);
    // Five failures in a row would have opened the breaker.
    const next = await shop.gateway.query(query);
    expect(next.errors).toEqual([]);
  });
});

describe('the ladder', () => {
  test('queries are kept by policy, whatever Apollo’s no-store says; writes end them', async () => {
    shop = await startShop({}, { cache: { ttlSeconds: 60 } });
    const query = 'query ($n: Int!) { shop { it: item(id: $n) { id name } } }';
    for (const n of [1, 1, 2, 1]) {
      const { data } = await shop.gateway.query(query, { n });
      expect(data.shop.it.id).toBe(n);
    }
    expect(shop.sent()).toHaveLength(2);
    // Other keys and other selections are other answers.
    const aliased = await shop.gateway.query('{ shop { it: item(id: 1) { id label: name } } }');
    expect(aliased.data.shop.it).toEqual({ id: 1, label: 'item 1' });
    expect(shop.sent()).toHaveLength(3);
    await shop.gateway.query('mutation { shop { add(item: { name: "x" }) { id } } }');
    const before = shop.sent().length;
    await shop.gateway.query(query, { n: 1 });
    expect(shop.sent().length).toBe(before + 1);
  });

  test('an absent variable and a null one are different questions', async () => {
    shop = await startShop({}, { cache: { ttlSeconds: 60 } });
    const query = 'query ($first: Int) { shop { item(id: 1) { parts(first: $first) { id } } } }';
    const absent = await shop.gateway.query(query);
    expect(absent.data.shop.item.parts).toHaveLength(2);
    await shop.gateway.query(query, { first: null });
    expect(shop.sent()).toHaveLength(2);
  });

  test('answers with errors in them are not kept', async () => {
    shop = await startShop({}, { cache: { ttlSeconds: 60 } });
    for (let i = 0; i < 2; i++) await shop.gateway.query('{ shop { item(id: 1) { broken } } }');
    expect(shop.sent()).toHaveLength(2);
  });

  test('stale answers stand in for an upstream that fails', async () => {
    shop = await startShop({}, { cache: { ttlSeconds: 0, staleSeconds: 600 }, retries: 0 });
    const query = '{ shop { it: item(id: 1) { label: name } } }';
    await shop.gateway.query(query);
    shop.server.behave({ kind: 'answer', status: 503 });
    const { data, errors, extensions } = await shop.gateway.query(query);
    expect(errors).toEqual([]);
    expect(data.shop.it).toEqual({ label: 'item 1' });
    expect(extensions.weir.sources).toMatchObject([{ name: 'shop', outcome: 'STALE', paths: ['shop.it'] }]);
  });

  test('a declared constant is put into the shape of each selection', async () => {
    shop = await startShop({}, { retries: 0, cache: { staleSeconds: 0 } });
    await setPolicy({ retries: 0, cache: { staleSeconds: 0 } });
    const value = { __typename: 'ShopItem', id: 0, name: 'nothing', parts: [{ id: 5, name: 'spare' }] };
    const text =
      'mutation ($policy: PolicyInput!) { setPolicy(source: "shop", operation: "thing", policy: $policy) { name } }';
    expect((await shop.gateway.admin(text, { policy: { fallback: { value } } })).errors).toEqual([]);
    shop.server.behave({ kind: 'answer', status: 503 });
    const query = `{ shop { thing(id: 1) { kind: __typename label: name ...F ... on ShopPart { strict } } } }
      fragment F on ShopItem { bits: parts { number: id __typename } owner }`;
    const { data, errors, extensions } = await shop.gateway.query(query);
    expect(errors).toEqual([]);
    expect(data.shop.thing).toEqual({
      kind: 'ShopItem',
      label: 'nothing',
      bits: [{ number: 5, __typename: 'ShopPart' }],
      owner: null,
    });
    expect(extensions.weir.sources).toMatchObject([{ name: 'shop', outcome: 'FALLBACK' }]);
  });

  test('a source that is down takes nothing else with it', async () => {
    shop = await startShop({}, { retries: 0 });
    await shop.server.close();
    const { data, errors } = await shop.gateway.query('{ shop { greeting item(id: 1) { id } } __typename }');
    expect(data).toEqual({ shop: { greeting: null, item: null }, __typename: 'Query' });
    expect(errors.map(({ extensions: { code } }) => code)).toEqual(['NO_HEALTHY_UPSTREAM', 'NO_HEALTHY_UPSTREAM']);
  });
});
