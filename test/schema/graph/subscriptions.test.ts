import { describe, expect, test } from '@jest/globals';
import { buildSchema, printType, validateSchema } from 'graphql';
import { WeirError } from '../../../src/errors/index.ts';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, diffSchemas, fieldMark, type Graph, type GraphMember } from '../../../src/schema/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ADMIN_SDL, fakeMember, PETSTORE_SDL } from './fake-member.ts';

const REVIEWS_SDL = `
  schema { query: ReviewsQuery subscription: ReviewsSubscription }
  type ReviewsQuery { review(id: ID!): ReviewsReview }
  type ReviewsSubscription {
    """Each change."""
    changed(book: ID, first: Int = 3): ReviewsReview
    removed: ID @deprecated(reason: "Use changed.")
  }
  type ReviewsReview { id: ID  text: String  bookId: ID }
`;
const reviews = fakeMember({ name: 'reviews', sdl: REVIEWS_SDL });

async function graphOf(...members: readonly GraphMember[]): Promise<Graph> {
  const graph = await createGraph({
    admin: { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock: new FakeClock(),
  });
  graph.swap(await graph.compose(members));
  return graph;
}

const rootOf = (graph: Graph): string => {
  const type = graph.current.schema.getSubscriptionType();
  return type == null ? '' : printType(type);
};

async function problemsOf(...members: readonly GraphMember[]): Promise<readonly unknown[]> {
  try {
    await graphOf(...members);
  } catch (error: unknown) {
    if (error instanceof WeirError) return error.details.problems ?? [];
    throw error;
  }
  return [];
}

describe('Subscription in the graph', () => {
  test('a namespaced source’s fields stand in the root, under the namespace and their own name', async () => {
    const graph = await graphOf(reviews, fakeMember({ name: 'petstore', sdl: PETSTORE_SDL }));
    expect(rootOf(graph)).toBe(`type Subscription {
  """Each change."""
  reviewsChanged(book: ID, first: Int = 3): ReviewsReview
  reviewsRemoved: ID @deprecated(reason: "Use changed.")
}`);
    expect(validateSchema(buildSchema(graph.current.sdl))).toEqual([]);
    expect(graph.current.sdl).not.toContain('ReviewsSubscription');
    const field = graph.current.schema.getSubscriptionType()?.getFields().reviewsChanged;
    expect(field && fieldMark(field)).toEqual({ source: 'reviews', operation: 'changed' });
  });

  test('a flat source’s fields keep their names; a graph without any has no such root', async () => {
    expect(rootOf(await graphOf(fakeMember({ name: 'reviews', sdl: REVIEWS_SDL, namespace: '' })))).toContain(
      'changed(book: ID',
    );
    expect(rootOf(await graphOf(fakeMember({ name: 'petstore', sdl: PETSTORE_SDL })))).toBe('');
  });

  test('a view has the fields of the sources that it has', async () => {
    const graph = await graphOf({ ...reviews, visibility: 'SHARED' });
    const view = (sees: boolean) => graph.current.view({ admin: false, maySee: () => sees }).schema;
    expect(view(true).getSubscriptionType()?.getFields()).toHaveProperty('reviewsChanged');
    expect(view(false).getSubscriptionType()).toBeUndefined();
  });

  test('a deprecated source’s are deprecated', async () => {
    const graph = await graphOf({ ...reviews, deprecation: { reason: 'Goes.', sunsetAt: undefined } });
    expect(rootOf(graph)).toContain('first: Int = 3): ReviewsReview @deprecated(reason: "Goes.")');
  });

  test('links below them lead on', async () => {
    const sdl = `
      schema { query: BooksQuery }
      type BooksQuery { book(id: ID!): BooksBook }
      type BooksBook { id: ID title: String }`;
    const id = { name: 'id', from: 'FIELD', field: 'bookId' } as const;
    const link = { type: 'ReviewsReview', field: 'book', target: 'books', operation: 'book', arguments: [id] };
    const graph = await graphOf({ ...reviews, links: [link] }, fakeMember({ name: 'books', sdl }));
    expect(graph.current.links.map(({ state }) => state)).toEqual(['ACTIVE']);
    expect(graph.current.sdl).toContain('book: BooksBook');
    expect(validateSchema(buildSchema(graph.current.sdl))).toEqual([]);
  });

  test('one that goes is a breaking change', async () => {
    const [with_, without] = [await graphOf(reviews), await graphOf()];
    const changes = await diffSchemas(with_.current.schema, without.current.schema);
    expect(changes[0]?.criticality).toBe('BREAKING');
  });

  test('names that two sources, or two fields of one, come to are told', async () => {
    const streams = (type: string, field: string) =>
      `schema { query: ${type} subscription: ${type}S } type ${type} { a: Int } type ${type}S { ${field}: Int }`;
    const clash = await problemsOf(
      fakeMember({ name: 'a', sdl: streams('A', 'bC') }),
      fakeMember({ name: 'aB', sdl: streams('B', 'c') }),
    );
    expect(clash).toEqual([
      {
        path: 'Subscription.aBC',
        message:
          'The field Subscription.aBC must come from one place; source a and source aB both have it. Give source aB another namespace.',
      },
    ]);
    expect(
      await problemsOf(fakeMember({ name: 'a', sdl: 'type Query { a: Int } type Subscription { up: Int Up: Int }' })),
    ).toEqual([
      {
        path: 'a.Up',
        message: 'A field must answer one operation; Up of source a answers up and Up.',
      },
    ]);
  });

  test('an operation without its field is told', async () => {
    const operations = new Map([
      ['gone', { name: 'gone', kind: 'subscription', field: 'gone', idempotent: false, cacheable: false } as const],
    ]);
    const member = { ...reviews, description: { ...reviews.description, operations } };
    expect(await problemsOf(member)).toEqual([
      {
        path: 'reviews.gone',
        message: 'Operation gone of source reviews must have a subscription field; gone is missing.',
      },
    ]);
  });
});
