import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Shop, startShop } from './support/shop.ts';

describe('what the upstream is sent', () => {
  let shop: Shop;

  beforeEach(async () => {
    shop = await startShop();
  });

  afterEach(() => shop.close());

  test('the selection as it is, arguments as variables', async () => {
    const { data, errors } = await shop.gateway.query('{ shop { it: item(id: 7) { number: id name } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({ shop: { it: { number: 7, name: 'item 7' } } });
    expect(shop.sent()).toMatchObject([
      { query: 'query($a0_id:Int!){f0:item(id:$a0_id) {number:id name}}', variables: { a0_id: 7 } },
    ]);
  });

  test('sibling fields of one source are one request', async () => {
    const query = '{ shop { a: item(id: 1) { name } b: item(id: 2) { id } thing(id: 3) { name } greeting } }';
    const { data, errors } = await shop.gateway.query(query);
    expect(errors).toEqual([]);
    expect(data.shop).toEqual({
      a: { name: 'item 1' },
      b: { id: 2 },
      thing: { name: 'part 3' },
      greeting: 'hello',
    });
    const [first, ...others] = shop.sent();
    expect(others).toEqual([]);
    expect(first?.query).toBe(
      'query($a0_id:Int! $a1_id:Int! $a2_id:Int!){f0:item(id:$a0_id) {name} f1:item(id:$a1_id) {id} f2:thing(id:$a2_id) {__typename name} f3:greeting}',
    );
    expect(first?.variables).toEqual({ a0_id: 1, a1_id: 2, a2_id: 3 });
  });

  test('as many fields as a document may have are still one request', async () => {
    const fields = Array.from({ length: 20 }, (_, n) => `f${n}: item(id: ${n}) { id }`).join(' ');
    const { errors } = await shop.gateway.query(`{ shop { ${fields} } }`);
    expect(errors).toEqual([]);
    expect(shop.sent().length).toBe(1);
  });

  test('equal fields are asked for once', async () => {
    const { data } = await shop.gateway.query('{ shop { a: item(id: 1) { id } b: item(id: 1) { id } } }');
    expect(data.shop).toEqual({ a: { id: 1 }, b: { id: 1 } });
    expect(shop.sent()).toMatchObject([{ query: 'query($a0_id:Int!){f0:item(id:$a0_id) {id}}' }]);
  });

  test('variables only where they are used, conditions decided, fragments in the upstream’s names', async () => {
    const query = `query ($id: Int!, $first: Int = 1, $with: Boolean!, $unused: Boolean!) {
      shop {
        thing(id: $id) { ...Named kind: __typename ... on ShopItem @include(if: $with) { parts(first: $first) { id } } }
        greeting @skip(if: $unused)
      }
    }
    fragment Named on ShopThing { name @skip(if: $with) id }`;
    const { data, errors } = await shop.gateway.query(query, { id: 4, with: true, unused: true });
    expect(errors).toEqual([]);
    expect(data.shop).toEqual({ thing: { id: 4, kind: 'ShopItem', parts: [{ id: 0 }] } });
    expect(shop.sent()).toMatchObject([
      {
        query:
          'query($a0_id:Int! $v_first:Int=1){f0:thing(id:$a0_id) {__typename ...Named ...on Item{parts(first:$v_first){id}}}}\n' +
          'fragment Named on Thing{id}',
        variables: { a0_id: 4, v_first: 1 },
      },
    ]);
    const other = await shop.gateway.query(query, { id: 4, with: false, unused: true });
    expect(other.data.shop).toEqual({ thing: { name: 'item 4', id: 4, kind: 'ShopItem' } });
  });

  test('mutations one after another, in order, never together', async () => {
    const query = `mutation ($item: ShopNewItem!) {
      shop { one: add(item: $item) { name } fail two: add(item: { name: "second" }) { name id } }
    }`;
    const { data, errors } = await shop.gateway.query(query, { item: { name: 'first', tags: [] } });
    expect(data.shop).toEqual({ one: { name: 'first ' }, fail: null, two: { name: 'second new', id: 1 } });
    expect(errors).toMatchObject([{ path: ['shop', 'fail'], extensions: { upstreamCode: 'NOT_ADDED' } }]);
    expect(shop.sent().map(({ query: text }) => text.replace(/\(.*?\)/, ''))).toEqual([
      'mutation{f0:add(item:$a0_item) {name}}',
      'mutation{f0:fail}',
      'mutation{f0:add(item:$a0_item) {name id}}',
    ]);
  });

  test('a value that nothing could be injected with', async () => {
    const { errors } = await shop.gateway.query(
      'mutation ($n: String!) { shop { add(item: { name: $n }) { name } } }',
      {
        n: '") { id } } # \u{1F4A5} \n',
      },
    );
    expect(errors).toEqual([]);
    expect(shop.sent()).toMatchObject([{ variables: { a0_item: { name: '") { id } } # \u{1F4A5} \n' } } }]);
  });
});

describe('headers', () => {
  test('credentials, headers of the owner, and those of the client that are forwarded', async () => {
    const shop = await startShop({
      auth: { bearer: { token: 'token-1' } },
      headers: [{ name: 'x-owner', value: 'weir' }],
      forwardHeaders: ['x-tenant'],
    });
    try {
      await shop.gateway.query('{ shop { greeting } }', {}, { 'x-tenant': 'acme', 'x-other': 'no' });
      const [first] = shop.sent();
      expect(first?.headers).toMatchObject({
        authorization: 'Bearer token-1',
        'x-owner': 'weir',
        'x-tenant': 'acme',
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      });
      expect(first?.headers).not.toHaveProperty('x-other');
      expect(first?.headers).not.toHaveProperty('weir-key');
    } finally {
      await shop.close();
    }
  });
});
