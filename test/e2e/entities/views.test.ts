import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { randomQuery } from '../../sources/graphql/support/random-query.ts';
import {
  type Library,
  reviewsInput,
  SHOP_DOCUMENT,
  SHOP_ENTITY,
  shopInput,
  startLibrary,
  stockInput,
} from './support/library.ts';

const BY_BOTH = {
  type: 'Book',
  key: ['isbn', 'edition'],
  operation: 'findBook',
  arguments: [
    { name: 'isbn', field: 'isbn' },
    { name: 'edition', field: 'edition' },
  ],
};
const FIELDS = '{ __type(name: "Book") { fields { name } } }';

test('a caller who sees one source of an entity does not have what it computes of others', async () => {
  const library = await startLibrary();
  try {
    await library.gateway.publish(shopInput(library, { entities: [SHOP_ENTITY, BY_BOTH] }, { visibility: 'PRIVATE' }));
    await library.gateway.publish(stockInput(library));
    const shelf = await library.gateway.query(
      '{ stock { shelf { inStock } } __type(name: "Book") { fields { name } } }',
    );
    expect(shelf.errors).toEqual([]);
    expect(shelf.data.__type.fields.map(({ name }: { name: string }) => name)).toEqual(['isbn', 'edition', 'inStock']);
    const { errors } = await library.gateway.query('{ stock { shelf { delivery } } }');
    expect(errors[0]?.message).toBe('Cannot query field "delivery" on type "Book".');
    const { data } = await library.gateway.admin('{ stock { shelf { delivery } } }');
    expect(data.stock.shelf).toEqual([{ delivery: 'paid' }, { delivery: 'paid' }]);
  } finally {
    await library.close();
  }
});

/** The reviews know books by id, the stock by ISBN and edition; only the shop, which is not for everybody, knows both. */
describe('a caller who may not see the source between two others', () => {
  let library: Library;

  beforeAll(async () => {
    library = await startLibrary();
    await library.gateway.publish(shopInput(library, { entities: [SHOP_ENTITY, BY_BOTH] }, { visibility: 'PRIVATE' }));
    await library.gateway.publish(stockInput(library));
    await library.gateway.publish(reviewsInput(library));
  });
  beforeEach(() => {
    for (const upstream of [library.shop, library.reviews, library.stock]) upstream.take();
  });
  afterAll(() => library.close());

  const fieldsSeen = async (as: 'query' | 'admin' = 'query'): Promise<readonly string[]> => {
    const { data } = await library.gateway[as](FIELDS);
    return data.__type.fields.map(({ name }: { name: string }) => name).sort();
  };

  test('has all of the others where it is', async () => {
    const { data, errors } = await library.gateway.query(
      '{ stock { shelf { isbn inStock } } reviews { review(id: "r1") { book { rating } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.stock.shelf[0]).toEqual({ isbn: 'isbn-1', inStock: 7 });
    expect(data.reviews.review.book).toEqual({ rating: 0.5 });
  });

  test('may not ask for a field where nothing leads to it, as if it were not in the schema', async () => {
    for (const query of [
      '{ reviews { review(id: "r1") { book { rating inStock } } } }',
      '{ reviews { latest { book { ...S } } } stock { shelf { ...S } } } fragment S on Book { inStock }',
      '{ reviews { search { ... on ReviewsNode { id ... on Book { inStock } } } } }',
      '{ reviews { anything { ...N } } } fragment N on ReviewsNode { ... on Book { reviews { book { inStock } } } }',
      'mutation { reviews { addReview(bookId: "1", text: "x") { book { inStock } } } }',
    ]) {
      const { data, errors, status } = await library.gateway.query(query);
      expect([status, data]).toEqual([400, null]);
      expect(errors.map(({ message, extensions }) => [message, extensions.code])).toEqual([
        [
          'Cannot query field "inStock" on type "Book" here: nothing leads to it from what reviews knows.',
          'GRAPHQL_VALIDATION_FAILED',
        ],
      ]);
    }
    const { errors } = await library.gateway.query('{ stock { shelf { rating } } }');
    expect(errors.map(({ message }) => message)).toEqual([
      'Cannot query field "rating" on type "Book" here: nothing leads to it from what stock knows.',
    ]);
    expect([library.shop, library.reviews, library.stock].flatMap((one) => one.take())).toEqual([]);
  });

  test('does not have fields that nothing leads to anywhere: the delivery is computed of the price', async () => {
    expect(await fieldsSeen()).toEqual(['broken', 'edition', 'id', 'inStock', 'isbn', 'rating', 'reviews']);
    expect(await fieldsSeen('admin')).toEqual([
      'broken',
      'delivery',
      'edition',
      'id',
      'inStock',
      'isbn',
      'price',
      'rating',
      'reviews',
      'title',
    ]);
    const { errors } = await library.gateway.query('{ stock { shelf { delivery } } }');
    expect(errors[0]?.message).toBe('Cannot query field "delivery" on type "Book".');
  });

  test('is never told at run time: random queries are answered, or refused before anything is called', async () => {
    const { data } = await library.gateway.query(getIntrospectionQuery());
    const schema = buildClientSchema(data);
    let [answered, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const { viaWeir, variables } = randomQuery(gen, schema, { namespace: '', graphName: (name) => name });
        const { data, errors } = await library.gateway.query(viaWeir, variables);
        const { code } = errors[0]?.extensions ?? {};
        if (code === 'GRAPHQL_VALIDATION_FAILED') {
          refused++;
          expect(errors.filter(({ message }) => !message.includes(' here: nothing leads to it from what '))).toEqual(
            [],
          );
        } else {
          // Some are refused for what they would cost.
          if (data !== null) answered++;
          expect(errors.filter(({ extensions }) => extensions.reason === 'destination_not_found')).toEqual([]);
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
    expect(Math.min(answered, refused)).toBeGreaterThan(0);
    expect(library.shop.take()).toEqual([]);
  });

  test('is nobody else', async () => {
    const { data, errors } = await library.gateway.admin(
      '{ reviews { review(id: "r1") { book { inStock delivery } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.reviews.review.book).toEqual({ inStock: 7, delivery: 'paid' });
  });

  test('is led another way by a source that is for everybody', async () => {
    await library.gateway.publish({
      name: 'archive',
      visibility: 'PUBLIC',
      rest: {
        document: JSON.stringify(SHOP_DOCUMENT),
        endpoints: [{ url: library.shop.url }],
        operations: [{ operation: 'listBooks', batch: { argument: 'ids', matchBy: 'id' } }],
        entities: [{ ...SHOP_ENTITY, fields: ['id', 'isbn', 'edition'] }, BY_BOTH],
      },
    });
    const { data, errors } = await library.gateway.query(
      '{ reviews { review(id: "r1") { book { rating inStock } } } stock { shelf { rating } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      reviews: { review: { book: { rating: 0.5, inStock: 7 } } },
      stock: { shelf: [{ rating: 0.5 }, { rating: 1 }] },
    });
  });
});
