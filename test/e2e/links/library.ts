import type { Arrived } from '../../support/counting-server.ts';

/** Two APIs to link: books with the ids of their writers, and people in every bulk form there is. */

type Schema = Record<string, unknown>;
const integer = { type: 'integer' };
const text = { type: 'string' };
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const answer = (schema: Schema): Schema => ({
  responses: { '200': { description: 'ok', content: { 'application/json': { schema } } } },
});
const query = (name: string, schema: Schema, more: Schema = {}): Schema => ({ name, in: 'query', schema, ...more });
const document = (paths: Schema, schemas: Record<string, Schema>): string =>
  JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths, components: { schemas } });

export const booksDocument = document(
  {
    '/books': { get: { operationId: 'listBooks', ...answer(list(ref('Book'))) } },
    '/shelves': { get: { operationId: 'listShelves', ...answer(list(list(ref('Book')))) } },
    '/books/{id}': {
      get: {
        operationId: 'getBook',
        parameters: [{ name: 'id', in: 'path', required: true, schema: integer }],
        ...answer(ref('Book')),
      },
    },
  },
  {
    Book: object({
      id: integer,
      title: text,
      authorId: { type: ['integer', 'null'] },
      authorCode: text,
      coauthorIds: list({ type: ['integer', 'null'] }),
      publisher: object({ id: integer }),
      lang: { type: 'string', enum: ['en', 'de'] },
    }),
  },
);

const ids = (name: string, more: Schema = {}): Schema => query(name, list(integer), more);

export const peopleDocument = document(
  {
    '/people': { get: { operationId: 'listPeople', parameters: [ids('ids')], ...answer(list(ref('Person'))) } },
    '/page': {
      get: {
        operationId: 'pagePeople',
        parameters: [ids('ids', { explode: false }), query('locale', text)],
        ...answer(object({ page: object({ items: list(ref('Person')) }) })),
      },
    },
    '/text': { get: { operationId: 'textPeople', parameters: [query('ids', text)], ...answer(list(ref('Person'))) } },
    '/map': {
      get: {
        operationId: 'mapPeople',
        parameters: [ids('ids')],
        ...answer({ type: 'object', additionalProperties: ref('Person') }),
      },
    },
    '/search': {
      post: {
        operationId: 'searchPeople',
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: { ...object({ ids: list(integer), locale: text }), required: ['ids'] } },
          },
        },
        ...answer(object({ items: list(ref('Person')) })),
      },
    },
    '/position': { get: { operationId: 'inOrder', parameters: [ids('ids')], ...answer(list(ref('Person'))) } },
    '/people/{id}': {
      get: {
        operationId: 'getPerson',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: integer },
          query('greeting', text),
          query('times', { type: 'integer', format: 'int32' }),
        ],
        ...answer(ref('Person')),
      },
      delete: {
        operationId: 'removePerson',
        parameters: [{ name: 'id', in: 'path', required: true, schema: integer }],
        responses: { '204': { description: 'gone' } },
      },
    },
    '/awards': {
      get: {
        operationId: 'listAwards',
        parameters: [ids('personIds')],
        ...answer(list(object({ personId: integer, name: text }))),
      },
    },
  },
  { Person: object({ id: integer, name: text, bestBookId: integer, greeting: text }) },
);

export interface Book {
  readonly id: number;
  readonly title: string;
  readonly authorId?: number | null;
  readonly coauthorIds?: readonly (number | null)[] | null;
}

export const person = (id: number): Record<string, unknown> => ({ id, name: `P${id}`, bestBookId: 100 + id });

/** People 1 to 500 exist; `broken` keys make the upstream fail. */
export function answerPeople(request: Arrived, broken: ReadonlySet<number> = new Set()): unknown {
  const { path, query: search, body } = request;
  const one = /^\/people\/(\d+)$/.exec(path)?.[1];
  if (one !== undefined) {
    const id = Number(one);
    if (broken.has(id)) return 500;
    return exists(id) ? { ...person(id), greeting: search.get('greeting') ?? 'none' } : undefined;
  }
  const asked = keysOf(path, search, body);
  if (asked.some((id) => broken.has(id))) return 500;
  const found = asked.filter(exists).map(person);
  switch (path) {
    case '/people':
    case '/text':
      return found.reverse();
    case '/page':
      return { page: { items: found } };
    case '/search':
      return { items: found };
    case '/map':
      return Object.fromEntries(asked.filter(exists).map((id) => [String(id), person(id)]));
    case '/position':
      return asked.map((id) => (exists(id) ? person(id) : null));
    case '/awards':
      return asked.flatMap((id) => (id % 2 === 0 ? [] : [`A${id}`, `B${id}`].map((name) => ({ personId: id, name }))));
    default:
      return undefined;
  }
}

const exists = (id: number): boolean => id >= 1 && id <= 500;

function keysOf(path: string, search: URLSearchParams, body: { ids?: number[] } | undefined): number[] {
  if (path === '/search') return body?.ids ?? [];
  const name = path === '/awards' ? 'personIds' : 'ids';
  return search.getAll(name).flatMap((text) => (text === '' ? [] : text.split(',').map(Number)));
}
