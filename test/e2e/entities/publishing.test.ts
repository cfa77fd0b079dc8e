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

interface Refusal {
  readonly code: unknown;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

describe('what publishing a source of an entity is told', () => {
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

  test('a type of the same name that is no entity is a clash still', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.admin(REGISTER, { input: reviewsInput(library, { namespace: '', entities: [] }) });
    const { problems } = await publish('reviews');
    expect(problems.map(({ message }) => message)).toEqual([
      'The type Book must come from one place; source reviews and source shop both have it. Only source shop declares it as an entity.',
    ]);
  });
});
