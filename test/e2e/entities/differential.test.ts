import { afterAll, beforeAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { expectSame } from '../../sources/graphql/support/compare.ts';
import { type Naming, randomQuery } from '../../sources/graphql/support/random-query.ts';
import { startMercurius, startYoga, type UpstreamServer } from '../../sources/graphql/support/servers.ts';
import { type CountingServer, startCountingServer } from '../../support/counting-server.ts';
import { getting, openapi } from '../../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { bookIds, bookValue, PEOPLE_SDL, REVIEWS_SDL, WORLD_SDL, worldly } from './support/world.ts';

/** Queries that are compared; `WEIR_ENTITY_RUNS` asks for more. */
const RUNS = Number(process.env.WEIR_ENTITY_RUNS ?? 150);

const limits = {
  documentTokenLimit: 100_000,
  documentDepthLimit: 50,
  documentAliasLimit: 10_000,
  documentRootFieldLimit: 1000,
  documentDirectiveLimit: 1000,
  documentCostLimit: 1e9,
  upstreamCallLimit: 100_000,
};

const flat: Naming = { namespace: '', graphName: (name) => name };

const string = { type: 'string' };
const book = { $ref: '#/components/schemas/Book' };
/** A REST API that knows books, and that they have authors. */
const SHELF = openapi(
  {
    '/books': getting(
      'listBooks',
      { type: 'array', items: book },
      { parameters: [{ name: 'ids', in: 'query', schema: { type: 'array', items: string } }] },
    ),
    '/book': getting('getBook', book, {
      parameters: [{ name: 'bookId', in: 'query', required: true, schema: string }],
    }),
  },
  {
    components: {
      schemas: {
        Book: {
          type: 'object',
          properties: {
            id: string,
            title: string,
            pages: { type: 'integer' },
            author: { $ref: '#/components/schemas/Author' },
          },
        },
        Author: { type: 'object', properties: { id: string } },
      },
    },
  },
);

const bookOf = (id: string): object => ({
  id,
  title: bookValue(id, 'title'),
  pages: bookValue(id, 'pages'),
  author: bookValue(id, 'author'),
});

const by = (name: string, field = 'id') => [{ name, field }];

describe('a graph of three sources gives what one server gives that knows all', () => {
  let gateway: TestGateway;
  let shelf: CountingServer;
  const services: UpstreamServer[] = [];
  let world: UpstreamServer;

  beforeAll(async () => {
    gateway = await startTestGateway(limits);
    shelf = await startCountingServer(({ path, query }) => {
      const id = query.get('bookId') ?? '';
      if (path === '/book') return bookIds.includes(id) ? bookOf(id) : undefined;
      const ids = query.has('ids') ? query.getAll('ids') : bookIds;
      return ids.filter((one) => bookIds.includes(one)).map(bookOf);
    });
    world = await startYoga(worldly(WORLD_SDL));
    const reviews = await startYoga(worldly(REVIEWS_SDL));
    const people = await startMercurius(worldly(PEOPLE_SDL));
    services.push(world, reviews, people);
    await gateway.publish({
      name: 'shelf',
      visibility: 'PUBLIC',
      rest: {
        namespace: '',
        document: JSON.stringify(SHELF),
        endpoints: [{ url: shelf.url }],
        operations: [
          { operation: 'listBooks', batch: { argument: 'ids', matchBy: 'id' } },
          { operation: 'getBook', notFoundIsNull: true },
        ],
        // Two ways to a part of a book, and two sources to its sequel: whichever is the fewest calls.
        entities: [
          { type: 'Book', key: ['id'], operation: 'getBook', arguments: by('bookId'), fields: ['title'] },
          { type: 'Book', key: ['id'], operation: 'listBooks', arguments: by('ids') },
          { type: 'Author', key: ['id'] },
        ],
      },
    });
    await gateway.publish({
      name: 'people',
      visibility: 'PUBLIC',
      graphql: {
        namespace: '',
        url: people.url,
        entities: [
          { type: 'Author', key: ['id'], operation: 'author', arguments: by('id') },
          { type: 'Book', key: ['id'], operation: 'summary', arguments: by('id') },
          {
            type: 'Book',
            key: ['id'],
            operation: 'blurb',
            arguments: [...by('id'), ...by('title', 'title')],
            fields: ['blurb'],
          },
        ],
      },
    });
    await gateway.publish({
      name: 'reviews',
      visibility: 'PUBLIC',
      graphql: {
        namespace: '',
        url: reviews.url,
        entities: [
          {
            type: 'Book',
            key: ['id'],
            operation: 'reviewBooks',
            arguments: by('ids'),
            batch: { argument: 'ids', position: true },
          },
          { type: 'Author', key: ['id'], operation: 'reviewAuthors', arguments: by('ids'), batch: { argument: 'ids' } },
        ],
      },
    });
  });

  afterAll(async () => {
    await gateway.close();
    await shelf.close();
    for (const service of services) await service.close();
  });

  test(
    'random queries',
    async () => {
      const schema = worldly(WORLD_SDL);
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (gen) => {
          await expectSame(gateway, world.url, randomQuery(gen, schema, flat), flat);
        }),
        // Shrinking would ask thousands of times more; the error shows the query, the seed brings it back.
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    RUNS * 400,
  );
});
