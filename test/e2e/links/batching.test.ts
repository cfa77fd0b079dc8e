import { afterEach, describe, expect, test } from '@jest/globals';
import { booksBy, type Library, startLibrary } from './setup.ts';

let library: Library;
afterEach(() => library.close());

const AUTHORS = '{ books { listBooks { title author { id name } } } }';
const key = (name: string) => [{ name, field: 'authorId' }];

interface Named {
  readonly author: { readonly name: string } | null;
}
const namesOf = (books: readonly Named[]) => books.map(({ author }) => author?.name ?? null);

describe('a link over a list is as few calls as its bulk form allows', () => {
  test.each([
    ['repeated query parameter', 'listPeople', 'ids', ['GET /people?ids=1&ids=2&ids=7&ids=999']],
    ['comma list inside a page', 'pagePeople', 'ids', ['GET /page?ids=1,2,7,999']],
    ['comma list in one text', 'textPeople', 'ids', ['GET /text?ids=1,2,7,999']],
    ['answer that is a map', 'mapPeople', 'ids', ['GET /map?ids=1,2,7,999']],
    ['list in a JSON body', 'searchPeople', 'input.ids', ['POST /search']],
    ['answer by position', 'inOrder', 'ids', ['GET /position?ids=1&ids=2&ids=7&ids=999']],
  ])('%s', async (_form, operation, argument, calls) => {
    library = await startLibrary();
    library.shelf.push(...booksBy([2, 1, null, 2, 7, 999, 1]));
    await library.link({ field: 'author', operation, arguments: key(argument) });
    const { data, errors } = await library.weir.query(AUTHORS);
    expect(errors).toEqual([]);
    expect(namesOf(data.books.listBooks)).toEqual(['P2', 'P1', null, 'P2', 'P7', null, 'P1']);
    expect(library.people.take()).toEqual(calls);
    if (operation === 'searchPeople') expect(library.people.arrived[0]?.body).toEqual({ ids: [1, 2, 7, 999] });
  });

  test('more keys than fit one call are as many calls as it takes, each key once', async () => {
    library = await startLibrary({ max: 10 });
    const authors = Array.from({ length: 75 }, (_, index) => (index % 25) + 1);
    library.shelf.push(...booksBy(authors));
    await library.link({ field: 'author', operation: 'pagePeople', arguments: key('ids') });
    const { data, errors } = await library.weir.query(AUTHORS);
    expect(errors).toEqual([]);
    expect(namesOf(data.books.listBooks)).toEqual(authors.map((id) => `P${id}`));
    expect(library.people.take()).toEqual([
      'GET /page?ids=1,2,3,4,5,6,7,8,9,10',
      'GET /page?ids=11,12,13,14,15,16,17,18,19,20',
      'GET /page?ids=21,22,23,24,25',
    ]);
  });

  test('lists of lists are one call, and so is the same link reached twice in a document', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([3, 4, 5, 3]));
    await library.link({ field: 'author', operation: 'listPeople', arguments: key('ids') });
    const { data } = await library.weir.query(
      '{ books { listShelves { author { name } again: author { id } } getBook(id: 2) { author { name } } } }',
    );
    const shelves = data.books.listShelves as (Named & { again: { id: number } })[][];
    expect(shelves.map(namesOf)).toEqual([['P3', 'P4'], [], ['P5', 'P3']]);
    expect(shelves[0]?.[1]?.again).toEqual({ id: 4 });
    expect(data.books.getBook.author.name).toBe('P4');
    const calls = library.people.take();
    const asked = calls.flatMap((call) => [...call.matchAll(/ids=(\d+)/g)].map(([, id]) => id));
    // The lists come from two calls of the books, so at most two; no key goes out twice.
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(asked.toSorted()).toEqual(['3', '4', '5']);
  });

  test('a parent with a list of keys gets the list of their items, null where there is none', async () => {
    library = await startLibrary();
    library.shelf.push(
      { id: 1, title: 'T1', coauthorIds: [3, null, 999, 1, 3] },
      { id: 2, title: 'T2', coauthorIds: [] },
      { id: 3, title: 'T3', coauthorIds: null },
    );
    const coauthors = [{ name: 'ids', field: 'coauthorIds' }];
    await library.link({ field: 'coauthors', operation: 'listPeople', arguments: coauthors });
    const { data, errors } = await library.weir.query('{ books { listBooks { coauthors { name } } } }');
    expect(errors).toEqual([]);
    expect(data.books.listBooks).toEqual([
      { coauthors: [{ name: 'P3' }, null, null, { name: 'P1' }, { name: 'P3' }] },
      { coauthors: [] },
      { coauthors: null },
    ]);
    expect(library.people.take()).toEqual(['GET /people?ids=1&ids=3&ids=999']);
    library.shelf.push({ id: 4, title: 'T4', coauthorIds: [1, 4, null] });
    library.broken.add(4);
    const failed = await library.weir.query('{ books { getBook(id: 4) { coauthors { name } } } }');
    expect(failed.data.books.getBook.coauthors).toEqual([null, null, null]);
    expect(failed.errors.map(({ path }) => path?.at(-1))).toEqual([0, 1]);
    expect(failed.extensions.weir.sources[0].paths).toEqual(['books.getBook.coauthors']);
  });

  test('a bulk answer is kept whole: the same keys in another order are not asked for again', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2, 3]));
    await library.link({ field: 'author', operation: 'listPeople', arguments: key('ids') });
    const policy = 'mutation { setPolicy(source: "people", policy: { cache: { ttlSeconds: 60 } }) { name } }';
    expect((await library.weir.admin(policy)).errors).toEqual([]);
    await library.weir.query(AUTHORS);
    library.shelf.reverse();
    const { data } = await library.weir.query(AUTHORS);
    expect(namesOf(data.books.listBooks)).toEqual(['P3', 'P2', 'P1']);
    expect(library.people.take()).toEqual(['GET /people?ids=1&ids=2&ids=3']);
  });

  test('a key with many items gets the list of them', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2, null, 3]));
    await library.link({ field: 'awards', operation: 'listAwards', arguments: key('personIds') });
    const { data, errors } = await library.weir.query('{ books { listBooks { awards { name } } } }');
    expect(errors).toEqual([]);
    expect(
      data.books.listBooks.map(({ awards }: { awards: { name: string }[] | null }) => awards?.length ?? null),
    ).toEqual([2, 0, null, 2]);
    expect(library.people.take()).toEqual(['GET /awards?personIds=1&personIds=2&personIds=3']);
  });

  test('an upstream that fails one chunk costs the keys of that chunk, and says so at each', async () => {
    library = await startLibrary({ max: 2 });
    library.shelf.push(...booksBy([1, 2, 3, 4, 5, 3]));
    library.broken.add(4);
    await library.link({ field: 'author', operation: 'listPeople', arguments: key('ids') });
    const { data, errors, extensions } = await library.weir.query(AUTHORS);
    expect(namesOf(data.books.listBooks)).toEqual(['P1', 'P2', null, null, 'P5', null]);
    expect(errors.map(({ path, extensions: { code, source } }) => [path?.join('.'), code, source])).toEqual([
      ['books.listBooks.2.author', 'UPSTREAM_ERROR', 'people'],
      ['books.listBooks.3.author', 'UPSTREAM_ERROR', 'people'],
      ['books.listBooks.5.author', 'UPSTREAM_ERROR', 'people'],
    ]);
    expect(extensions.weir.sources).toEqual([
      {
        name: 'people',
        outcome: 'FAILED',
        paths: ['books.listBooks.2.author', 'books.listBooks.3.author', 'books.listBooks.5.author'],
      },
    ]);
    expect(library.people.take()).toHaveLength(3);
  });

  test('a trace tells of a bulk call once, and of every path it served', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2, 3]));
    await library.link({ field: 'author', operation: 'listPeople', arguments: key('ids') });
    const { extensions } = await library.weir.query(AUTHORS, {}, { 'weir-trace': '1' });
    const { sources, calls } = extensions.weir;
    expect(calls.filter(({ source }: { source: string }) => source === 'people')).toHaveLength(1);
    expect(sources.find(({ name }: { name: string }) => name === 'people').paths).toHaveLength(3);
  });
});

