/** Reviews of the bookshop's books, as a GraphQL service. `schema.graphql` beside this file is its schema. */
import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import { portFromArguments, serve } from '../shared/http.mjs';

const schema = buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));

const reviews = [];
const add = (bookId, by, rating, text, writtenAt) => {
  const verdict = rating >= 4 ? 'READ_IT' : rating === 3 ? 'IF_YOU_MUST' : 'LEAVE_IT';
  const book = () => bookOf(bookId);
  const review = { id: String(reviews.length + 1), bookId, book, by, rating, verdict, text, writtenAt };
  reviews.push(review);
  return review;
};

add(1, 'Victor', 2, 'The creature deserved better.', '2025-10-31T20:00:00Z');
add(1, 'Ada', 5, 'Alive after two hundred years.', '2025-11-02T09:30:00Z');
add(2, 'Ned', 3, 'A lot of fish.', '2025-06-20T12:00:00Z');
add(2, 'Conseil', 5, 'The classification is exemplary.', '2025-06-21T12:00:00Z');
add(3, 'Fix', 4, 'I could not put it down, nor him.', '2025-01-30T18:45:00Z');
add(4, 'Lydia', 1, 'Too much reading in it.', '2025-02-14T10:00:00Z');
add(4, 'Charlotte', 4, undefined, '2025-02-15T10:00:00Z');

const bookOf = (id) => {
  const own = reviews.filter((review) => review.bookId === id).sort((a, b) => b.rating - a.rating);
  return {
    id,
    reviews: ({ first }) => own.slice(0, first),
    averageRating: own.length === 0 ? null : own.reduce((sum, { rating }) => sum + rating, 0) / own.length,
  };
};

const rootValue = {
  review: ({ id }) => reviews.find((review) => review.id === id),
  latestReviews: ({ first }) => reviews.toSorted((a, b) => b.writtenAt.localeCompare(a.writtenAt)).slice(0, first),
  booksByIds: ({ ids }) => ids.map(bookOf),
  addReview: ({ review: { bookId, by, rating, text } }) => {
    if (rating < 1 || rating > 5) {
      throw new GraphQLError('A rating is from 1 to 5.', { extensions: { code: 'BAD_USER_INPUT' } });
    }
    return add(bookId, by, rating, text, new Date().toISOString());
  },
};

serve(
  {
    'POST /graphql': async ({ body }) => {
      const { query, variables, operationName } = body ?? {};
      return {
        body: await graphql({ schema, rootValue, source: query ?? '', variableValues: variables, operationName }),
      };
    },
  },
  { port: portFromArguments() },
);
