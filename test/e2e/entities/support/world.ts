import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { canonicalJson } from '../../../../src/cache/index.ts';

/** An object of the world: all that is to be known of it follows from its type and id. */
export interface Thing {
  readonly __typename: string;
  readonly id: string;
}

const POPULATION = 12;

/** What the whole world knows, in one schema; the three sources below are parts of it. */
export const WORLD_SDL = /* GraphQL */ `
  type Query {
    listBooks(ids: [String!]): [Book]
    getBook(bookId: String!): Book
    latest(first: Int): [Review]
    review(id: ID!): Review
    reviewed: [Rated]
    reviewBooks(ids: [ID!]!): [Book]
    reviewAuthors(ids: [ID!]!): [Author]
    authors: [Author]
    author(id: ID!): Author
    summary(id: ID!): Book
    blurb(id: ID!, title: String!): Book
    things(like: String): [Found]
  }
  interface Rated { id: ID! rating(scale: Int = 5): Float }
  interface Named { name: String }
  union Found = Book | Author | Prize
  type Book implements Rated {
    id: ID!
    title: String
    pages: Int
    author: Author
    rating(scale: Int = 5): Float
    reviews(first: Int = 2): [Review!]
    summary(length: Int): String
    sequel: Book
    blurb: String
  }
  type Review implements Rated { id: ID! rating(scale: Int = 5): Float text: String! book: Book by: Author! }
  type Author implements Named {
    id: ID!
    name: String
    born: Int
    favourite: Book
    shelf(first: Int = 3): [Book]
    reviews: [Review]
    prizes: [Prize!]
  }
  type Prize implements Named { id: ID! name: String year: Int winner: Author }
`;

/** A GraphQL service that knows reviews, many books and authors at once. */
export const REVIEWS_SDL = /* GraphQL */ `
  type Query {
    latest(first: Int): [Review]
    review(id: ID!): Review
    reviewed: [Rated]
    reviewBooks(ids: [ID!]!): [Book]
    reviewAuthors(ids: [ID!]!): [Author]
  }
  interface Rated { id: ID! rating(scale: Int = 5): Float }
  type Book implements Rated { id: ID! rating(scale: Int = 5): Float reviews(first: Int = 2): [Review!] sequel: Book }
  type Review implements Rated { id: ID! rating(scale: Int = 5): Float text: String! book: Book by: Author! }
  type Author { id: ID! reviews: [Review] favourite: Book }
`;

/** A GraphQL service that knows authors one by one, sums books up, and advertises them by their title. */
export const PEOPLE_SDL = /* GraphQL */ `
  type Query {
    authors: [Author]
    author(id: ID!): Author
    summary(id: ID!): Book
    blurb(id: ID!, title: String!): Book
    things(like: String): [Found]
  }
  interface Named { name: String }
  union Found = Book | Author | Prize
  type Book { id: ID! summary(length: Int): String sequel: Book blurb: String }
  type Author implements Named {
    id: ID!
    name: String
    born: Int
    favourite: Book
    shelf(first: Int = 3): [Book]
    prizes: [Prize!]
  }
  type Prize implements Named { id: ID! name: String year: Int winner: Author }
`;

const BATCHED = new Set(['reviewBooks', 'reviewAuthors']);
const LOOKUPS = new Set(['getBook', 'review', 'author', 'summary', 'blurb']);

/** A schema that answers of the world what it has of it. */
export function worldly(sdl: string): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) type.resolveType = (value: Thing) => value.__typename;
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = resolver(schema, type.name, field.name, field.type);
    }
  }
  return schema;
}

function resolver(
  schema: GraphQLSchema,
  type: string,
  field: string,
  output: GraphQLOutputType,
): GraphQLFieldResolver<Thing & { readonly title?: string }, unknown> {
  const hasTitles = schema.getQueryType()?.getFields().listBooks !== undefined;
  return (parent, args) => {
    if (field === 'listBooks') {
      const ids: readonly string[] = args.ids ?? [];
      return ids.length === 0 ? things('Book') : ids.flatMap((id) => known({ __typename: 'Book', id }) ?? []);
    }
    if (type === 'Query' && BATCHED.has(field)) {
      const of = field === 'reviewAuthors' ? 'Author' : 'Book';
      return args.ids.map((id: string) => known({ __typename: of, id }));
    }
    if (type === 'Query' && LOOKUPS.has(field)) {
      const of = field === 'author' ? 'Author' : field === 'review' ? 'Review' : 'Book';
      return known({ __typename: of, id: args.id ?? args.bookId, ...(args.title ? { title: args.title } : {}) });
    }
    if (field === 'id') return parent.id;
    if (type !== 'Query' && known(parent) === null) return null;
    if (type === 'Book' && field === 'author') {
      const author = bookValue(parent.id, 'author') as { readonly id: string } | null;
      return author && { __typename: 'Author', ...author };
    }
    if (type === 'Book' && field === 'blurb') {
      // The whole world knows the title by itself; a source that does not must have been told.
      const title = hasTitles ? bookValue(parent.id, 'title') : parent.title;
      return title == null ? null : `Read ${title}!`;
    }
    const seed = hash(`${type === 'Query' ? 'root' : `${type} ${parent.id}`} ${field} ${canonicalJson(args)}`);
    return valueFor(schema, output, seed);
  };
}

export function bookValue(id: string, field: 'title' | 'pages' | 'author'): unknown {
  const seed = hash(`Book ${id} ${field} {}`);
  if (seed % 9 === 0) return null;
  if (field === 'title') return `String ${seed}`;
  return field === 'pages' ? (seed % 2_000_000) - 1_000_000 : { id: String(seed % (POPULATION + 2)) };
}

export const bookIds: readonly string[] = Array.from({ length: POPULATION }, (_, id) => String(id));

const things = (type: string): readonly Thing[] => bookIds.map((id) => ({ __typename: type, id }));

/** Ids beyond the population are referred to, and nobody knows them. */
function known<T extends Thing>(thing: T): T | null {
  return ['Book', 'Author'].includes(thing.__typename) && !bookIds.includes(thing.id) ? null : thing;
}

function valueFor(schema: GraphQLSchema, type: GraphQLOutputType, seed: number): unknown {
  if (isNonNullType(type)) return present(schema, type.ofType, seed);
  return seed % 9 === 0 ? null : present(schema, type, seed);
}

function present(schema: GraphQLSchema, type: GraphQLOutputType, seed: number): unknown {
  if (isNonNullType(type)) return present(schema, type.ofType, seed);
  if (isListType(type)) {
    return Array.from({ length: seed % 4 }, (_, index) => valueFor(schema, type.ofType, hash(`${seed} ${index}`)));
  }
  if (isScalarType(type)) return scalar(type.name, seed);
  const possible = isAbstractType(type)
    ? schema.getPossibleTypes(type).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    : [type];
  const name = possible[seed % possible.length]?.name ?? '';
  return { __typename: name, id: String(seed % (name === 'Review' ? 1000 : POPULATION)) } satisfies Thing;
}

function scalar(name: string, seed: number): unknown {
  if (name === 'Int') return (seed % 2_000_000) - 1_000_000;
  return name === 'Float' ? (seed % 1000) / 8 : `${name} ${seed}`;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
