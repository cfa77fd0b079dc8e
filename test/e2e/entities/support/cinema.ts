import type { GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { startApollo, startYoga, type UpstreamServer } from '../../../sources/graphql/support/servers.ts';
import { type CountingServer, startCountingServer } from '../../../support/counting-server.ts';
import { getting, openapi } from '../../../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { type CountedService, counted } from './library.ts';

/** Films that there are: 1 to 1000. Of 13, 26 … the box office knows nothing; 7, 14 … nobody has rated. */
export const FILMS = 1000;
const exists = (id: string): boolean => /^[1-9]\d*$/.test(id) && Number(id) <= FILMS;
export const titleOf = (id: string): string => `Film ${id}`;
export const grossOf = (id: string): number | null => (Number(id) % 13 === 0 ? null : Number(id) * 1000);
export const starsOf = (id: string, scale = 5): number | null =>
  Number(id) % 7 === 0 ? null : (scale * (Number(id) % 5)) / 5;

interface Ref {
  readonly __typename: 'Film' | 'Person';
  readonly id: string | null;
}
const film = (id: string | null): Ref => ({ __typename: 'Film', id });
const person = (id: string): Ref => ({ __typename: 'Person', id });

/** Apollo Server: knows the films, one by one, and who made them. */
export function catalogue(): GraphQLSchema {
  return createSchema({
    typeDefs: /* GraphQL */ `
      type Query {
        film(id: ID!): Film
        films(ids: [ID!]!): [Film]!
        newest(first: Int): [Film!]!
        hits: [Hit]
        titled: [Titled]
        person(id: ID!): Person
      }
      type Mutation { rename(id: ID!, title: String!): Film }
      interface Titled { title: String! }
      union Hit = Film | Person | Song
      type Film implements Titled { id: ID! title: String! year: Int director: Person sequels: [Film!]! }
      type Person { id: ID! name: String! films: [Film!]! }
      type Song implements Titled { title: String! from: Film }
    `,
    resolvers: {
      Query: {
        film: (_root: unknown, { id }: { id: string }) => (exists(id) ? film(id) : null),
        films: (_root: unknown, { ids }: { ids: string[] }) => ids.map((id) => (exists(id) ? film(id) : null)),
        newest: (_root: unknown, { first = 3 }: { first?: number }) =>
          Array.from({ length: first }, (_, index) => film(String(index + 1))),
        hits: () => [film('1'), person('p1'), { __typename: 'Song', title: 'As Time Goes By', from: film('2') }],
        titled: () => [film('3'), { __typename: 'Song', title: 'Moon River', from: film('4') }],
        person: (_root: unknown, { id }: { id: string }) => person(id),
      },
      Mutation: { rename: (_root: unknown, args: { id: string; title: string }) => ({ ...film(args.id), ...args }) },
      Film: {
        title: ({ id, title }: { id: string; title?: string }) => title ?? titleOf(id),
        year: ({ id }: Ref) => 1900 + (Number(id) % 100),
        director: ({ id }: Ref) => person(`p${Number(id) % 3}`),
        sequels: ({ id }: Ref) => (Number(id) % 2 === 0 ? [] : [film(String(Number(id) + 1))]),
      },
      Person: {
        name: ({ id }: Ref) => `Person ${id}`,
        films: () => [film('1'), film('2')],
      },
    },
  });
}

/** Yoga: what people think of films, many at once. */
function opinions(): GraphQLSchema {
  return createSchema({
    typeDefs: /* GraphQL */ `
      type Query {
        filmsBy(ids: [ID!]!): [Film]
        worth(id: ID!, gross: Float!): Film
        top(first: Int): [Film]
        weeks: [[Film]]
        odd: [Film]
        rated: [Rated]
        feed: [Post]
      }
      type Mutation { rate(id: ID!, stars: Float!): Film post(text: String!): Post }
      interface Rated { id: ID stars(scale: Int = 5): Float }
      type Film implements Rated { id: ID stars(scale: Int = 5): Float fans: [Person] worth: String }
      type Person { id: ID! likes: [Film] }
      type Post implements Rated { id: ID stars(scale: Int = 5): Float text: String about: [Film] }
    `,
    resolvers: {
      Query: {
        filmsBy: (_root: unknown, { ids }: { ids: string[] }) => ids.filter(exists).toReversed().map(film),
        worth: (_root: unknown, { id, gross }: { id: string; gross: number }) => ({ ...film(id), gross }),
        top: (_root: unknown, { first = 3 }: { first?: number }) =>
          Array.from({ length: first }, (_, index) => film(String(index + 1))),
        weeks: () => [[film('1'), film('2')], null, [], [film('2'), null, film('2000')]],
        odd: () => [film('1'), null, film('1'), film(null), film('1'), film('999999')],
        rated: () => [film('5'), { __typename: 'Post', id: 'x', text: 'Yes.', about: [film('6')] }],
        feed: () => [{ __typename: 'Post', id: 'y', text: 'No.', about: [film('1'), film('8')] }],
      },
      Mutation: {
        rate: (_root: unknown, { id }: { id: string }) => film(id),
        post: (_root: unknown, { text }: { text: string }) => ({ id: 'z', text, about: [film('9')] }),
      },
      Film: {
        stars: ({ id }: { id: string }, { scale }: { scale: number }) => starsOf(id, scale),
        fans: ({ id }: Ref) => [person(`p${Number(id) % 3}`)],
        worth: ({ gross }: { gross?: number }) => (gross === undefined ? null : gross > 3000 ? 'much' : 'little'),
      },
      Person: { likes: () => [film('3')] },
      Post: { stars: () => 1 },
    },
  });
}

const string = { type: 'string' };
const filmSchema = { $ref: '#/components/schemas/Film' };
const list = (items: object) => ({ type: 'array', items });
const CHARTS = openapi(
  {
    '/films': getting('listFilms', list(filmSchema), {
      parameters: [
        { name: 'ids', in: 'query', schema: list(string) },
        { name: 'limit', in: 'query', schema: { type: 'integer' } },
      ],
    }),
    '/weeks': getting('listWeeks', list({ $ref: '#/components/schemas/Week' })),
    '/films/{id}/tickets': {
      post: {
        operationId: 'buyTicket',
        parameters: [{ name: 'id', in: 'path', required: true, schema: string }],
        responses: { 200: { description: 'ok', content: { 'application/json': { schema: filmSchema } } } },
      },
    },
  },
  {
    components: {
      schemas: {
        Film: { type: 'object', properties: { id: string, gross: { type: 'number' }, screens: list(string) } },
        Week: {
          type: 'object',
          properties: { number: { type: 'integer' }, entries: list({ $ref: '#/components/schemas/Entry' }) },
        },
        Entry: { type: 'object', properties: { rank: { type: 'integer' }, film: filmSchema } },
      },
    },
  },
);

const charted = (id: string) => ({ id, gross: grossOf(id), screens: [`Odeon ${id}`] });

export interface Cinema {
  readonly gateway: TestGateway;
  readonly catalogue: CountedService;
  readonly opinions: CountedService;
  readonly charts: CountingServer;
  /** While true the charts answer 503. */
  chartsDown: boolean;
  /** Empties what was counted. */
  forget(): void;
  close(): Promise<void>;
}

/** A REST API, an Apollo Server and a Yoga that share films; published. */
export async function startCinema(
  settings: { readonly opinions?: object; readonly charts?: object } = {},
): Promise<Cinema> {
  const state = { down: false };
  const [gateway, apollo, yoga, charts] = await Promise.all([
    // A fetch counts for each object that it is made for.
    startTestGateway({ documentCostLimit: 50_000 }),
    counted((): Promise<UpstreamServer> => startApollo(catalogue())),
    counted((): Promise<UpstreamServer> => startYoga(opinions())),
    startCountingServer(({ path, query, method }) => {
      if (state.down) return 503;
      if (path === '/weeks') {
        return [
          {
            number: 1,
            entries: [
              { rank: 1, film: charted('1') },
              { rank: 2, film: charted('3') },
            ],
          },
          { number: 2, entries: [] },
          { number: 3, entries: [{ rank: 1, film: charted('1') }] },
        ];
      }
      if (method === 'POST') return charted(path.split('/')[2] ?? '');
      const ids = query.getAll('ids');
      if (ids.length > 0) return ids.filter((id) => exists(id) && grossOf(id) !== null).map(charted);
      return Array.from({ length: Number(query.get('limit') ?? 3) }, (_, index) => charted(String(index + 1)));
    }),
  ]);
  const by = (name: string) => [{ name, field: 'id' }];
  await gateway.publish({
    name: 'catalogue',
    visibility: 'PUBLIC',
    graphql: {
      url: apollo.url,
      entities: [
        {
          type: 'Film',
          key: ['id'],
          operation: 'films',
          arguments: by('ids'),
          batch: { argument: 'ids', position: true },
        },
      ],
    },
  });
  const join = async (input: Record<string, unknown>): Promise<void> => {
    const register = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
    const publish = 'mutation ($name: ID!) { publishSource(name: $name, acceptBreaking: true) { name } }';
    for (const [text, variables] of [
      [register, { input }],
      [publish, { name: input.name }],
    ] as const) {
      const { errors } = await gateway.admin(text, variables);
      if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
    }
  };
  await join({
    name: 'charts',
    visibility: 'PUBLIC',
    ...settings.charts,
    rest: {
      document: JSON.stringify(CHARTS),
      endpoints: [{ url: charts.url }],
      operations: [{ operation: 'listFilms', batch: { argument: 'ids', matchBy: 'id', max: 400 } }],
      entities: [{ type: 'Film', key: ['id'], operation: 'listFilms', arguments: by('ids') }],
    },
  });
  await join({
    name: 'opinions',
    visibility: 'PUBLIC',
    ...settings.opinions,
    graphql: {
      url: yoga.url,
      entities: [
        { type: 'Film', key: ['id'], operation: 'filmsBy', arguments: by('ids'), batch: { argument: 'ids', max: 300 } },
        {
          type: 'Film',
          key: ['id'],
          operation: 'worth',
          arguments: [...by('id'), { name: 'gross', field: 'gross' }],
          fields: ['worth'],
        },
      ],
    },
  });
  return {
    gateway,
    catalogue: apollo,
    opinions: yoga,
    charts,
    get chartsDown() {
      return state.down;
    },
    set chartsDown(value) {
      state.down = value;
    },
    forget() {
      for (const upstream of [apollo, yoga, charts]) upstream.take();
    },
    async close() {
      await gateway.close();
      await Promise.all([apollo.close(), yoga.close(), charts.close()]);
    },
  };
}
