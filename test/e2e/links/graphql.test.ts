import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildSchema, graphql, printSchema } from 'graphql';
import { type CountingServer, startCountingServer } from '../../support/counting-server.ts';
import { booksBy, type Library, startLibrary } from './setup.ts';

const schema = buildSchema(`
  type Query { reviews: [Review!]!  ofBook(bookId: Int!): Reviews  thing: Thing }
  type Reviews { items: [Review]  total: Int! }
  type Review { id: ID!  bookId: Int  stars: Int!  meta: Meta }
  type Meta { editorId: Int }
  union Thing = Review | Meta
`);

const all = [
  { id: 'r1', bookId: 1, stars: 5, meta: { editorId: 7 } },
  { id: 'r2', bookId: 1, stars: 3, meta: null },
  { id: 'r3', bookId: 2, stars: 4, meta: { editorId: 8 } },
  { id: 'r4', bookId: null, stars: 1, meta: { editorId: null } },
];
const root = {
  reviews: all,
  thing: { __typename: 'Review', ...all[2] },
  ofBook: ({ bookId }: { bookId: number }) => {
    const items = all.filter((review) => review.bookId === bookId);
    return { items, total: items.length };
  },
};

let library: Library;
let reviews: CountingServer;
beforeEach(async () => {
  library = await startLibrary();
  library.shelf.push(...booksBy([1, 2, 3]));
  reviews = await startCountingServer(({ body }) =>
    graphql({ schema, source: body.query, variableValues: body.variables, rootValue: root }),
  );
  await library.weir.publish({
    name: 'reviews',
    visibility: 'PUBLIC',
    graphql: { url: reviews.url, sdl: printSchema(schema) },
  });
  reviews.take();
});
afterEach(async () => {
  await library.close();
  await reviews.close();
});

const toBook = { source: 'reviews', type: 'Review', field: 'book', target: 'books', operation: 'getBook' };

test('from a GraphQL service: what the link needs is fetched whatever the client selects and calls it', async () => {
  await library.link({ ...toBook, arguments: [{ name: 'id', field: 'bookId' }] });
  const { data, errors } = await library.weir.query(`
    { reviews { reviews { bookId: stars ...B ... on ReviewsReview { again: book { id } } } thing { ...B } } }
    fragment B on ReviewsReview { book { title } }`);
  expect(errors).toEqual([]);
  expect(data.reviews.reviews).toEqual([
    { bookId: 5, book: { title: 'T1' }, again: { id: 1 } },
    { bookId: 3, book: { title: 'T1' }, again: { id: 1 } },
    { bookId: 4, book: { title: 'T2' }, again: { id: 2 } },
    { bookId: 1, book: null, again: null },
  ]);
  expect(data.reviews.thing).toEqual({ book: { title: 'T2' } });
  expect(library.books.take()).toEqual(['GET /books/1', 'GET /books/2']);
  for (const { body } of reviews.arrived) expect(body.query).not.toContain('title');
});

test('from a path inside a GraphQL answer', async () => {
  const link = { source: 'reviews', type: 'ReviewsReview', field: 'editor', operation: 'listPeople' };
  await library.link({ ...link, arguments: [{ name: 'ids', field: 'meta.editorId' }] });
  const { data, errors } = await library.weir.query('{ reviews { reviews { editor { name } } } }');
  expect(errors).toEqual([]);
  expect(data.reviews.reviews.map(({ editor }: { editor: unknown }) => editor)).toEqual([
    { name: 'P7' },
    null,
    { name: 'P8' },
    null,
  ]);
  expect(library.people.take()).toEqual(['GET /people?ids=7&ids=8']);
});

test('to a GraphQL service: many parents travel in one request, with what the client selected', async () => {
  const link = {
    field: 'reviews',
    target: 'reviews',
    operation: 'ofBook',
    arguments: [{ name: 'bookId', field: 'id' }],
  };
  await library.link(link);
  await library.link({ ...link, field: 'reviewList', select: 'items' });
  const { data, errors } = await library.weir.query(
    '{ books { listBooks { id reviews { sum: total } reviewList { s: stars __typename } } } }',
  );
  expect(errors).toEqual([]);
  expect(data.books.listBooks).toEqual([
    {
      id: 1,
      reviews: { sum: 2 },
      reviewList: [
        { s: 5, __typename: 'ReviewsReview' },
        { s: 3, __typename: 'ReviewsReview' },
      ],
    },
    { id: 2, reviews: { sum: 1 }, reviewList: [{ s: 4, __typename: 'ReviewsReview' }] },
    { id: 3, reviews: { sum: 0 }, reviewList: [] },
  ]);
  expect(reviews.take().length).toBeLessThanOrEqual(2);
});

test('there and back again: a link on what another link gave', async () => {
  const link = {
    field: 'reviews',
    target: 'reviews',
    operation: 'ofBook',
    arguments: [{ name: 'bookId', field: 'id' }],
  };
  await library.link({ ...link, select: 'items' });
  await library.link({ ...toBook, arguments: [{ name: 'id', field: 'bookId' }] });
  const { data, errors } = await library.weir.query(
    '{ books { getBook(id: 2) { reviews { id book { title reviews { stars } } } } } }',
  );
  expect(errors).toEqual([]);
  expect(data.books.getBook).toEqual({ reviews: [{ id: 'r3', book: { title: 'T2', reviews: [{ stars: 4 }] } }] });
});
