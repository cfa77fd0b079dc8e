import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { EntityInGraph, type EntitySide } from '../../../../src/schema/graph/entity/entity-in-graph.ts';
import type { CheckedFetch } from '../../../../src/sources/index.ts';

/** One side with the fields of `sdl`; each provider as `needs -> fields`. */
function side(source: string, fields: readonly string[], ...providers: readonly string[]): EntitySide {
  const schema = buildSchema(`type Book { ${fields.map((name) => `${name}: ID`).join(' ')} }`);
  const type = schema.getType('Book') as GraphQLObjectType;
  return {
    source,
    schema,
    type,
    fields: new Set(fields),
    brings: true,
    providers: providers.map((text) => {
      const [needs = '', gives = ''] = text.split(' -> ');
      const fetch: CheckedFetch = {
        operation: { name: text, kind: 'query', field: 'book', idempotent: true, cacheable: true },
        needs: needs.split(' ').map((name) => ({ path: [name], type: undefined, required: true })),
        slots: [],
        bulk: undefined,
        select: [],
        abstract: undefined,
        fields: new Set(gives.split(' ')),
        computed: false,
      };
      return { source, type, fetch, fields: fetch.fields, load: async () => null };
    }),
  };
}

/** `source: fields <- needs`, in the order of the calls. */
function planned(sides: readonly EntitySide[], producer: string, ...fields: readonly string[]): readonly string[] {
  const { steps } = new EntityInGraph('Book', sides, new Map()).plan(producer, fields);
  return steps.map(({ route, fields: given, extras, needs }) => {
    const from = needs.map(({ step, keys }) => (step === undefined ? keys.join('.') : `${step}/${keys.join('.')}`));
    return `${route.provider.source}: ${[...given, ...extras.flat()].join(' ')} <- ${from.join(' ')}`;
  });
}

