import { type CountingServer, startCountingServer } from '../../support/counting-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answerPeople, type Book, booksDocument, peopleDocument } from './library.ts';

export const BULK_FORMS = [
  { operation: 'listPeople', batch: { argument: 'ids', form: 'REPEATED', matchBy: 'id' } },
  { operation: 'pagePeople', batch: { argument: 'ids', items: 'page.items', matchBy: 'id' } },
  { operation: 'textPeople', batch: { argument: 'ids', form: 'COMMA', matchBy: 'id' } },
  { operation: 'mapPeople', batch: { argument: 'ids', form: 'COMMA', map: true } },
  {
    operation: 'searchPeople',
    as: 'QUERY',
    batch: { argument: 'input.ids', form: 'JSON_BODY', items: 'items', matchBy: 'id' },
  },
  { operation: 'inOrder', batch: { argument: 'ids', position: true } },
  { operation: 'listAwards', batch: { argument: 'personIds', matchBy: 'personId', many: true } },
] as const;

export interface Library {
  readonly weir: TestGateway;
  readonly people: CountingServer;
  readonly books: CountingServer;
  /** What the books' upstream has, changed at will. */
  readonly shelf: Book[];
  readonly broken: Set<number>;
  /** Adds a link of Book, or of the source and type that it names; gives its id. */
  link(input: Record<string, unknown>): Promise<string>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface LibraryOptions {
  /** Keys in one bulk call. */
  readonly max?: number;
  /** Awaited by every request to the people. */
  readonly gate?: () => Promise<void>;
  readonly peopleVisibility?: string;
  readonly bookLinks?: readonly Record<string, unknown>[];
}

/** A gateway over two upstreams that count what they are asked. */
export async function startLibrary(options: LibraryOptions = {}): Promise<Library> {
  const shelf: Book[] = [];
  const broken = new Set<number>();
  const people = await startCountingServer(async (request) => {
    await options.gate?.();
    return answerPeople(request, broken);
  });
  const books = await startCountingServer(({ path }) => {
    if (path === '/books') return shelf;
    if (path === '/shelves') return [shelf.slice(0, 2), [], shelf.slice(2)];
    const id = Number(path.split('/').at(-1));
    return shelf.find((book) => book.id === id);
  });
  let weir = await startTestGateway();
  const policy = { retries: 0, attemptTimeoutMs: 10_000 };
  const max = options.max === undefined ? {} : { max: options.max };
  const operations = BULK_FORMS.map(({ batch, ...operation }) => ({ ...operation, batch: { ...batch, ...max } }));
  await weir.publish({
    name: 'people',
    visibility: options.peopleVisibility ?? 'PUBLIC',
    policy,
    rest: { document: peopleDocument, endpoints: [{ url: people.url }], operations },
  });
  await weir.publish({
    name: 'books',
    visibility: 'PUBLIC',
    policy,
    rest: { document: booksDocument, endpoints: [{ url: books.url }] },
    ...(options.bookLinks === undefined ? {} : { links: options.bookLinks }),
  });
  return {
    get weir() {
      return weir;
    },
    people,
    books,
    shelf,
    broken,
    async link(input) {
      const { data, errors } = await weir.admin('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', {
        input: { source: 'books', type: 'Book', target: 'people', ...input },
      });
      if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
      return data.addLink.id;
    },
    async restart() {
      weir = await weir.restart();
    },
    async close() {
      await weir.close();
      await Promise.all([people.close(), books.close()]);
    },
  };
}

/** `[id, authorId]` pairs as books. */
export function booksBy(authors: readonly (number | null)[]): readonly Book[] {
  return authors.map((authorId, index) => ({ id: index + 1, title: `T${index + 1}`, authorId }));
}
