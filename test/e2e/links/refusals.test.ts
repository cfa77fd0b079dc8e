import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { booksDocument, peopleDocument } from './library.ts';
import { booksBy, type Library, startLibrary } from './setup.ts';

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
  library.shelf.push(...booksBy([1]));
});
afterAll(() => library.close());

const author = { field: 'author', operation: 'listPeople', arguments: [{ name: 'ids', field: 'authorId' }] };
const graphVersion = async () => (await library.weir.admin('{ graph { version } }')).data.graph.version;

/** The places that a refusal names. */
async function places(input: Record<string, unknown>): Promise<readonly string[]> {
  const { errors } = await library.weir.admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', {
    input: { source: 'books', type: 'Book', target: 'people', ...input },
  });
  expect(errors[0]?.extensions.code).toBe('INVALID_DEFINITION');
  return ((errors[0]?.extensions.problems ?? []) as { path: string }[]).map(({ path }) => path);
}

describe('a link that does not fit is refused with every place', () => {
  const one = { field: 'author', operation: 'getPerson' };
  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['no such source', { ...author, source: 'nothing' }, ['input.source']],
    ['no such target', { ...author, target: 'nothing' }, ['input.target']],
    ['no such type', { ...author, type: 'Nothing' }, ['input.type']],
    ['a root type', { ...author, type: 'BooksQuery' }, ['input.type']],
    ['no such operation', { ...author, operation: 'nothing' }, ['input.operation']],
    ['an operation of another source', { ...author, operation: 'listBooks' }, ['input.operation']],
    ['a mutation', { field: 'x', operation: 'removePerson', arguments: [] }, ['input.operation']],
    ['a field that is there', { ...author, field: 'title' }, ['input.field']],
    ['no GraphQL name', { ...author, field: 'a-b' }, ['input.field']],
    ['a name of introspection', { ...author, field: '__author' }, ['input.field']],
    [
      'no such argument',
      {
        ...one,
        arguments: [
          { name: 'id', field: 'authorId' },
          { name: 'x', value: 1 },
        ],
      },
      ['input.arguments.1.name'],
    ],
    ['no such parent field', { ...one, arguments: [{ name: 'id', field: 'writer' }] }, ['input.arguments.0.field']],
    [
      'a parent field that is an object',
      { ...one, arguments: [{ name: 'id', field: 'publisher' }] },
      ['input.arguments.0.field'],
    ],
    [
      'a path that leads nowhere',
      { ...one, arguments: [{ name: 'id', field: 'publisher.name' }] },
      ['input.arguments.0.field'],
    ],
    [
      'text for a number',
      {
        ...one,
        arguments: [
          { name: 'id', field: 'authorId' },
          { name: 'times', field: 'authorCode' },
        ],
      },
      ['input.arguments.1.field'],
    ],
    ['an enum for a number', { ...one, arguments: [{ name: 'id', field: 'lang' }] }, ['input.arguments.0.field']],
    ['a list for one', { ...one, arguments: [{ name: 'id', field: 'coauthorIds' }] }, ['input.arguments.0.field']],
    [
      'a list for one key of many',
      { field: 'x', operation: 'listAwards', arguments: [{ name: 'personIds', field: 'coauthorIds' }] },
      ['input.arguments'],
    ],
    [
      'a constant of another type',
      { ...one, arguments: [{ name: 'id', value: 'seven' }] },
      ['input.arguments.0.value'],
    ],
    ['a required argument missing', { ...one, arguments: [] }, ['input.arguments']],
    [
      'a required part of a body missing',
      { field: 'x', operation: 'searchPeople', arguments: [{ name: 'input.locale', value: 'de' }] },
      ['input.arguments'],
    ],
    [
      'an argument twice',
      {
        ...one,
        arguments: [
          { name: 'id', value: 1 },
          { name: 'id', value: 2 },
        ],
      },
      ['input.arguments.1.name'],
    ],
    [
      'an argument and a part of it',
      {
        field: 'x',
        operation: 'searchPeople',
        arguments: [
          { name: 'input', value: { ids: [1] } },
          { name: 'input.locale', value: 'de' },
        ],
      },
      ['input.arguments.1.name'],
    ],
    [
      'an argument from two places',
      { ...one, arguments: [{ name: 'id', value: 1, field: 'authorId' }] },
      ['input.arguments.0', 'input.arguments'],
    ],
    ['an argument from nowhere', { ...one, arguments: [{ name: 'id' }] }, ['input.arguments.0', 'input.arguments']],
    [
      'an own argument of two types',
      {
        ...one,
        arguments: [
          { name: 'id', argument: 'a' },
          { name: 'greeting', argument: 'a' },
        ],
      },
      ['input.arguments.1.argument'],
    ],
    ['a path that is not in the answer', { ...author, select: 'address.city' }, ['input.select']],
    [
      'many at once',
      { type: 'Book', field: 'title', operation: 'getPerson', arguments: [{ name: 'nix', value: 1 }], select: 'x' },
      ['input.field', 'input.arguments', 'input.arguments.0.name', 'input.select'],
    ],
  ])('%s', async (_what, input, expected) => {
    const before = await graphVersion();
    expect(await places(input)).toEqual(expected);
    expect(await graphVersion()).toBe(before);
    expect((await library.weir.admin('{ source(name: "books") { links { id } } }')).data.source.links).toEqual([]);
  });

  test('a field that another link has, under either name of the type', async () => {
    await library.link(author);
    expect(await places(author)).toEqual(['input.field']);
    expect(await places({ ...author, type: 'BooksBook' })).toEqual(['input.field']);
  });

  test('links that need each other in a circle, or themselves', async () => {
    await library.link({ ...author, field: 'authorName', select: 'id' });
    const needs = (field: string) => [{ name: 'ids', field }];
    expect(await places({ ...author, field: 'second', arguments: needs('authorName') })).toEqual([
      'input.arguments.0.field',
    ]);
    expect(await places({ ...author, field: 'self', arguments: needs('self') })).toEqual(['input.arguments.0.field']);
  });

  test('a revision whose links do not fit, or clash with each other', async () => {
    const given = [
      { type: 'Book', target: 'people', ...author },
      { type: 'BooksBook', target: 'people', ...author },
      { type: 'Book', target: 'gone', ...author, field: 'other' },
    ];
    const { errors } = await library.weir.admin(
      'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { name } }',
      {
        input: {
          name: 'books',
          rest: { document: booksDocument, endpoints: [{ url: library.books.url }] },
          links: given,
        },
      },
    );
    const problems = errors[0]?.extensions.problems as { path: string }[];
    expect(problems.map(({ path }) => path)).toEqual(['input.links.1.field', 'input.links.2.target']);
  });
});