describe('without a bulk form', () => {
  const one = { field: 'author', operation: 'getPerson', arguments: [{ name: 'id', field: 'authorId' }] };

  test('unique keys are called once each, none for null', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([2, 1, null, 2, 1, 2]));
    await library.link(one);
    const { data, errors } = await library.weir.query(AUTHORS);
    expect(errors).toEqual([]);
    expect(namesOf(data.books.listBooks)).toEqual(['P2', 'P1', null, 'P2', 'P1', 'P2']);
    expect(library.people.take()).toEqual(['GET /people/1', 'GET /people/2']);
  });

  test('they go out together, and many of them are not refused by the limit they would run into', async () => {
    const waiting: (() => void)[] = [];
    let open = false;
    library = await startLibrary({
      gate: () => (open ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
    });
    library.shelf.push(...booksBy(Array.from({ length: 60 }, (_, index) => index + 1)));
    await library.link(one);
    const answer = library.weir.query(AUTHORS);
    while (library.people.arrived.length < 20) await new Promise((resolve) => setImmediate(resolve));
    expect(library.people.peak).toBe(20);
    open = true;
    for (const go of waiting) go();
    const { data, errors } = await answer;
    expect(errors).toEqual([]);
    expect(namesOf(data.books.listBooks)).toEqual(Array.from({ length: 60 }, (_, index) => `P${index + 1}`));
    expect(library.people.take()).toHaveLength(60);
  });

  test('one that fails costs itself alone', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2, 777]));
    library.broken.add(2);
    await library.link(one);
    const { data, errors } = await library.weir.query(AUTHORS);
    expect(namesOf(data.books.listBooks)).toEqual(['P1', null, null]);
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['books.listBooks.1.author', 'UPSTREAM_ERROR'],
      ['books.listBooks.2.author', 'UPSTREAM_REJECTED'],
    ]);
  });
});
