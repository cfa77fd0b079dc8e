import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Library, reviewsInput, shopInput, startLibrary } from './support/library.ts';

const QUERY = '{ shop { listBooks(limit: 2) { title rating reviews { text } } } }';

describe('a source of an entity that is down', () => {
  let library: Library;

  beforeEach(async () => {
    library = await startLibrary();
  });
  afterEach(() => library.close());

  test('takes its own fields alone, each with its error', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    library.reviews.down = true;
    const { data, errors, extensions } = await library.gateway.query(QUERY);
    expect(data.shop.listBooks).toEqual([
      { title: 'Dune', rating: null, reviews: null },
      { title: 'Emma', rating: null, reviews: null },
    ]);
    expect(errors.map(({ path, extensions: { code, source } }) => [path?.join('.'), code, source]).sort()).toEqual([
      ['shop.listBooks.0.rating', 'UPSTREAM_ERROR', 'reviews'],
      ['shop.listBooks.0.reviews', 'UPSTREAM_ERROR', 'reviews'],
      ['shop.listBooks.1.rating', 'UPSTREAM_ERROR', 'reviews'],
      ['shop.listBooks.1.reviews', 'UPSTREAM_ERROR', 'reviews'],
    ]);
    expect(extensions.weir.sources).toEqual([
      {
        name: 'reviews',
        outcome: 'FAILED',
        paths: [0, 1].flatMap((n) => [`shop.listBooks.${n}.rating`, `shop.listBooks.${n}.reviews`]),
      },
    ]);
  });

  test('is made up for by what it said before', async () => {
    const cache = { ttlSeconds: 0, staleSeconds: 600, scope: 'PUBLIC' };
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library, {}, { policy: { cache: { ...cache, ttlSeconds: 1 } } }));
    const before = await library.gateway.query(QUERY);
    await library.gateway.admin('mutation { pauseSource(name: "reviews") { name } }');
    const paused = await library.gateway.query(QUERY, {}, { 'weir-trace': '1' });
    expect(paused.errors).toEqual([]);
    expect(paused.data).toEqual(before.data);
    const calls = paused.extensions.weir.calls.filter(({ source }: { source: string }) => source === 'reviews');
    // One call for all books and all their fields.
    expect(calls).toHaveLength(1);
    expect(['CACHED', 'STALE']).toContain(calls[0].outcome);
  });

  test('or by the fallback that is declared', async () => {
    await library.gateway.publish(shopInput(library));
    const value = [
      { id: '1', rating: 3, reviews: [] },
      { id: '2', rating: 4, reviews: [] },
    ];
    await library.gateway.publish(reviewsInput(library, {}, { policy: { fallback: { value } } }));
    library.reviews.down = true;
    const { data, errors, extensions } = await library.gateway.query(QUERY);
    expect(errors).toEqual([]);
    expect(data.shop.listBooks.map(({ rating }: { rating: number }) => rating)).toEqual([3, 4]);
    expect(extensions.weir.sources[0]).toMatchObject({ name: 'reviews', outcome: 'FALLBACK' });
  });

  test('the REST side as well', async () => {
    await library.gateway.publish(shopInput(library));
    await library.gateway.publish(reviewsInput(library));
    library.shop.down = true;
    const { data, errors } = await library.gateway.query(
      '{ reviews { review(id: "r1") { text book { rating title } } } }',
    );
    expect(data.reviews.review).toEqual({ text: 'Sand.', book: { rating: 0.5, title: null } });
    expect(errors.map(({ path }) => path?.join('.'))).toEqual(['reviews.review.book.title']);
  });
});
