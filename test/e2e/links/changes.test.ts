import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { booksDocument, peopleDocument } from './library.ts';
import { BULK_FORMS, booksBy, type Library, startLibrary } from './setup.ts';

let library: Library;
beforeEach(async () => {
  library = await startLibrary();
  library.shelf.push(...booksBy([1]));
  await library.link({ field: 'author', operation: 'listPeople', arguments: [{ name: 'ids', field: 'authorId' }] });
});
afterEach(() => library.close());

const QUERY = '{ books { listBooks { author { name } } } }';
const links = async () =>
  (await library.weir.admin('{ source(name: "books") { links { field state problem } } }')).data.source.links;

async function revise(name: string, document: string, more: Record<string, unknown> = {}): Promise<void> {
  const rest = { document, endpoints: [{ url: name === 'people' ? library.people.url : library.books.url }], ...more };
  const { errors } = await library.weir.admin(
    'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }',
    {
      input: { name, rest },
    },
  );
  expect(errors).toEqual([]);
}
const publish = (name: string, acceptBreaking = false) =>
  library.weir.admin(
    'mutation ($name: ID!, $b: Boolean!) { publishSource(name: $name, acceptBreaking: $b) { state } }',
    {
      name,
      b: acceptBreaking,
    },
  );
const check = async (name: string) =>
  (await library.weir.admin('query { __typename }')) &&
  (
    await library.weir.admin(
      'mutation ($name: ID!) { checkSource(name: $name) { ok breaking changes { criticality path message } warnings { kind path } } }',
      { name },
    )
  ).data.checkSource;

