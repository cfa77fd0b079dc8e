import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSchema } from 'graphql-yoga';
import { startYoga, type UpstreamServer } from '../../sources/graphql/support/servers.ts';
import { type CountingServer, startCountingServer } from '../../support/counting-server.ts';
import { openapi } from '../../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

interface Key {
  readonly isbn: string;
  readonly edition: number;
}
const KEYS: readonly (Key | { readonly isbn: string; readonly edition: null })[] = [
  { isbn: 'a', edition: 1 },
  { isbn: 'b', edition: 1 },
  { isbn: 'a', edition: 2 },
  { isbn: 'missing', edition: 1 },
  { isbn: 'a', edition: 1 },
  { isbn: 'c', edition: null },
];

const SHELF = createSchema({
  typeDefs: `
    type Query { shelf: [Copy] boxes(keys: [BoxKey!]!): [Box] boxesIn(rows: [Int!]!, hall: String!): [Box] }
    input BoxKey { id: ID! }
    type Copy { isbn: String! edition: Int box: Box }
    type Box { id: ID! row: Int hall: String place: String aisle: String }
  `,
  resolvers: {
    Query: {
      shelf: () => KEYS.map((key, index) => ({ ...key, box: { id: String(index), row: index % 2, hall: 'H' } })),
      boxes: (_root: unknown, { keys }: { keys: { id: string }[] }) =>
        keys.toReversed().map(({ id }) => ({ id, place: `place ${id}` })),
      boxesIn: (_root: unknown, { rows, hall }: { rows: number[]; hall: string }) =>
        rows.toReversed().map((row) => ({ id: '?', row, hall, aisle: `${hall}${row}` })),
    },
  },
});

const string = { type: 'string' };
const integer = { type: 'integer' };
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required });
const list = (items: object) => ({ type: 'array', items });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const lookup = (operationId: string, keys: object, answer: object) => ({
  post: {
    operationId,
    requestBody: { required: true, ...json(object({ keys }, ['keys'])) },
    responses: { 200: { description: 'ok', ...json(answer) } },
  },
});
const copy = { $ref: '#/components/schemas/Copy' };
const STOCK = openapi(
  {
    '/lookup': lookup('lookup', list({ $ref: '#/components/schemas/Key' }), object({ found: list(copy) })),
    '/ordered': lookup('ordered', list({ $ref: '#/components/schemas/Key' }), list(copy)),
    '/anything': lookup('anything', {}, list(copy)),
    '/texts': lookup('texts', list(string), list(copy)),
  },
  {
    components: {
      schemas: {
        Key: object({ isbn: string, edition: integer }, ['isbn', 'edition']),
        Copy: object({ isbn: string, edition: integer, count: integer }),
      },
    },
  },
);

const count = (isbn: string, edition: number) => isbn.charCodeAt(0) * 10 + edition;
const BULK = { argument: 'input.keys', items: 'found', matchBy: ['isbn', 'edition'] };
const ENTITY = {
  type: 'Copy',
  key: ['isbn', 'edition'],
  operation: 'lookup',
  arguments: [{ name: 'input.keys', fields: ['isbn', 'edition'] }],
};

