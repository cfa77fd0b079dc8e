import { buildSchema } from 'graphql';
import { type GraphQLInput, graphqlKind } from '../../../src/sources/graphql/index.ts';
import { Secret } from '../../../src/sources/index.ts';
import { type SourceUnderTest, sourceContract } from '../../contracts/source-contract.ts';
import { startFaultServer } from '../../support/fault-server.ts';
import { graphqlBehaviour } from './support/graphql-behaviour.ts';

const schema = buildSchema(`
  type Query { item(id: Int!): Item }
  type Mutation { removeItem(id: Int!): Boolean }
  type Item { id: Int! tags: [String!] parent: Item }
`);
const fields = schema.getQueryType()?.getFields();
if (fields?.item !== undefined) fields.item.resolve = (_, { id }) => ({ id, tags: ['a'] });

async function start(): Promise<SourceUnderTest<GraphQLInput>> {
  const healthy = graphqlBehaviour(schema);
  const server = await startFaultServer({ behaviour: healthy });
  const url = `${server.url}/graphql`;
  return {
    server,
    healthy,
    input: {
      url,
      auth: { bearer: { token: new Secret('hush-token') } },
      headers: [{ name: 'x-client', value: new Secret('hush-header') }],
    },
    secrets: ['hush-token', 'hush-header'],
    query: {
      operation: 'item',
      arguments: (n) => ({ id: n }),
      // Without a selection every leaf of the answer's own type comes.
      value: (n) => ({ id: n, tags: ['a'] }),
    },
    refused: [
      { input: {}, problems: 1 },
      { input: { sdl: 'type Query {' }, problems: 2 },
      { input: { url: 'ftp://nowhere.test', namespace: '1st', forwardHeaders: ['no good'] }, problems: 3 },
      { input: { url, sdl: 'type Query { item(id: Int!): Thing other: [Stuff] }' }, problems: 2 },
      {
        input: { url, sdl: 'type Query { item(id: Int!): Item gone: Int } type Item { id: Int! name: String }' },
        problems: 2,
      },
    ],
  };
}

sourceContract(graphqlKind, start);
