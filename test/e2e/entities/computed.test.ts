import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Library, reviewsInput, shopInput, startLibrary, stockInput } from './support/library.ts';

/** The stock knows books by ISBN and edition; the shop tells it those by what it answers for the id. */
describe('composite keys, and fields computed of what another source knows', () => {
  let library: Library;

  beforeAll(async () => {
    library = await startLibrary();
    await library.gateway.publish(shopInput(library, { entities: SHOP_BY_BOTH }));
    await library.gateway.publish(stockInput(library));
    await library.gateway.publish(reviewsInput(library));
  });
  beforeEach(() => {
    for (const upstream of [library.shop, library.reviews, library.stock]) upstream.take();
  });
  afterAll(() => library.close());

  test('what the producer has of it is sent along', async () => {
    const { data, errors } = await library.gateway.query(
      '{ shop { getBook(bookId: "3") { title inStock delivery } } }',
    );
    expect(errors).toEqual([]);
    expect(data.shop.getBook).toEqual({ title: 'Ulysses', inStock: 7, delivery: 'free' });
    expect(library.shop.take()).toEqual(['GET /books/3']);
    expect(library.stock.take()).toHaveLength(1);
  });

  test('many composite keys are one call', async () => {
    const { data, errors } = await library.gateway.query('{ shop { listBooks { inStock } } }');
    expect(errors).toEqual([]);
    expect(data.shop.listBooks.map(({ inStock }: { inStock: number }) => inStock)).toEqual([7, 8, 7, 8, 7]);
    expect(library.stock.take()).toEqual([
      'query($a0_keys:[EditionKey!]!){f0:editions(keys:$a0_keys) {inStock weirLink_isbn:isbn weirLink_edition:edition}}',
    ]);
  });

  test('what a third source knows is fetched before', async () => {
    const { data, errors } = await library.gateway.query(
      '{ reviews { review(id: "r1") { book { rating delivery } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.reviews.review.book).toEqual({ rating: 0.5, delivery: 'paid' });
    expect(library.shop.take()).toEqual(['GET /books?ids=1']);
    expect(library.stock.take()).toEqual([
      'query($a0_isbn:String! $a0_edition:Int! $a0_price:Float!){f0:delivery(isbn:$a0_isbn edition:$a0_edition price:$a0_price) {delivery}}',
    ]);
  });

  test("a source's own values do not have what it computes", async () => {
    const { data, errors } = await library.gateway.query('{ stock { shelf { inStock delivery rating } } }');
    expect(errors).toEqual([]);
    expect(data.stock.shelf).toEqual([
      { inStock: 7, delivery: 'paid', rating: 0.5 },
      { inStock: 8, delivery: 'paid', rating: 1 },
    ]);
    const [first, ...others] = library.stock.take();
    expect(first).not.toContain('delivery');
    expect(others).toHaveLength(1);
  });

  test('a need that nobody can fill is null, and no call', async () => {
    const { data, errors } = await library.gateway.query(
      '{ reviews { review(id: "r4") { book { inStock delivery } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.reviews.review.book).toEqual({ inStock: null, delivery: null });
    expect(library.stock.take()).toEqual([]);
  });
});

const SHOP_BY_BOTH = [
  { type: 'Book', key: ['id'], operation: 'listBooks', arguments: [{ name: 'ids', field: 'id' }] },
  {
    type: 'Book',
    key: ['isbn', 'edition'],
    operation: 'findBook',
    arguments: [
      { name: 'isbn', field: 'isbn' },
      { name: 'edition', field: 'edition' },
    ],
  },
];