describe('composite keys in bulk', () => {
  let gateway: TestGateway;
  let stock: CountingServer;
  let shelf: UpstreamServer;

  beforeAll(async () => {
    [gateway, stock, shelf] = await Promise.all([
      startTestGateway(),
      startCountingServer(({ path, body }) => {
        const keys = body.keys as readonly { isbn: string; edition: number }[];
        const found = keys
          .filter(({ isbn }) => isbn !== 'missing')
          .map((key) => ({ ...key, count: count(key.isbn, key.edition) }));
        if (path === '/ordered') {
          return keys.map(
            ({ isbn, edition }) => found.find((one) => one.isbn === isbn && one.edition === edition) ?? null,
          );
        }
        if (path === '/anything') return found.toReversed();
        const more = { isbn: 'z', edition: 9, count: 0 };
        // In another order, one twice, one that nobody asked for, one without a key, and nothing.
        return {
          found: [more, { count: 1 }, null, ...found.toReversed(), ...found.map((one) => ({ ...one, count: -1 }))],
        };
      }),
      startYoga(SHELF),
    ]);
  });
  beforeEach(() => {
    stock.take();
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([stock.close(), shelf.close()]);
  });

  const rest = (batch: object, entity: object = {}, operation = 'lookup') => ({
    document: JSON.stringify(STOCK),
    endpoints: [{ url: stock.url }],
    operations: [{ operation, as: 'QUERY', batch }],
    entities: [{ ...ENTITY, operation, ...entity }],
  });
  const problems = async (input: object): Promise<readonly string[]> => {
    const { errors } = await gateway.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
      { input: { name: 'refused', rest: input } },
    );
    expect(errors[0]?.extensions.code).toBe('INVALID_DEFINITION');
    return ((errors[0]?.extensions.problems ?? []) as { path: string; message: string }[]).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  };

  const joined = async (input: object, fields = 'count') => {
    const weir = await startTestGateway();
    try {
      const people = [
        { name: 'stock', visibility: 'PUBLIC', rest: input },
        {
          name: 'shelf',
          visibility: 'PUBLIC',
          graphql: {
            sdl: 'type Query { shelf: [Copy] } type Copy { isbn: String! edition: Int }',
            endpoints: [{ url: shelf.url }],
            entities: [{ type: 'Copy', key: ['isbn', 'edition'] }],
          },
        },
      ];
      for (const one of people) await weir.publish(one);
      const { data, errors } = await weir.query(`{ shelf { shelf { ${fields} } } }`);
      expect(errors).toEqual([]);
      return data.shelf.shelf;
    } finally {
      await weir.close();
    }
  };
  const counts = [count('a', 1), count('b', 1), count('a', 2), null, count('a', 1), null].map((one) => ({
    count: one,
  }));

  test('items of a REST answer say by several fields whose they are', async () => {
    expect(await joined(rest(BULK))).toEqual(counts);
    const asked = stock.arrived.filter(({ path }) => path === '/lookup');
    expect(asked.map(({ body }) => body)).toEqual([
      {
        keys: [
          { isbn: 'a', edition: 1 },
          { isbn: 'b', edition: 1 },
          { isbn: 'missing', edition: 1 },
          { isbn: 'a', edition: 2 },
        ],
      },
    ]);
  });

  test('as many calls as `max` wants', async () => {
    expect(await joined(rest({ ...BULK, max: 2 }))).toEqual(counts);
    expect(stock.take()).toEqual(['POST /lookup', 'POST /lookup']);
  });

  test('items in the order of such keys, and keys that the document does not describe', async () => {
    expect(await joined(rest({ argument: 'input.keys', position: true }, {}, 'ordered'))).toEqual(counts);
    const anything = { argument: 'input.keys', matchBy: ['isbn', 'edition'] };
    expect(await joined(rest(anything, {}, 'anything'))).toEqual(counts);
  });

  test('a bulk form that cannot tell them apart is refused', async () => {
    const batch = 'input.rest.operations.0.batch';
    const bulk = (form: object, operation?: string) => problems({ ...rest(form, {}, operation), entities: [] });
    expect(await bulk({ ...BULK, matchBy: ['isbn', 'count'] })).toEqual([
      `${batch}.matchBy: Expected fields of RefusedKeyInput, which keys are, so that items can be told by them; got "count".`,
    ]);
    expect(await bulk({ ...BULK, matchBy: [] })).toEqual([
      `${batch}.matchBy: Expected exactly one of matchBy, map and position; got none.`,
    ]);
    expect(await bulk({ argument: 'input.keys', map: true }, 'ordered')).toEqual([
      `${batch}.map: Expected keys that are one value each, as a map has them; input.keys takes RefusedKeyInput.`,
    ]);
    expect(await bulk({ argument: 'input.keys', matchBy: ['isbn', 'edition'] }, 'texts')).toEqual([
      `${batch}.matchBy: Expected one field, as input.keys takes keys that are one value each; got isbn, edition.`,
    ]);
  });

  test('an entity that does not give a key what its items are told by is refused', async () => {
    const place = 'input.rest.entities.0.arguments.0';
    const anything = { argument: 'input.keys', matchBy: ['isbn', 'edition'] };
    const by = (argument: object) => rest(anything, { arguments: [{ name: 'input.keys', ...argument }] }, 'anything');
    expect(await problems(by({ fields: ['isbn'] }))).toEqual([
      `${place}.fields: Expected edition among the fields, as the items of anything are told by isbn, edition; got isbn.`,
    ]);
    expect(await problems(by({ field: 'isbn' }))).toEqual([
      `${place}.field: Expected fields, as the items of anything are told by isbn, edition; got one value.`,
    ]);
    const single = rest({ argument: 'input.keys', matchBy: 'isbn' }, {}, 'anything');
    expect(await problems(single)).toEqual([
      `${place}.fields: Expected a field, as the items of anything are told by isbn alone; got fields.`,
    ]);
  });

  test('a GraphQL service takes keys as objects of one field, and as a part of a composite key', async () => {
    const boxes = (key: readonly string[], operation: string, args: object[], argument: string) => ({
      name: 'boxes',
      visibility: 'PUBLIC',
      graphql: {
        url: shelf.url,
        entities: [{ type: 'Box', key, operation, arguments: args, batch: { argument } }],
      },
    });
    for (const [input, field, expected] of [
      [
        boxes(['id'], 'boxes', [{ name: 'keys', fields: ['id'] }], 'keys'),
        'place',
        (index: number) => `place ${index}`,
      ],
      [
        boxes(
          ['row', 'hall'],
          'boxesIn',
          [
            { name: 'rows', field: 'row' },
            { name: 'hall', field: 'hall' },
          ],
          'rows',
        ),
        'aisle',
        (index: number) => `H${index % 2}`,
      ],
    ] as const) {
      const weir = await startTestGateway();
      try {
        await weir.publish(input);
        const sdl = `type Query { shelf: [Copy] } type Copy { box: Box } type Box { id: ID! row: Int hall: String }`;
        const key = [{ type: 'Box', key: ['id'] }];
        await weir.publish({
          name: 'shelf',
          visibility: 'PUBLIC',
          graphql: { sdl, endpoints: [{ url: shelf.url }], entities: key },
        });
        const { data, errors } = await weir.query(`{ shelf { shelf { box { ${field} } } } }`);
        expect(errors).toEqual([]);
        expect(data.shelf.shelf).toEqual(KEYS.map((_, index) => ({ box: { [field]: expected(index) } })));
      } finally {
        await weir.close();
      }
    }
  });
});
