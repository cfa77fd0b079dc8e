import { createHash } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startYoga } from './support/servers.ts';

const schema = buildSchema('type Query { item(id: Int!): Int } type Mutation { set: Int }');

const { item: itemField } = schema.getQueryType()?.getFields() ?? {};
if (itemField !== undefined) itemField.resolve = (_, { id }) => id;

interface Sent {
  readonly query?: string;
  readonly extensions?: unknown;
}

describe('queries by their hash', () => {
  const closing: (() => Promise<void>)[] = [];
  let gateway: TestGateway;

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const apollo = async (persistedQueries?: false): Promise<{ url: string; sent: Sent[] }> => {
    const sent: Sent[] = [];
    const server = new ApolloServer({ schema, ...(persistedQueries === undefined ? {} : { persistedQueries }) });
    const { url } = await startStandaloneServer(server, {
      listen: { port: 0, host: '127.0.0.1' },
      context: async ({ req }) => {
        const { query, extensions } = (req as unknown as { body: Sent }).body;
        if (query !== '{__typename}' && query?.includes('__schema') !== true) {
          sent.push({ ...(query === undefined ? {} : { query }), ...(extensions === undefined ? {} : { extensions }) });
        }
        return {};
      },
    });
    closing.push(() => server.stop());
    return { url: url.replace('localhost', '127.0.0.1'), sent };
  };

  const publish = async (url: string): Promise<void> => {
    gateway = await startTestGateway();
    closing.unshift(() => gateway.close());
    await gateway.publish({ name: 'shop', visibility: 'PUBLIC', graphql: { url, persistedQueries: true } });
  };

  const item = async (id: number): Promise<void> => {
    const { data, errors } = await gateway.query('query ($id: Int!) { shop { item(id: $id) } }', { id });
    expect({ data, errors }).toEqual({ data: { shop: { item: id } }, errors: [] });
  };

  const query = 'query($a0_id:Int!){f0:item(id:$a0_id)}';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  test('are sent with their text once, and by their hash alone from then on', async () => {
    const { url, sent } = await apollo();
    await publish(url);
    await item(1);
    await item(2);
    await item(3);
    expect(sent).toEqual([{ extensions }, { query, extensions }, { extensions }, { extensions }]);
  });

  test('mutations always have their text', async () => {
    const { url, sent } = await apollo();
    await publish(url);
    await gateway.query('mutation { shop { set } }');
    expect(sent).toEqual([{ query: 'mutation{f0:set}' }]);
  });

  test('are given up where the service says that it has none', async () => {
    const { url, sent } = await apollo(false);
    await publish(url);
    await item(1);
    await item(2);
    expect(sent).toEqual([{ extensions }, { query }, { query }]);
  });

  test('are given up where the service does not know what they are', async () => {
    const yoga = await startYoga(schema);
    closing.push(() => yoga.close());
    await publish(yoga.url);
    await item(1);
    await item(2);
  });
});
