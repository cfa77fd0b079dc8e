import { expect } from '@jest/globals';
import { Secret } from '../../../../src/sources/index.ts';
import { type RestInput, restKind } from '../../../../src/sources/rest/index.ts';
import { type SourceUnderTest, sourceContract } from '../../../contracts/source-contract.ts';
import { type Behaviour, startFaultServer } from '../../../support/fault-server.ts';
import { document, PAGE } from './support.ts';

const healthy: Behaviour = ({ path }) => {
  const kind = Number(new URL(path, 'http://h').searchParams.get('kind'));
  return { kind: 'answer', body: { items: [{ id: kind }], total: 1 } };
};

/** A paginated operation keeps the promises of any other. */
async function start(): Promise<SourceUnderTest<RestInput>> {
  const server = await startFaultServer();
  const text = JSON.stringify({
    ...document,
    servers: [{ url: server.url }],
    paths: { ...(document.paths as object), '/items/{id}': ITEM },
  });
  const operations = [{ operation: 'listItems', pagination: { ...PAGE, total: 'total' } }];
  const withPages = (change: object): RestInput => ({
    document: text,
    operations: [{ operation: 'listItems', pagination: { ...PAGE, ...change } }],
  });
  return {
    server,
    healthy,
    input: { document: text, operations, auth: { bearer: { token: new Secret('hush-token') } } },
    secrets: ['hush-token'],
    query: {
      operation: 'listItems',
      arguments: (n) => ({ kind: String(n), first: 2 }),
      value: (n) => ({
        nodes: [{ id: n }],
        pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
        totalCount: 1,
      }),
    },
    refused: [
      { input: withPages({ pageSize: 0, nextCursor: 'total' }), problems: 2 },
      { input: withPages({ style: 'NONE' }), problems: 1 },
    ],
  };
}

/** Another operation: the contract tells operations apart. */
const ITEM = {
  delete: {
    operationId: 'deleteItem',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
    responses: { 204: { description: 'gone' } },
  },
};

sourceContract(restKind, start);
