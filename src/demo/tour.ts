import { setTimeout as sleep } from 'node:timers/promises';
import { type GraphQLAnswer, sendOperation } from './admin-client.ts';
import type { Behaviour } from './upstreams.ts';

export interface TourOptions {
  readonly endpoint: string;
  readonly become: (upstream: string, behaviour: Behaviour) => Promise<void>;
  readonly say: (text: string) => void;
}

const BOOK = '{ bookshop { getBook(bookId: 2) { title priceEur stock } } }';
const OTHER_BOOK = '{ bookshop { getBook(bookId: 4) { title } } }';
const AUTHORS = '{ bookshop { listAuthors { name } } rates { convert(from: EUR, to: USD, amount: 10) { result } } }';

const JOINED =
  '{ bookshop { listBooks(first: 3) { nodes { title author { name books { totalCount } } priceIn(currency: USD) } } } }';

const REVIEWED =
  '{ bookshop { listBooks(first: 3) { nodes { title reviews(first: 1) { verdict text book { id } } } } } }';

const REVIEWS =
  '{ reviews { latestReviews(first: 2) { text book { title averageRating } } } bookshop { getBook(bookId: 4) { averageRating } } }';

const PITCHED =
  '{ bookshop { listBooks(first: 2) { nodes { title pitch } } } translate(text: "the book and the sea", to: FR) }';

/** What the tour saw at each stop: the outcome of the bookshop, by stop. */
export type TourLog = readonly { readonly stop: string; readonly outcome: string }[];

/** Walks down the ladder and up again over HTTP, breaking the example upstreams on the way. */
export async function takeTour({ endpoint, become, say }: TourOptions): Promise<TourLog> {
  const log: { stop: string; outcome: string }[] = [];
  const visit = async (stop: string, query: string): Promise<string> => {
    const answer = await sendOperation(endpoint, query, {}, { 'weir-trace': '1' });
    const outcome = outcomeOf(answer, 'bookshop');
    log.push({ stop, outcome });
    say(`\n${stop}\n  query  ${query}\n  answer ${JSON.stringify(answer.data)}`);
    for (const error of answer.errors ?? []) say(`  error  ${error.message} ${JSON.stringify(error.extensions)}`);
    say(`  served ${outcome}`);
    return outcome;
  };
  const until = async (stop: string, query: string, wanted: string): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      const answer = await sendOperation(endpoint, query, {}, { 'weir-trace': '1' });
      if (outcomeOf(answer, 'bookshop') === wanted) break;
      await sleep(500);
    }
    await visit(stop, query);
  };

  await visit('1. Everything is well: the primary answers.', BOOK);
  await visit('2. The same again: the cache answers for five seconds.', BOOK);
  await become('bookshop', 'down');
  await visit('3. The primary is killed: the backup answers.', OTHER_BOOK);
  await become('bookshop-backup', 'down');
  await sleep(5200);
  await visit('4. The backup is killed as well: the last good answer, marked as stale.', BOOK);
  await visit('5. An operation with a declared fallback, beside another source that is well.', AUTHORS);
  await visit(
    '6. Never asked before, nothing declared: null, and an error that says why.',
    '{ bookshop { getBook(bookId: 8) { title } } }',
  );
  await become('bookshop', 'normal');
  await become('bookshop-backup', 'normal');
  await until(
    '7. The primary is back.',
    '{ bookshop { listBooks(genre: novel) { totalCount nodes { title } } } }',
    'FRESH',
  );
  await visit('8. Joined: the authors of all books in one call, and prices from the other API.', JOINED);
  await visit('9. The reviews of all books, from a GraphQL service, in one request.', REVIEWED);
  await visit('10. The other way: a book is one type, with the fields of the bookshop and of the reviews.', REVIEWS);
  await visit('11. Two prompts, one of them over the books, answered by a stand-in for a model.', PITCHED);
  return log;
}

function outcomeOf(answer: GraphQLAnswer, source: string): string {
  const weir = answer.extensions?.weir as { sources?: { name: string; outcome: string }[] } | undefined;
  return weir?.sources?.find((entry) => entry.name === source)?.outcome ?? 'none';
}
