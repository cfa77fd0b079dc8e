import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Library, reviewsInput, SHOP_ENTITY, shopInput, startLibrary, stockInput } from './support/library.ts';

const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
const QUERY = '{ shop { getBook(bookId: "2") { title rating } } }';

interface Refusal {
  readonly code: unknown;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

describe('entities are registered, published and retired with their sources', () => {
  let library: Library;

  beforeEach(async () => {
    library = await startLibrary();
  });
  afterEach(() => library.close());

  const refusal = async (query: string, variables: Record<string, unknown>): Promise<Refusal> => {
    const { errors } = await library.gateway.admin(query, variables);
    const { code, problems } = errors[0]?.extensions ?? {};
    return { code, problems: (problems ?? []) as Refusal['problems'] };
  };
  const publish = (name: string) => refusal('mutation ($name: ID!) { publishSource(name: $name) { name } }', { name });
  const refused = async (input: object): Promise<readonly string[]> => {
    const { code, problems } = await refusal(REGISTER, { input });
    expect(code).toBe('INVALID_DEFINITION');
    return problems.map(({ path }) => path);
  };

  test('the declaration survives a restart', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    library.gateway = await library.gateway.restart();
    const { data, errors } = await library.gateway.query(QUERY);
    expect(errors).toEqual([]);
    expect(data.shop.getBook).toEqual({ title: 'Emma', rating: 1 });
  });

  test('a source that leaves takes its fields along, and brings them back', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    await library.gateway.admin('mutation { deprecateSource(name: "reviews", reason: "Moved.") { name } }');
    const retired = await library.gateway.admin('mutation { retireSource(name: "reviews") { name } }');
    expect(retired.errors).toEqual([]);
    expect((await library.gateway.query(QUERY)).errors[0]?.message).toContain('Cannot query field "rating"');
    expect((await library.gateway.query('{ shop { getBook(bookId: "2") { title } } }')).errors).toEqual([]);
    expect(await publish('reviews')).toEqual({ code: undefined, problems: [] });
    expect((await library.gateway.query(QUERY)).data.shop.getBook.rating).toBe(1);
  });

  test('who may not see a source does not see its fields', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library, {}, { visibility: 'PRIVATE' }));
    expect((await library.gateway.query(QUERY)).errors[0]?.message).toContain('Cannot query field "rating"');
    const { data } = await library.gateway.admin(QUERY);
    expect(data.shop.getBook.rating).toBe(1);
  });

  test('links to, from and on entities', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    const { errors } = await library.gateway.admin(`mutation {
      onShop: addLink(input: { source: "shop", type: "Book", field: "twin", operation: "getBook",
        arguments: [{ name: "bookId", field: "id" }] }) { state }
      onReviews: addLink(input: { source: "reviews", type: "Review", field: "shopBook", target: "shop", operation: "listBooks",
        arguments: [{ name: "ids", field: "book.id" }] }) { state }
      needsShop: addLink(input: { source: "shop", type: "Book", field: "sameIsbn", target: "reviews", operation: "review",
        arguments: [{ name: "id", field: "isbn" }] }) { state }
    }`);
    expect(errors).toEqual([]);
    const answer = await library.gateway.query(`{
      reviews { review(id: "r3") { shopBook { title rating } book { twin { title rating twin { price } } sameIsbn { text } } } }
      shop { getBook(bookId: "1") { twin { rating } } }
    }`);
    expect(answer.errors).toEqual([]);
    expect(answer.data).toEqual({
      reviews: {
        review: {
          shopBook: { title: 'Emma', rating: 1 },
          book: { twin: { title: 'Emma', rating: 1, twin: { price: 20 } }, sameIsbn: null },
        },
      },
      shop: { getBook: { twin: { rating: 0.5 } } },
    });
  });

  test('a declaration that does not fit its source is refused, with every place', async () => {
    const arguments_ = [
      { name: 'id', field: 'id' },
      { name: 'ids', value: { no: 1 } },
    ];
    const entities = [
      { type: 'Nobody', key: ['id'] },
      { type: 'Book', key: ['nothing', 'reviews'] },
      { type: 'Book', key: [], operation: 'nothing' },
      { type: 'Book', key: ['id'], operation: 'addReview' },
      { type: 'Book', key: ['id'], operation: 'latest' },
      {
        type: 'Book',
        key: ['id'],
        operation: 'booksByIds',
        arguments: arguments_,
        fields: ['title'],
        batch: { argument: 'id' },
      },
      { type: 'Book', key: ['id'], select: 'book' },
    ];
    const place = 'input.graphql.entities.';
    expect(await refused(reviewsInput(library, { entities }))).toEqual(
      [
        '5.batch.argument',
        '0.type',
        '1.key.0',
        '1.key.1',
        '2.key',
        '2.operation',
        '3.operation',
        '4.arguments',
        '4.operation',
        '5.fields.0',
        '5.arguments.0.name',
        '5.arguments.1.value',
        '5.arguments',
        '5.operation',
        '6.select',
      ].map((path) => place + path),
    );
    expect(await refused(shopInput(library, { entities: [{ ...SHOP_ENTITY, batch: { argument: 'ids' } }] }))).toEqual([
      'input.rest.entities.0.batch',
    ]);
  });

  test('a field that nothing leads to any more since a source left is null, with an error', async () => {
    const both = {
      type: 'Book',
      key: ['isbn', 'edition'],
      operation: 'findBook',
      arguments: [
        { name: 'isbn', field: 'isbn' },
        { name: 'edition', field: 'edition' },
      ],
    };
    await library.gateway.publish(shopInput(library, { entities: [SHOP_ENTITY, both] }));
    await library.gateway.publish(stockInput(library));
    await library.gateway.publish(reviewsInput(library));
    const left = await library.gateway.admin(
      'mutation { deprecateSource(name: "shop", reason: "Moved.") { name } retireSource(name: "shop") { name } }',
    );
    expect(left.errors).toEqual([]);
    const { data, errors } = await library.gateway.query(
      '{ reviews { review(id: "r1") { book { rating inStock } } } }',
    );
    expect(data.reviews.review.book).toEqual({ rating: 0.5, inStock: null });
    expect(errors.map(({ extensions: { code, reason } }) => [code, reason])).toEqual([
      ['NO_HEALTHY_UPSTREAM', 'destination_not_found'],
    ]);
  });

  test('document limits count what is fetched', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    const cheap = await library.gateway.query('{ shop { listBooks(limit: 480) { title } } }');
    expect(cheap.errors).toEqual([]);
    // A call of cost 10 for each of as many books.
    const dear = await library.gateway.query(
      '{ shop { listBooks(limit: 480) { title ...R } } } fragment R on Book { rating }',
    );
    expect(dear.errors[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', limit: 'cost' });
  });
});
