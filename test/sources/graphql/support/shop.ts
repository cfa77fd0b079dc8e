import { buildSchema, type ExecutionResult, GraphQLError } from 'graphql';
import { type FaultServer, startFaultServer } from '../../../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { type GraphQLBody, graphqlBehaviour } from './graphql-behaviour.ts';

export const SHOP_SDL = `
  interface Thing { id: Int! name: String }
  type Item implements Thing { id: Int! name: String parts(first: Int = 2): [Part!]! broken: String fragile: Fragile owner: String }
  type Part implements Thing { id: Int! name: String strict: Int! }
  type Fragile { strict: Int! }
  input NewItem { name: String! tags: [String!] = ["new"] }
  type Query { item(id: Int!): Item thing(id: Int!): Thing items(ids: [Int!]!): [Item] required: Int! refused(why: String!): Int greeting: String }
  type Mutation { add(item: NewItem!): Item fail: Int }
`;

const schema = buildSchema(SHOP_SDL);

function resolvers(type: string, fields: Record<string, (args: never) => unknown>): void {
  const known = (schema.getType(type) as ReturnType<typeof schema.getQueryType>)?.getFields() ?? {};
  for (const [name, resolve] of Object.entries(fields)) {
    const field = known[name];
    if (field === undefined) throw new Error(`There is no ${type}.${name}.`);
    field.resolve = (_parent, args) => resolve(args as never);
  }
}

const upstreamError = (code?: string): GraphQLError =>
  new GraphQLError('secret words of the upstream at 10.1.2.3', code === undefined ? {} : { extensions: { code } });
const failing = (code?: string) => () => {
  throw upstreamError(code);
};
const item = (id: number) => ({ __typename: 'Item', id, name: `item ${id}`, owner: null, fragile: {} });

resolvers('Query', {
  item: ({ id }: { id: number }) => (id < 0 ? null : item(id)),
  thing: ({ id }: { id: number }) =>
    id % 2 === 0 ? item(id) : { __typename: 'Part', id, name: `part ${id}`, strict: id },
  items: ({ ids }: { ids: number[] }) => ids.map((id) => (id === 13 ? upstreamError('UNLUCKY') : item(id))),
  required: failing('NO_STOCK'),
  refused: ({ why }: { why: string }) => {
    throw upstreamError(why === '' ? undefined : why);
  },
  greeting: () => 'hello',
});
resolvers('Item', {
  broken: failing('IT_IS_BROKEN'),
  parts: ({ first }: { first: number }) =>
    Array.from({ length: first }, (_, id) => ({ id, name: `part ${id}`, strict: id })),
});
resolvers('Fragile', { strict: failing() });
resolvers('Mutation', {
  add: ({ item: { name, tags } }: { item: { name: string; tags: string[] } }) => ({
    ...item(1),
    name: `${name} ${tags.join()}`,
  }),
  fail: failing('NOT_ADDED'),
});

/** A gateway with one GraphQL source, `shop`, and all that its upstream is sent. */
export interface Shop {
  readonly gateway: TestGateway;
  readonly server: FaultServer;
  readonly url: string;
  /** Bodies and headers since the source was published, probes aside. */
  sent(): readonly (GraphQLBody & { readonly headers: Readonly<Record<string, string>> })[];
  /** From now on the upstream answers well, its results changed. */
  answer(change?: (result: ExecutionResult, body: GraphQLBody) => unknown): void;
  close(): Promise<void>;
}

export async function startShop(
  graphql: Record<string, unknown> = {},
  policy: Record<string, unknown> = {},
): Promise<Shop> {
  const server = await startFaultServer({ behaviour: graphqlBehaviour(schema) });
  const url = `${server.url}/graphql`;
  const gateway = await startTestGateway();
  await gateway.publish({ name: 'shop', visibility: 'PUBLIC', graphql: { url, ...graphql }, policy });
  const before = server.requests.length;
  return {
    gateway,
    server,
    url,
    sent: () =>
      server.requests
        .slice(before)
        .map(({ body, headers }) => ({
          ...(JSON.parse(body.toString('utf8')) as GraphQLBody),
          headers: headers as never,
        }))
        .filter(({ query }) => query !== '{__typename}'),
    answer: (change) => server.behave(graphqlBehaviour(schema, change)),
    async close() {
      await gateway.close();
      await server.close();
    },
  };
}
