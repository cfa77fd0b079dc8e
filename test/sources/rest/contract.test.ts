import { Secret } from '../../../src/sources/index.ts';
import type { RestInput } from '../../../src/sources/rest/index.ts';
import { restKind } from '../../../src/sources/rest/index.ts';
import { type SourceUnderTest, sourceContract } from '../../contracts/source-contract.ts';
import { type Behaviour, startFaultServer } from '../../support/fault-server.ts';

const document = (server: string): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: server }],
    paths: {
      '/items/{id}': {
        get: {
          operationId: 'getItem',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: {
            200: {
              description: 'ok',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
            },
          },
        },
        delete: {
          operationId: 'deleteItem',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: { 204: { description: 'gone' } },
        },
      },
    },
    components: {
      schemas: {
        Item: {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            tags: { type: 'array', items: { type: 'string' } },
            parent: { $ref: '#/components/schemas/Item' },
          },
        },
      },
    },
  });

const healthy: Behaviour = ({ path }) => {
  const id = Number(path.split('/').at(-1));
  return { kind: 'answer', body: { id, tags: ['a'], parent: { id: id + 1 } } };
};

async function start(): Promise<SourceUnderTest<RestInput>> {
  const server = await startFaultServer();
  const input: RestInput = {
    document: document(server.url),
    auth: { bearer: { token: new Secret('hush-token') } },
    headers: [{ name: 'x-client', value: new Secret('hush-header') }],
  };
  return {
    server,
    healthy,
    input,
    secrets: ['hush-token', 'hush-header'],
    query: {
      operation: 'getItem',
      arguments: (n) => ({ id: n }),
      value: (n) => ({ id: n, tags: ['a'], parent: { id: n + 1, tags: null, parent: null } }),
    },
    refused: [
      { input: { document: 'not an object' }, problems: 1 },
      { input: {}, problems: 1 },
      { input: { document: document('ftp://nowhere.test'), namespace: '1st' }, problems: 1 },
    ],
  };
}

sourceContract(restKind, start);
