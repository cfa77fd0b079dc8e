import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Library, reviewsInput, shopInput, startLibrary } from './support/library.ts';

describe('a REST API and a GraphQL service share an entity', () => {
  let library: Library;

  beforeAll(async () => {
    library = await startLibrary();
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
  });
  beforeEach(() => {
    library.shop.take();
    library.reviews.take();
  });
  afterAll(() => library.close());

  const ask = (query: string, variables: Record<string, unknown> = {}) => library.gateway.query(query, variables);

  test('the type is one, with the fields of both', async () => {
    const { data } = await ask('{ __type(name: "Book") { fields { name type { kind name } } interfaces { name } } }');
    const fields = data.__type.fields.map(({ name }: { name: string }) => name).sort();
    expect(fields).toEqual(['broken', 'edition', 'id', 'isbn', 'price', 'rating', 'reviews', 'title']);
    expect(data.__type.interfaces).toEqual([{ name: 'ReviewsNode' }]);
  });

  test('from REST to GraphQL: one call for all, whatever is selected', async () => {
    const { data, errors } = await ask(`{
      shop { listBooks(limit: 3) { title stars: rating reviews(first: 1) { text } } }
    }`);
    expect(errors).toEqual([]);
    expect(data.shop.listBooks).toEqual([
      { title: 'Dune', stars: 0.5, reviews: [{ text: 'Sand.' }] },
      { title: 'Emma', stars: 1, reviews: [{ text: 'Witty.' }] },
      { title: 'Ulysses', stars: 1.5, reviews: [] },
    ]);
    expect(library.shop.take()).toEqual(['GET /books?limit=3']);
    expect(library.reviews.take()).toEqual([
      'query($a0_ids:[ID!]!){f0:booksByIds(ids:$a0_ids) {stars:rating reviews(first:1){text} weirLink_id:id}}',
    ]);
  });

  test('from GraphQL to REST, and back again', async () => {
    const { data, errors } = await ask(`{
      reviews { latest(first: 4) { text book { title ...Again } } }
    } fragment Again on Book { rating price reviews { id book { isbn } } }`);
    expect(errors).toEqual([]);
    expect(data.reviews.latest[0]).toEqual({
      text: 'Sand.',
      book: {
        title: 'Dune',
        rating: 0.5,
        price: 10,
        reviews: [
          { id: 'r1', book: { isbn: 'isbn-1' } },
          { id: 'r2', book: { isbn: 'isbn-1' } },
        ],
      },
    });
    // The shop does not know the book of the last review.
    expect(data.reviews.latest[3]).toEqual({
      text: 'Lost.',
      book: { title: null, rating: 202, price: null, reviews: [{ id: 'r4', book: { isbn: null } }] },
    });
    expect(library.reviews.take()).toHaveLength(1);
    expect(library.shop.take()).toEqual(['GET /books?ids=1&ids=2&ids=404']);
  });

  test('no call unless a field of the other is selected', async () => {
    await ask('{ shop { listBooks { id title } } }');
    expect(library.reviews.take()).toEqual([]);
    await ask('query ($no: Boolean!) { shop { listBooks { id rating @include(if: $no) } } }', { no: false });
    expect(library.reviews.take()).toEqual([]);
    await ask('{ reviews { latest { book { id __typename } } } }');
    expect(library.shop.take()).toHaveLength(2);
  });

  test('variables, conditions and the same fragment at places of both', async () => {
    const { data, errors } = await ask(
      `query ($n: Int, $yes: Boolean = true) {
        shop { getBook(bookId: "1") { ...B } }
        reviews { review(id: "r1") { book { ...B } } }
      }
      fragment B on Book { t: title reviews(first: $n) @include(if: $yes) { id } isbn @skip(if: $yes) }`,
      { n: 1 },
    );
    expect(errors).toEqual([]);
    const book = { t: 'Dune', reviews: [{ id: 'r1' }] };
    expect(data).toEqual({ shop: { getBook: book }, reviews: { review: { book } } });
  });

  test('behind interfaces and unions', async () => {
    const { data, errors } = await ask(`{
      reviews {
        anything { id __typename ... on Book { title } ... on ReviewsReview { book { price } } }
        search { ... on ReviewsNode { id } ...T ... on ReviewsReview { text } }
      }
    } fragment T on Book { title rating }`);
    expect(errors).toEqual([]);
    expect(data.reviews).toEqual({
      anything: [
        { id: '2', __typename: 'Book', title: 'Emma' },
        { id: 'r1', __typename: 'ReviewsReview', book: { price: 10 } },
      ],
      search: [
        { id: '1', title: 'Dune', rating: 0.5 },
        { id: 'r3', text: 'Witty.' },
      ],
    });
  });

  test('answers of mutations', async () => {
    const { data, errors } = await ask(`mutation {
      reviews { addReview(bookId: "3", text: "Long.") { id book { title rating } } }
      shop { addBook(input: { id: "2", title: "New" }) { title rating } }
    }`);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      reviews: { addReview: { id: 'new', book: { title: 'Ulysses', rating: 1.5 } } },
      shop: { addBook: { title: 'New', rating: 1 } },
    });
  });

  test('an error in the other is told at its field alone', async () => {
    const { data, errors } = await ask('{ shop { listBooks(limit: 2) { title broken rating } } }');
    expect(data.shop.listBooks[0]).toEqual({ title: 'Dune', broken: null, rating: 0.5 });
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.upstreamCode])).toEqual([
      ['shop.listBooks.0.broken', 'SHARD_OFFLINE'],
      ['shop.listBooks.1.broken', 'SHARD_OFFLINE'],
    ]);
  });
});