describe('a revision that takes away what a link needs', () => {
  test.each([
    ['the target loses the operation', 'people', () => peopleDocument, { exclude: ['listPeople'] }],
    ['the target loses its bulk form', 'people', () => peopleDocument, { operations: [] }],
    ['the source loses the field', 'books', () => booksDocument.replace('"authorId"', '"writerId"'), {}],
    ['the source gets a field of that name', 'books', () => booksDocument.replace('"authorCode"', '"author"'), {}],
  ])('%s: refused, unless it is accepted; then the link is out and says why', async (_what, name, document, more) => {
    await revise(name, document(), more);
    const report = await check(name);
    expect(report).toMatchObject({ ok: false, breaking: true });
    const change = { criticality: 'BREAKING', path: 'BooksBook.author', message: expect.stringContaining('The link') };
    expect(report.changes).toContainEqual(change);
    const refused = await publish(name);
    expect(refused.errors[0]?.extensions.code).toBe('BREAKING_CHANGE');
    expect(refused.errors[0]?.extensions.problems).toContainEqual({
      path: 'BooksBook.author',
      message: expect.anything(),
    });
    expect((await library.weir.query(QUERY)).data.books.listBooks[0].author).toEqual({ name: 'P1' });

    expect((await publish(name, true)).errors).toEqual([]);
    if ('operations' in more) {
      // Without its bulk form the operation still is a link to a list.
      expect(await links()).toMatchObject([{ field: 'author', state: 'ACTIVE' }]);
      return;
    }
    expect(await links()).toMatchObject([
      { field: 'author', state: 'BROKEN', problem: expect.stringContaining('Expected') },
    ]);
    expect((await check(name)).warnings).toContainEqual({ kind: 'LINK_BROKEN', path: 'Book.author' });
    await library.restart();
    expect(await links()).toMatchObject([{ field: 'author', state: 'BROKEN' }]);

    const back = name === 'people' ? { operations: BULK_FORMS } : {};
    await revise(name, name === 'people' ? peopleDocument : booksDocument, back);
    expect((await publish(name, true)).errors).toEqual([]);
    expect(await links()).toEqual([{ field: 'author', state: 'ACTIVE', problem: null }]);
    expect((await library.weir.query(QUERY)).data.books.listBooks[0].author).toEqual({ name: 'P1' });
  });

  test('a link waits for a target that is retired, and for one that is only registered', async () => {
    const run = (text: string) => library.weir.admin(`mutation { ${text} }`);
    await run('deprecateSource(name: "people", reason: "old") { name }');
    const { data } = await library.weir.query(
      '{ __type(name: "BooksBook") { fields(includeDeprecated: true) { name deprecationReason } } }',
    );
    expect(data.__type.fields).toContainEqual({ name: 'author', deprecationReason: 'old' });
    await run('retireSource(name: "people") { name }');
    expect(await links()).toEqual([{ field: 'author', state: 'WAITING', problem: 'people is not in the graph.' }]);
    expect((await library.weir.query('{ books { listBooks { title } } }')).errors).toEqual([]);
    await library.link({ field: 'second', operation: 'getPerson', arguments: [{ name: 'id', field: 'authorId' }] });
    expect((await check('books')).warnings).toEqual([
      { kind: 'LINK_WAITING', path: 'Book.author' },
      { kind: 'LINK_WAITING', path: 'Book.second' },
    ]);
    await publish('people');
    expect((await links()).map(({ state }: { state: string }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
    expect((await library.weir.query(QUERY)).data.books.listBooks[0].author).toEqual({ name: 'P1' });
  });
});

test('a revision is not put into the graph without the links it brings, unless that is accepted', async () => {
  const link = { type: 'Book', field: 'editor', target: 'people', operation: 'getPerson' };
  const { errors } = await library.weir.admin(
    'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
    {
      input: {
        name: 'drafts',
        rest: { document: booksDocument, endpoints: [{ url: library.books.url }] },
        links: [{ ...link, arguments: [{ name: 'id', field: 'authorId' }] }],
      },
    },
  );
  expect(errors).toEqual([]);
  await revise('people', peopleDocument, { exclude: ['getPerson'], operations: BULK_FORMS });
  expect((await publish('people', true)).errors).toEqual([]);
  expect(await check('drafts')).toMatchObject({
    ok: false,
    changes: [{ criticality: 'BREAKING', path: 'Book.editor' }],
  });
  const refused = await publish('drafts');
  expect(refused.errors[0]?.extensions.code).toBe('BREAKING_CHANGE');
  expect((await publish('drafts', true)).errors).toEqual([]);
  const { data } = await library.weir.admin('{ source(name: "drafts") { state links { state origin problem } } }');
  expect(data.source).toMatchObject({ state: 'PUBLISHED', links: [{ state: 'BROKEN', origin: 'REVISION' }] });
});

test('a revision may bring a link that stood there as an added one: nothing breaks for clients', async () => {
  const { errors } = await library.weir.admin(
    'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }',
    {
      input: {
        name: 'books',
        rest: { document: booksDocument, endpoints: [{ url: library.books.url }] },
        links: [
          {
            type: 'BooksBook',
            field: 'author',
            target: 'people',
            operation: 'pagePeople',
            arguments: [{ name: 'ids', field: 'authorId' }],
          },
        ],
      },
    },
  );
  expect(errors).toEqual([]);
  expect(await check('books')).toMatchObject({ ok: true, changes: [] });
  expect((await publish('books')).errors).toEqual([]);
  expect(await links()).toMatchObject([
    { state: 'ACTIVE' },
    { state: 'BROKEN', problem: expect.stringContaining('another link') },
  ]);
  expect((await library.weir.query(QUERY)).data.books.listBooks[0].author).toEqual({ name: 'P1' });
  expect(library.people.take()).toEqual(['GET /page?ids=1']);
});

test('checkSource points out a link that is a call for every parent, on both its sides', async () => {
  await library.link({ field: 'second', operation: 'getPerson', arguments: [{ name: 'id', field: 'authorId' }] });
  await library.link({ field: 'fixed', operation: 'getPerson', arguments: [{ name: 'id', value: 1 }] });
  for (const name of ['books', 'people']) {
    const warnings = (await check(name)).warnings.filter(({ kind }: { kind: string }) => kind.startsWith('LINK'));
    expect(warnings).toEqual([{ kind: 'LINK_N_CALLS', path: 'BooksBook.second' }]);
  }
});

test('going back to a revision brings its links back, and its successor takes them away', async () => {
  const input = {
    name: 'books',
    rest: { document: booksDocument, endpoints: [{ url: library.books.url }] },
    links: [
      {
        type: 'Book',
        field: 'writer',
        target: 'people',
        operation: 'getPerson',
        arguments: [{ name: 'id', field: 'authorId' }],
      },
    ],
  };
  const { errors } = await library.weir.admin(
    'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }',
    { input },
  );
  expect(errors).toEqual([]);
  const writer = '{ books { listBooks { writer { name } } } }';
  expect((await library.weir.query(writer)).data).toBeNull();
  expect((await publish('books')).errors).toEqual([]);
  expect((await library.weir.query(writer)).data.books.listBooks).toEqual([{ writer: { name: 'P1' } }]);
  const rolledBack = await library.weir.admin('mutation { rollbackSource(name: "books", toRevision: 1) { name } }');
  expect(rolledBack.errors).toEqual([]);
  expect((await library.weir.query(writer)).data).toBeNull();
  expect((await library.weir.query(QUERY)).errors).toEqual([]);
});
