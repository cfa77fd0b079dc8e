import { describe, expect, test } from '@jest/globals';
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
    expect(entity.requirements('reviews', 'all')).toEqual([['id'], ['id']]);
    expect(entity.requirements('shop', 'all')).toEqual([['isbn'], ['title']]);
    expect(entity.requirements('shop', 'title')).toEqual([]);
  });
});