describe('where the fields of an entity come from', () => {
  const shop = side('shop', ['id', 'title', 'isbn'], 'id -> id title isbn');
  const stock = side(
    'stock',
    ['isbn', 'count', 'place', 'all'],
    'isbn -> count',
    'isbn -> count place',
    'isbn title -> all',
  );
  const reviews = side('reviews', ['id', 'rating'], 'id -> rating');

  test('what the producer has is not fetched', () => {
    expect(planned([reviews, shop, stock], 'shop', 'id', 'title')).toEqual([]);
  });

  test('all of one source is one call, by an operation that gives all of it', () => {
    expect(planned([reviews, shop, stock], 'shop', 'count')).toEqual(['stock: count <- isbn']);
    expect(planned([reviews, shop, stock], 'shop', 'count', 'place', 'rating')).toEqual([
      'stock: count place <- isbn',
      'reviews: rating <- id',
    ]);
  });

  test('what a call needs of a third source comes before it, once', () => {
    expect(planned([reviews, shop, stock], 'reviews', 'place', 'all', 'title')).toEqual([
      'shop: title isbn title <- id',
      'stock: place <- 0/isbn',
      'stock: all <- 0/isbn 0/title',
    ]);
  });

  test('what nobody gives is unreachable', () => {
    const entity = new EntityInGraph('Book', [reviews, shop, stock], new Map());
    expect(entity.plan('stock', ['title', 'rating', 'nothing']).origins).toEqual(
      new Map([
        ['title', { kind: 'UNREACHABLE', source: 'shop' }],
        ['rating', { kind: 'UNREACHABLE', source: 'reviews' }],
        ['nothing', { kind: 'UNREACHABLE', source: 'Book' }],
      ]),
    );
  });

  test('what is asked of the producer is enough for any choice of fields', () => {
    const entity = new EntityInGraph('Book', [reviews, shop, stock], new Map());
    expect(entity.requirements('reviews', ['all'])).toEqual([['id'], ['id']]);
    expect(entity.requirements('shop', ['all'])).toEqual([['isbn'], ['title']]);
    expect(entity.requirements('shop', ['title'])).toEqual([]);
  });

  test('an operation that nobody would call for one field is called for several', () => {
    const many = side('many', ['a', 'b', 'c', 'd'], 'id -> a b', 'id -> c d', 'isbn -> a c');
    const sides = [many, shop];
    expect(planned(sides, 'shop', 'a', 'b')).toEqual(['many: a b <- id']);
    expect(planned(sides, 'shop', 'a', 'c')).toEqual(['many: a c <- isbn']);
    expect(planned(sides, 'shop', 'a', 'b', 'c')).toEqual(['many: a b <- id', 'many: c <- id']);
    const entity = new EntityInGraph('Book', sides, new Map());
    // Which of them a request asks for may depend on its variables: the keys of both ways are there.
    expect(entity.requirements('shop', ['a', 'c'])).toEqual([['id'], ['id'], ['isbn']]);
    expect(entity.requirements('shop', ['a', 'b'])).toEqual([['id'], ['id']]);
  });

  test('what several sources have comes from the one that is asked anyhow', () => {
    const archive = side('archive', ['id', 'title', 'year'], 'id -> title year');
    expect(planned([archive, reviews, shop], 'reviews', 'title')).toEqual(['archive: title <- id']);
    expect(planned([archive, reviews, shop], 'reviews', 'title', 'isbn')).toEqual(['shop: title isbn <- id']);
    expect(planned([archive, reviews, shop], 'reviews', 'title', 'isbn', 'year')).toEqual([
      'archive: title year <- id',
      'shop: isbn <- id',
    ]);
    // A call for what another one needs is a call already.
    expect(planned([archive, reviews, shop, stock], 'reviews', 'title', 'count')).toEqual([
      'shop: title isbn <- id',
      'stock: count <- 0/isbn',
    ]);
  });

  test('random declarations: one call where one operation gives all, and each call has what it needs', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const subset = fc.subarray(names, { minLength: 1 });
    const provider = fc.tuple(fc.subarray(['id', 'isbn', 'title', ...names], { minLength: 1, maxLength: 2 }), subset);
    fc.assert(
      fc.property(
        fc.array(provider, { minLength: 1, maxLength: 5 }),
        subset,
        fc.integer({ min: 1, max: 3 }),
        (all, wanted, split) => {
          const text = all.map(([needs, gives]) => `${needs.join(' ')} -> ${gives.join(' ')}`);
          const has = (some: typeof all) => ['id', 'isbn', 'title', ...new Set(some.flatMap(([, gives]) => gives))];
          const [first, second] = [all.slice(0, split), all.slice(split)];
          const sides = [
            side('one', has(first), ...text.slice(0, split)),
            shop,
            ...(second.length === 0 ? [] : [side('two', has(second), ...text.slice(split))]),
          ];
          const entity = new EntityInGraph('Book', sides, new Map());
          const { steps, origins } = entity.plan('shop', wanted);
          const reachable = wanted.filter((field) => origins.get(field)?.kind === 'STEP');
          const owned = new Set(['id', 'isbn', 'title']);
          const enough = all.some(
            ([needs, gives]) =>
              needs.every((need) => owned.has(need)) && reachable.every((field) => gives.includes(field)),
          );
          if (enough) expect(steps.length).toBe(reachable.length === 0 ? 0 : 1);
          // Each step stands after those that it needs, gives what is expected of it, and has its keys asked for.
          const keys = new Set(entity.requirements('shop', names).map((path) => path.join('.')));
          for (const [number, { route, fields, extras, needs }] of steps.entries()) {
            for (const field of [...fields, ...extras.flat()]) expect(route.provider.fields.has(field)).toBe(true);
            for (const need of needs) {
              if (need.step === undefined) expect(keys).toContain(need.keys.join('.'));
              else expect(need.step).toBeLessThan(number);
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