describe('a bulk form that does not match its operation is refused with the place', () => {
  const declared = async (operation: Record<string, unknown>): Promise<readonly string[]> => {
    const { errors } = await library.weir.admin(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }',
      {
        input: {
          name: 'more',
          rest: { document: peopleDocument, endpoints: [{ url: library.people.url }], operations: [operation] },
        },
      },
    );
    expect(errors[0]?.extensions.code).toBe('INVALID_DEFINITION');
    return ((errors[0]?.extensions.problems ?? []) as { path: string }[]).map(({ path }) =>
      path.replace('input.rest.operations.0.batch.', ''),
    );
  };
  const people = (batch: Record<string, unknown>) => declared({ operation: 'listPeople', batch });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['no such argument', { argument: 'keys', matchBy: 'id' }, ['argument']],
    ['no such field of the items', { argument: 'ids', matchBy: 'code' }, ['matchBy']],
    ['no way to match', { argument: 'ids' }, ['matchBy']],
    ['two ways to match', { argument: 'ids', matchBy: 'id', position: true }, ['matchBy']],
    ['items that are not there', { argument: 'ids', matchBy: 'id', items: 'items' }, ['items']],
    ['a map that is a list', { argument: 'ids', map: true }, ['items']],
    ['a body where there is none', { argument: 'ids', matchBy: 'id', form: 'JSON_BODY' }, ['form']],
    ['nobody in a call', { argument: 'ids', matchBy: 'id', max: 0 }, ['max']],
  ])('%s', async (_what, batch, expected) => {
    expect(await people(batch)).toEqual(expected);
  });

  test('a single argument, a write, and a body that is sent as a query', async () => {
    expect(await declared({ operation: 'getPerson', batch: { argument: 'id', matchBy: 'id' } })).toEqual([
      'argument',
      'items',
    ]);
    expect(
      await declared({ operation: 'searchPeople', batch: { argument: 'input.ids', items: 'items', matchBy: 'id' } }),
    ).toEqual(['argument']);
    expect(
      await declared({
        operation: 'searchPeople',
        as: 'QUERY',
        batch: { argument: 'input.ids', form: 'COMMA', items: 'items', matchBy: 'id' },
      }),
    ).toEqual(['form']);
  });
});
