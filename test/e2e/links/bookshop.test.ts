import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoLink, demoSources } from '../../../src/demo/sources.ts';
import { type DemoUpstream, startUpstream } from '../../../src/demo/upstreams.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

let weir: TestGateway;
let upstreams: DemoUpstream[];

beforeAll(async () => {
  const started = await Promise.all([
    startUpstream('bookshop', 'bookshop'),
    startUpstream('bookshop-backup', 'bookshop'),
    startUpstream('rates', 'rates'),
  ]);
  upstreams = started;
  const [bookshop, backup, rates] = started;
  weir = await startTestGateway();
  const urls = { bookshop: bookshop.url, bookshopBackup: backup.url, rates: rates.url };
  for (const input of demoSources(urls)) await weir.publish(input);
  const paged = {
    source: 'bookshop',
    type: 'Author',
    field: 'shelf',
    operation: 'listBooks',
    arguments: [
      { name: 'authorId', field: 'id' },
      { name: 'first', argument: 'first' },
      { name: 'after', argument: 'after' },
    ],
  };
  for (const input of [demoLink, paged, { ...paged, field: 'titles', select: 'nodes.title' }]) {
    const { errors } = await weir.admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', { input });
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
  }
});
afterAll(async () => {
  await Promise.all([weir.close(), ...upstreams.map((one) => one.close())]);
});

test('the bookshop leads to its authors, back to their books, and across to the rates', async () => {
  const { data, errors, extensions } = await weir.query(
    `{ bookshop { listBooks(ids: [2, 3, 4]) { nodes {
       title author { name books { totalCount } } usd: priceIn(currency: USD) eur: priceIn(currency: EUR)
     } } } }`,
    {},
    { 'weir-trace': '1' },
  );
  expect(errors).toEqual([]);
  expect(data.bookshop.listBooks.nodes).toEqual([
    {
      title: 'Twenty Thousand Leagues Under the Seas',
      author: { name: 'Jules Verne', books: { totalCount: 3 } },
      usd: 13.923,
      eur: 11.9,
    },
    {
      title: 'Around the World in Eighty Days',
      author: { name: 'Jules Verne', books: { totalCount: 3 } },
      usd: 10.413,
      eur: 8.9,
    },
    { title: 'Pride and Prejudice', author: { name: 'Jane Austen', books: { totalCount: 3 } }, usd: 8.775, eur: 7.5 },
  ]);
  const asked = extensions.weir.calls.map(({ operation }: { operation: string }) => operation);
  const count = (operation: string) => asked.filter((one: string) => one === operation).length;
  expect({ authors: count('listAuthors'), books: count('listBooks'), rates: count('convert') }).toEqual({
    authors: 1,
    books: 3,
    rates: 6,
  });
});

test('a link to an operation with pages is a connection for each parent', async () => {
  const query = `query ($after: String) { bookshop { getAuthor(authorId: 2) {
    titles(first: 2) shelf(first: 2, after: $after) { totalCount nodes { title } pageInfo { hasNextPage endCursor } }
  } } }`;
  const first = await weir.query(query);
  expect(first.errors).toEqual([]);
  const { titles, shelf } = first.data.bookshop.getAuthor;
  expect(shelf).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(titles).toEqual(shelf.nodes.map(({ title }: { title: string }) => title));
  const second = await weir.query(query, { after: shelf.pageInfo.endCursor });
  expect(second.data.bookshop.getAuthor.shelf).toMatchObject({ pageInfo: { hasNextPage: false } });
  expect(second.data.bookshop.getAuthor.shelf.nodes).toHaveLength(1);
});

test('links of the revision, of the document, and added ones stand beside each other', async () => {
  const { data } = await weir.admin('{ source(name: "bookshop") { links { field origin state } } }');
  expect(data.source.links).toEqual([
    { field: 'author', origin: 'REVISION', state: 'ACTIVE' },
    { field: 'priceIn', origin: 'ADDED', state: 'ACTIVE' },
    { field: 'shelf', origin: 'ADDED', state: 'ACTIVE' },
    { field: 'titles', origin: 'ADDED', state: 'ACTIVE' },
    { field: 'books', origin: 'DOCUMENT', state: 'ACTIVE' },
  ]);
});
