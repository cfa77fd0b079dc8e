import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const document = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'echo', version: '1' },
  paths: {
    '/echo': {
      get: {
        operationId: 'echo',
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { type: 'object', properties: { said: { type: 'string' } } } } },
          },
        },
      },
    },
  },
});

let weir: TestGateway;
let upstream: Server;
let consumer: Record<string, string>;

beforeAll(async () => {
  upstream = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end('{"said":"hello"}'),
  );
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  weir = await startTestGateway();
  for (const [name, visibility] of [
    ['open', 'PUBLIC'],
    ['shared', 'SHARED'],
    ['own', 'PRIVATE'],
  ]) {
    await weir.publish({ name, visibility, rest: { document, endpoints: [{ url }] } });
  }
  const { data } = await weir.admin(
    'mutation { createKey(input: { name: "app", role: CONSUMER }) { secret key { id role } } }',
  );
  consumer = { 'weir-key': data.createKey.secret };
});

afterAll(async () => {
  await weir.close();
  upstream.closeAllConnections();
  upstream.close();
});

const fieldsOf = async (headers: Record<string, string>): Promise<string[]> => {
  const { data } = await weir.query('{ __schema { queryType { fields { name } } types { name } } }', {}, headers);
  return data.__schema.queryType.fields.map((field: { name: string }) => field.name);
};

describe('what a caller sees is what it may use', () => {
  test('nobody: public sources and nothing of the admin API', async () => {
    expect((await fieldsOf({})).sort()).toEqual(['me', 'open']);
    const { data } = await weir.query('{ __schema { mutationType { name } types { name } } }');
    expect(data.__schema.mutationType).toBeNull();
    expect(JSON.stringify(data)).not.toMatch(/RegisterSource|Audit|OwnEcho|SharedEcho/);
  });

  test('a consumer’s key: shared ones as well', async () => {
    expect((await fieldsOf(consumer)).sort()).toEqual(['me', 'open', 'shared']);
    expect((await weir.query('{ shared { echo { said } } me { role } }', {}, consumer)).data).toEqual({
      shared: { echo: { said: 'hello' } },
      me: { role: 'CONSUMER' },
    });
  });

  test.each([
    ['a private source', '{ own { echo { said } } }'],
    ['a query of the admin API', '{ keys { id } }'],
    ['a mutation of the admin API', 'mutation { retireSource(name: "open") { name } }'],
  ])('%s is unknown to both', async (_what, query) => {
    for (const headers of [{}, consumer]) {
      const { status, errors, data } = await weir.query(query, {}, headers);
      expect([status, data]).toEqual([400, null]);
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect((await weir.query('{ open { echo { said } } }')).data.open.echo.said).toBe('hello');
  });

  test('a revoked key opens nothing from that moment', async () => {
    const made = await weir.admin('mutation { createKey(input: { name: "brief" }) { secret key { id } } }');
    const headers = { 'weir-key': made.data.createKey.secret };
    expect((await weir.query('{ me { kind } }', {}, headers)).status).toBe(200);
    const { errors } = await weir.admin('mutation ($id: ID!) { revokeKey(id: $id) { id } }', {
      id: made.data.createKey.key.id,
    });
    expect(errors).toEqual([]);
    expect((await weir.query('{ me { kind } }', {}, headers)).status).toBe(401);
  });
});
