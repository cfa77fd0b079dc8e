import { afterEach, describe, expect, test } from '@jest/globals';
import { booksBy, type Library, startLibrary } from './setup.ts';

let library: Library;
afterEach(() => library.close());

const byKey = [{ name: 'ids', field: 'authorId' }];
const author = { field: 'author', operation: 'listPeople', arguments: byKey };
const LINKS = '{ source(name: "books") { links { id type field target operation origin state problem batched } } }';

describe('arguments', () => {
  test('from the parent (not selected), a constant, and an argument of the link field itself', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([5]));
    await library.link({
      field: 'greetedAuthor',
      operation: 'getPerson',
      arguments: [
        { name: 'id', field: 'authorId' },
        { name: 'times', value: 3 },
        { name: 'greeting', argument: 'words' },
      ],
    });
    const { data, errors } = await library.weir.query(
      'query ($w: String) { books { listBooks { a: greetedAuthor(words: $w) { greeting } b: greetedAuthor { greeting } } } }',
      { w: 'moin' },
    );
    expect(errors).toEqual([]);
    expect(data.books.listBooks).toEqual([{ a: { greeting: 'moin' }, b: { greeting: 'none' } }]);
    expect(library.people.take()).toEqual(['GET /people/5?greeting=moin&times=3', 'GET /people/5?times=3']);
    const { errors: refused } = await library.weir.query('{ books { listBooks { greetedAuthor(words: 7) { id } } } }');
    expect(refused[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a path through objects, text for a number that fits, and a part of the answer', async () => {
    library = await startLibrary();
    library.shelf.push({ id: 1, title: 'T', publisher: { id: 8 } } as never, { id: 2, title: 'U' });
    await library.link({
      field: 'publisherNames',
      operation: 'pagePeople',
      arguments: [
        { name: 'ids', field: 'publisher.id' },
        { name: 'locale', value: 'de' },
      ],
      select: 'name',
    });
    const { data, errors } = await library.weir.query('{ books { listBooks { publisherNames } } }');
    expect(errors).toEqual([]);
    expect(data.books.listBooks).toEqual([{ publisherNames: 'P8' }, { publisherNames: null }]);
    expect(library.people.take()).toEqual(['GET /page?ids=8&locale=de']);
  });
});

