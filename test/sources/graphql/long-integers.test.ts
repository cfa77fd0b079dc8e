import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const LONG = '9007199254740993';
const SDL = `
  scalar Long
  scalar JSON
  type Query { thing: Thing long: Long longs: [Long!] float: Float }
  type Thing { id: ID! long: Long longs: [[Long]] float: Float any: JSON own: Own inner: Thing }
  scalar Own
`;

describe('integers beyond 2^53 in the answers of a GraphQL service', () => {
  let server: FaultServer;
  let gateway: TestGateway;
  let answer = '';

  beforeAll(async () => {
    server = await startFaultServer({ behaviour: () => ({ kind: 'answer', body: `{"data":{${answer}}}` }) });
    gateway = await startTestGateway();
    await gateway.publish({
      name: 'shop',
      visibility: 'PUBLIC',
      graphql: { sdl: SDL, endpoints: [{ url: server.url }] },
      policy: { cache: { ttlSeconds: 60 } },
    });
  });

  afterAll(async () => {
    await gateway.close();
    await server.close();
  });

  const query = async (fields: string, with_: string): Promise<unknown> => {
    answer = with_;
    const { data, errors } = await gateway.query(`{ shop { ${fields} } }`);
    expect(errors).toEqual([]);
    return data.shop;
  };

  test('keep their digits in the scalars of the service, from the cache too', async () => {
    const ask = () => query('thing { a: long longs }', `"f0":{"a":${LONG},"longs":[[-${LONG}],[7]]}`);
    const expected = { thing: { a: LONG, longs: [[`-${LONG}`], [7]] } };
    expect(await ask()).toEqual(expected);
    expect(await ask()).toEqual(expected);
  });

  test('keep them in root fields', async () => {
    expect(await query('long longs float', `"f0":${LONG},"f1":[${LONG},1],"f2":${LONG}`)).toEqual({
      long: LONG,
      longs: [LONG, 1],
      float: Number(LONG),
    });
  });

  test('are plain numbers or digits in all other leaves beside them', async () => {
    const fields = 'thing { id long float any own inner { x: float y: long } }';
    const inner = `{"x":${LONG},"y":${LONG}}`;
    const with_ = `"f0":{"id":${LONG},"long":1,"float":${LONG},"any":{"long":[${LONG}]},"own":{"y":${LONG}},"inner":${inner}}`;
    expect(await query(fields, with_)).toEqual({
      thing: {
        id: LONG,
        long: 1,
        float: Number(LONG),
        any: { long: [Number(LONG)] },
        own: { y: Number(LONG) },
        inner: { x: Number(LONG), y: LONG },
      },
    });
  });

  test('are plain numbers where one key means two things', async () => {
    const fields = 'thing { x: long inner { x: float } }';
    expect(await query(fields, `"f0":{"x":${LONG},"inner":{"x":${LONG}}}`)).toEqual({
      thing: { x: Number(LONG), inner: { x: Number(LONG) } },
    });
  });

  test('text of as many digits is text', async () => {
    expect(await query('thing { long float }', `"f0":{"long":"${LONG}","float":0.12345678901234568}`)).toEqual({
      thing: { long: LONG, float: 0.12345678901234568 },
    });
  });
});
