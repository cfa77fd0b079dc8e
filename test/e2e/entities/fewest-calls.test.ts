import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSchema } from 'graphql-yoga';
import { startYoga, type UpstreamServer } from '../../sources/graphql/support/servers.ts';
import { type CountingServer, startCountingServer } from '../../support/counting-server.ts';
import { getting, openapi } from '../../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const PARTS = createSchema({
  typeDefs: 'type Query { part: Part } type Part { id: ID! code: String }',
  resolvers: { Query: { part: () => ({ id: '1', code: 'x' }) } },
});

const string = { type: 'string' };
const part = { $ref: '#/components/schemas/Part' };
const taking = (name: string) => ({ parameters: [{ name, in: 'query', required: true, schema: string }] });
const DETAILS = openapi(
  {
    '/size': getting('size', part, taking('id')),
    '/price': getting('price', part, taking('id')),
    '/sheet': getting('sheet', part, taking('code')),
  },
  {
    components: {
      schemas: {
        Part: {
          type: 'object',
          properties: { id: string, code: string, width: string, height: string, price: string, stock: string },
        },
      },
    },
  },
);
const ALL = { id: '1', code: 'x', width: '1 m', height: '2 m', price: '3 EUR', stock: '4' };

describe('several operations of one source for one entity', () => {
  let gateway: TestGateway;
  let details: CountingServer;
  let parts: UpstreamServer;

  beforeAll(async () => {
    [gateway, details, parts] = await Promise.all([
      startTestGateway(),
      startCountingServer(() => ALL),
      startYoga(PARTS),
    ]);
    const by = (operation: string, key: string, fields: readonly string[]) => ({
      type: 'Part',
      key: [key],
      operation,
      arguments: [{ name: key, field: key }],
      fields,
    });
    await gateway.publish({
      name: 'details',
      visibility: 'PUBLIC',
      rest: {
        document: JSON.stringify(DETAILS),
        endpoints: [{ url: details.url }],
        entities: [
          by('size', 'id', ['width', 'height']),
          by('price', 'id', ['price', 'stock']),
          by('sheet', 'code', ['width', 'price']),
        ],
      },
    });
    await gateway.publish({
      name: 'parts',
      visibility: 'PUBLIC',
      graphql: { url: parts.url, entities: [{ type: 'Part', key: ['id'] }] },
    });
  });
  beforeEach(() => {
    details.take();
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([details.close(), parts.close()]);
  });

  const asked = async (fields: string, variables: Record<string, unknown> = {}) => {
    const { errors } = await gateway.query(
      `query ($yes: Boolean = true) { parts { part { id @include(if: $yes) ${fields} } } }`,
      variables,
    );
    expect(errors).toEqual([]);
    return details.take();
  };

  test('one that gives all that is selected is called alone, though none of the fields would go that way', async () => {
    expect(await asked('width height')).toEqual(['GET /size?id=1']);
    expect(await asked('price')).toEqual(['GET /price?id=1']);
    expect(await asked('width price')).toEqual(['GET /sheet?code=x']);
  });

  test('two are called only when none gives all', async () => {
    expect(await asked('width height price')).toEqual(['GET /price?id=1', 'GET /size?id=1']);
    expect(await asked('width stock')).toEqual(['GET /price?id=1', 'GET /size?id=1']);
  });

  test('variables may leave out what the way depends on', async () => {
    expect(await asked('width price @include(if: $yes)')).toEqual(['GET /sheet?code=x']);
    expect(await asked('width price @include(if: $yes)', { yes: false })).toEqual(['GET /size?id=1']);
  });
});