describe('in the graph', () => {
  test('two links on one type, and a link of a link back into the first source', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2]), { id: 101, title: 'Best of 1', authorId: 2 });
    await library.link(author);
    await library.link({
      ...author,
      field: 'awards',
      operation: 'listAwards',
      arguments: [{ name: 'personIds', field: 'authorId' }],
    });
    await library.link({
      source: 'people',
      type: 'PeoplePerson',
      field: 'bestBook',
      target: 'books',
      operation: 'getBook',
      arguments: [{ name: 'id', field: 'bestBookId' }],
    });
    const { data, errors } = await library.weir.query(
      '{ books { getBook(id: 1) { author { name bestBook { title author { name awards: bestBook { id } } } } awards { name } } } }',
    );
    expect(data.books.getBook).toEqual({
      author: { name: 'P1', bestBook: { title: 'Best of 1', author: { name: 'P2', awards: null } } },
      awards: [{ name: 'A1' }, { name: 'B1' }],
    });
    expect(errors.map(({ path }) => path?.join('.'))).toEqual(['books.getBook.author.bestBook.author.awards']);
  });

  test('a caller who may not see the target has no such field', async () => {
    library = await startLibrary({ peopleVisibility: 'PRIVATE' });
    library.shelf.push(...booksBy([1]));
    await library.link(author);
    const query = '{ books { listBooks { title author { name } } } }';
    const hidden = await library.weir.query(query);
    expect(hidden.errors[0]?.message).toContain('Cannot query field "author" on type "BooksBook".');
    expect((await library.weir.query('{ __type(name: "PeoplePerson") { name } }')).data.__type).toBeNull();
    expect((await library.weir.query('{ books { listBooks { title } } }')).errors).toEqual([]);
    expect((await library.weir.admin(query)).data.books.listBooks[0].author).toEqual({ name: 'P1' });
    expect(library.people.arrived).toHaveLength(1);
  });

  test('removed under load: no request fails, later ones do not have the field', async () => {
    library = await startLibrary();
    library.shelf.push(...booksBy([1, 2, 3]));
    const id = await library.link(author);
    const query = '{ books { listBooks { author { name } } } }';
    let stop = false;
    const answers: { readonly data: unknown; readonly errors: readonly { message: string }[] }[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (!stop) answers.push(await library.weir.query(query));
    });
    while (answers.length < 40) await new Promise((resolve) => setImmediate(resolve));
    const { errors } = await library.weir.admin('mutation ($id: ID!) { removeLink(id: $id) }', { id });
    expect(errors).toEqual([]);
    stop = true;
    await Promise.all(load);
    for (const answer of answers) {
      // Either before the removal, whole, or after it, refused: never half of it.
      if (answer.data === null) expect(answer.errors[0]?.message).toContain('Cannot query field "author"');
      else
        expect(answer).toMatchObject({
          errors: [],
          data: { books: { listBooks: [{ author: { name: 'P1' } }, {}, {}] } },
        });
    }
    expect((await library.weir.query(query)).data).toBeNull();
    expect((await library.weir.admin(LINKS)).data.source.links).toEqual([]);
  });

  test('links are there again after a restart, those added and those of a revision', async () => {
    const given = { ...author, type: 'BooksBook', target: 'people' };
    library = await startLibrary({ bookLinks: [given] });
    library.shelf.push(...booksBy([1]));
    await library.link({ ...author, field: 'writer' });
    const before = (await library.weir.admin(LINKS)).data.source.links;
    expect(before).toEqual([
      {
        id: 'books.BooksBook.author',
        type: 'BooksBook',
        field: 'author',
        target: 'people',
        operation: 'listPeople',
        origin: 'REVISION',
        state: 'ACTIVE',
        problem: null,
        batched: true,
      },
      {
        id: expect.stringMatching(/^lnk_/),
        type: 'Book',
        field: 'writer',
        target: 'people',
        operation: 'listPeople',
        origin: 'ADDED',
        state: 'ACTIVE',
        problem: null,
        batched: true,
      },
    ]);
    await library.restart();
    expect((await library.weir.admin(LINKS)).data.source.links).toEqual(before);
    const { data } = await library.weir.query('{ books { listBooks { author { name } writer { name } } } }');
    expect(data.books.listBooks).toEqual([{ author: { name: 'P1' }, writer: { name: 'P1' } }]);
    expect(library.people.take()).toEqual(['GET /people?ids=1']);
    const { errors } = await library.weir.admin('mutation { removeLink(id: "books.BooksBook.author") }');
    expect(errors[0]?.extensions.code).toBe('CONFLICT');
  });

  test('a deleted source takes its links with it', async () => {
    library = await startLibrary();
    await library.link(author);
    const run = (text: string) => library.weir.admin(`mutation { ${text} }`);
    await run('deprecateSource(name: "books", reason: "gone") { name }');
    await run('retireSource(name: "books") { name }');
    const waiting = (await library.weir.admin(LINKS)).data.source.links;
    expect(waiting).toMatchObject([{ state: 'WAITING', problem: 'books is not in the graph.' }]);
    expect((await run('deleteSource(name: "books")')).errors).toEqual([]);
    const again = await library.weir.admin(
      'mutation { addLink(input: { source: "books", type: "Book", field: "f", operation: "x" }) { id } }',
    );
    expect(again.errors[0]?.extensions.problems).toMatchObject([{ path: 'input.source' }]);
    await library.restart();
    expect((await library.weir.admin('{ sources { nodes { name links { id } } } }')).data.sources.nodes).toEqual([
      { name: 'people', links: [] },
    ]);
  });
});
