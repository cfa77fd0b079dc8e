import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Library,
  REVIEWS_ENTITY,
  reviewsInput,
  SHOP_ENTITY,
  shopInput,
  startLibrary,
  stockInput,
} from './support/library.ts';

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

  test('what two sources say differently is refused with both', async () => {
    const sdl = `type Query { booksByIds(ids: [ID!]!): [Book] }
      type Book { id: ID! title: [String] price(currency: String): Float }`;
    await library.gateway.publish(shopInput(library));
    await library.gateway.admin(REGISTER, {
      input: {
        ...reviewsInput(library),
        graphql: { sdl, endpoints: [{ url: library.reviews.url }], entities: [REVIEWS_ENTITY] },
      },
    });
    const { data } = await library.gateway.admin(
      'mutation { checkSource(name: "reviews") { ok conflicts { path message } } }',
    );
    expect(data.checkSource.ok).toBe(false);
    const { code, problems } = await publish('reviews');
    expect(code).toBe('COMPOSITION_FAILED');
    expect(problems).toEqual(data.checkSource.conflicts);
    expect(problems.map(({ message }) => message)).toEqual([
      'The field Book.title of an entity must have one type; source reviews has [String] and source shop has String.',
      'The field Book.price of an entity must have the same arguments; source reviews has (currency: String) and source shop has ().',
    ]);
  });

  test('objects inside of two sources are told to be shared as well', async () => {
    const sdl = (field: string) => `type Query { booksByIds(ids: [ID!]!): [Book] }
      type Book { id: ID! author: Author ${field}: Int } type Author { id: ID! }`;
    const source = (name: string, more: readonly object[]) => ({
      name,
      visibility: 'PUBLIC',
      graphql: { sdl: sdl(name), endpoints: [{ url: library.reviews.url }], entities: [REVIEWS_ENTITY, ...more] },
    });
    const author = { type: 'Author', key: ['id'] };
    await library.gateway.publish(source('one', [author]));
    await library.gateway.admin(REGISTER, { input: source('two', []) });
    const { problems } = await publish('two');
    expect(problems.map(({ message }) => message)).toEqual([
      'The field Book.author of an entity must have one type; source one has Author and source two has TwoAuthor. Types of two sources are one only as an entity of both: a key of it is enough.',
    ]);
    await library.gateway.publish(source('three', [author]));
  });

  test('fields that another source cannot reach are refused', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.admin(REGISTER, {
      input: reviewsInput(library, { entities: [{ type: 'Book', key: ['id'] }] }),
    });
    const { code, problems } = await publish('reviews');
    expect(code).toBe('COMPOSITION_FAILED');
    expect(problems.map(({ path }) => path)).toEqual(['Book.rating', 'Book.reviews', 'Book.broken']);
    expect(problems[0]?.message).toContain('source reviews');
    expect(problems[0]?.message).toContain('source shop');
  });

  test('a field that becomes nullable because another source joins is a breaking change', async () => {
    await library.gateway.publish(reviewsInput(library));
    await library.gateway.admin(REGISTER, { input: shopInput(library) });
    const { code, problems } = await publish('shop');
    expect(code).toBe('BREAKING_CHANGE');
    expect(problems.map(({ message }) => message)).toContain(
      "The entity's field Book.reviews changes from [ReviewsReview!]! to [ReviewsReview!]: it has to be fetched for every Book of source shop",
    );
    const { errors } = await library.gateway.admin(
      'mutation { publishSource(name: "shop", acceptBreaking: true) { name } }',
    );
    expect(errors).toEqual([]);
  });

  test('so is one of an interface that an entity has', async () => {
    const sdl = `type Query { books: [Book] booksByIds(ids: [ID!]!): [Book] }
      interface Titled { title: String! } type Book implements Titled { id: ID! title: String! }`;
    const graphql = { sdl, endpoints: [{ url: library.reviews.url }], entities: [REVIEWS_ENTITY] };
    await library.gateway.publish({ name: 'titles', visibility: 'PUBLIC', graphql });
    await library.gateway.admin(REGISTER, { input: reviewsInput(library) });
    const { code, problems } = await publish('reviews');
    expect(code).toBe('BREAKING_CHANGE');
    expect(problems.map(({ path }) => path)).toEqual(['Book.title', 'TitlesTitled.title']);
  });

  test('a source that only adds to the entities of others makes nothing nullable', async () => {
    await library.gateway.publish(reviewsInput(library));
    const sdl = 'type Book @key(fields: "id") { id: ID! shelf: String! }';
    await library.gateway.publish({
      name: 'rooms',
      visibility: 'PUBLIC',
      graphql: { sdl, endpoints: [{ url: library.reviews.url }] },
    });
    const { data } = await library.gateway.query('{ __type(name: "Book") { fields { name type { kind } } } }');
    const kinds = Object.fromEntries(
      data.__type.fields.map(({ name, type }: { name: string; type: { kind: string } }) => [name, type.kind]),
    );
    expect(kinds).toEqual({ id: 'NON_NULL', rating: 'SCALAR', reviews: 'NON_NULL', broken: 'SCALAR', shelf: 'SCALAR' });
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

  test('a source that computes of what nobody has yet is told what is missing', async () => {
    await library.gateway.publish(reviewsInput(library));
    const input = stockInput(library, {
      entities: [
        {
          type: 'Book',
          key: ['isbn'],
          operation: 'delivery',
          arguments: [
            { name: 'isbn', field: 'isbn' },
            { name: 'edition', value: 1 },
            { name: 'price', field: 'price' },
          ],
          fields: ['delivery'],
        },
      ],
    });
    await library.gateway.admin(REGISTER, { input });
    const { code, problems } = await publish('stock');
    expect(code).toBe('COMPOSITION_FAILED');
    expect(problems.find(({ path }) => path === 'Book.delivery')?.message).toBe(
      'The field Book.delivery of source stock must be there for every Book; for those of source reviews no operation gives it by what reviews or another source knows of them (it takes price, which no source in the graph has).',
    );
  });

  test('an operation that is called for each object is pointed out', async () => {
    const warnings = async (entities: readonly object[]): Promise<unknown> => {
      const name = `shop${entities.length}`;
      await library.gateway.admin(REGISTER, { input: shopInput(library, { entities }, { name }) });
      const checked = await library.gateway.admin(
        'mutation ($name: ID!) { checkSource(name: $name) { warnings { kind path message } } }',
        { name },
      );
      return checked.data.checkSource.warnings;
    };
    const single = { type: 'Book', key: ['id'], operation: 'getBook', arguments: [{ name: 'bookId', field: 'id' }] };
    expect(await warnings([single])).toEqual([
      {
        kind: 'ENTITY_N_CALLS',
        path: 'Book',
        message:
          'For a list of N objects this is up to N calls of getBook of shop1: declare a bulk form (batch) for one of its operations and name that.',
      },
    ]);
    expect(await warnings([SHOP_ENTITY, single])).toEqual([]);
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

  test('a type of the same name that is no entity is a clash still', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.admin(REGISTER, { input: reviewsInput(library, { namespace: '', entities: [] }) });
    const { problems } = await publish('reviews');
    expect(problems.map(({ message }) => message)).toEqual([
      'The type Book must come from one place; source reviews and source shop both have it. Only source shop declares it as an entity.',
    ]);
  });
});
