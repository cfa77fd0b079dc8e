import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const REGISTER = `mutation ($input: RegisterSourceInput!) {
  registerSource(input: $input) { revisions { warnings { kind path message } } }
}`;
const PUBLISH = 'mutation ($name: ID!) { publishSource(name: $name, acceptBreaking: true) { name } }';

type Values = Readonly<Record<string, unknown>>;
type Resolvers = Readonly<Record<string, Readonly<Record<string, (parent: never, args: never) => unknown>>>>;

/** Each against two or more servers made with @apollo/subgraph. */
describe('directives of subgraphs', () => {
  const closing: (() => Promise<void>)[] = [];
  let sent: string[] = [];
  let gateway: TestGateway;

  beforeEach(async () => {
    sent = [];
    gateway = await startTestGateway();
  });

  afterEach(async () => {
    for (const close of [() => gateway.close(), ...closing.splice(0)]) await close();
  });

  const serve = async (name: string, sdl: string, resolvers: Resolvers): Promise<string> => {
    const server = new ApolloServer({
      schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers } as never]),
      plugins: [ApolloServerPluginInlineTraceDisabled()],
    });
    const { url } = await startStandaloneServer(server, {
      listen: { port: 0, host: '127.0.0.1' },
      context: async ({ req }) => {
        const { query } = (req as unknown as { body: { query: string } }).body;
        if (query.includes('f0:')) sent.push(`${name}: ${query}`);
        return {};
      },
    });
    closing.push(() => server.stop());
    return url.replace('localhost', '127.0.0.1');
  };

  /** Registers one by its URL and publishes it; what was warned of. */
  const add = async (name: string, sdl: string, resolvers: Resolvers): Promise<readonly Values[]> => {
    const url = await serve(name, sdl, resolvers);
    const { data, errors } = await gateway.admin(REGISTER, { input: { name, visibility: 'PUBLIC', graphql: { url } } });
    expect(errors).toEqual([]);
    const published = await gateway.admin(PUBLISH, { name });
    expect(published.errors).toEqual([]);
    return data.registerSource.revisions[0].warnings;
  };
  const query = async (text: string): Promise<unknown> => {
    const { data, errors } = await gateway.query(text);
    expect(errors).toEqual([]);
    return data;
  };
  const link = (names: string, more = '') =>
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ${more} import: [${names}])`;

  describe('@override', () => {
    const SHOP = `${link('"@key"')}
      interface Priced { price: Int }
      type Book implements Priced @key(fields: "id") { id: ID! price: Int title: String }
      type Query { book: Book priced: Priced }`;
    const shop: Resolvers = {
      Priced: { __resolveType: () => 'Book' },
      Query: { book: () => ({ id: '1', price: 1, title: 'A' }), priced: () => ({ id: '1', price: 1 }) },
      Book: { __resolveReference: ({ id }: Values) => ({ id, price: 1, title: 'A' }) },
    };
    const prices = (from: string, more = '') => `${link('"@key", "@override"')}
      type Book @key(fields: "id") { id: ID! price: Int @override(from: "${from}"${more}) }
      type Query { priced: Book }`;
    const pricing: Resolvers = {
      Query: { priced: () => ({ id: '2', price: 20 }) },
      Book: { __resolveReference: ({ id }: Values) => ({ id, price: Number(id) * 10 }) },
    };

    test('takes a field over: the other subgraph is not asked for it any more', async () => {
      await add('the_shop', SHOP, shop);
      expect(await query('{ the_shop { book { price } } }')).toEqual({ the_shop: { book: { price: 1 } } });
      expect(await add('prices', prices('the-shop'), pricing)).toEqual([]);
      const checked = await gateway.admin('mutation { checkSource(name: "prices") { warnings { kind } } }');
      expect(checked.data.checkSource.warnings).toEqual([]);
      sent = [];
      expect(await query('{ the_shop { book { title price } } }')).toEqual({
        the_shop: { book: { title: 'A', price: 10 } },
      });
      expect(sent.map((text) => text.replace(/weirLink_\w+:/, ''))).toEqual([
        'the_shop: query{f0:book {title id}}',
        expect.stringMatching(/^prices: .*_entities.*price/),
      ]);
      expect(await query('{ the_shop { priced { price } } prices { priced { price title } } }')).toEqual({
        the_shop: { priced: { price: 10 } },
        prices: { priced: { price: 20, title: 'A' } },
      });
    });

    test('ends when its subgraph goes, and lasts over a restart until then', async () => {
      await add('shop', SHOP, shop);
      await add('prices', prices('shop'), pricing);
      gateway = await gateway.restart();
      expect(await query('{ shop { book { price } } }')).toEqual({ shop: { book: { price: 10 } } });
      const { errors } = await gateway.admin(
        'mutation { deprecateSource(name: "prices", reason: "gone") { name } retireSource(name: "prices") { name } }',
      );
      expect(errors).toEqual([]);
      expect(await query('{ shop { book { price } } }')).toEqual({ shop: { book: { price: 1 } } });
    });

    test('of a source that is not there takes nothing from anybody', async () => {
      await add('shop', SHOP, shop);
      expect(await add('prices', prices('nobody'), pricing)).toEqual([]);
      const checked = await gateway.admin(
        'mutation { checkSource(name: "prices") { ok warnings { kind path message } } }',
      );
      expect(checked.data.checkSource).toEqual({
        ok: true,
        warnings: [
          {
            kind: 'OVERRIDE_WITHOUT_EFFECT',
            path: 'Book.price',
            message: expect.stringContaining('no source "nobody"'),
          },
        ],
      });
      expect(await query('{ shop { book { price } } }')).toEqual({ shop: { book: { price: 1 } } });
    });

    test('with a label is warned of, and not heard', async () => {
      await add('shop', SHOP, shop);
      expect(await add('prices', prices('shop', ', label: "percent(50)"'), pricing)).toEqual([
        { kind: 'FEDERATION_NOT_HEARD', path: 'Book.price', message: expect.stringContaining('percent(50)') },
      ]);
      expect(await query('{ shop { book { price } } }')).toEqual({ shop: { book: { price: 1 } } });
    });

    test('of each other, or of itself, is refused with both places', async () => {
      const conflicts = async (name: string, from: string): Promise<unknown> => {
        const url = await serve(name, prices(from), pricing);
        await gateway.admin(REGISTER, { input: { name, visibility: 'PUBLIC', graphql: { url } } });
        const checked = await gateway.admin(
          `mutation { checkSource(name: "${name}") { ok conflicts { path message } } }`,
        );
        return checked.data.checkSource;
      };
      await add('shop', SHOP, shop);
      expect(await conflicts('selfish', 'selfish')).toEqual({
        ok: false,
        conflicts: [{ path: 'Book.price', message: expect.stringContaining('selfish names itself') }],
      });
      await add('one', prices('two'), pricing);
      expect(await conflicts('two', 'one')).toMatchObject({
        ok: false,
        conflicts: [
          {
            message:
              'The field Book.price must have one source; source one overrides it from two, and source two from one.',
          },
          {
            message:
              'The field Book.price must have one source; source two overrides it from one, and source one from two.',
          },
        ],
      });
    });
  });

  test('renamed imports and another prefix work against servers that use them', async () => {
    const books = `extend schema @link(
        url: "https://specs.apollo.dev/federation/v2.9", as: "fed"
        import: [{ name: "@key", as: "@primaryKey" }, { name: "@shareable", as: "@both" }, { name: "@inaccessible", as: "@hidden" }]
      )
      type Book @primaryKey(fields: "id") { id: ID! title: String @both secret: Int @hidden }
      type Query { books: [Book!]! }`;
    const stock = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
      type Book @federation__key(fields: "id") { id: ID! title: String @federation__external stock: Int
        label: String @federation__requires(fields: "title") }`;
    const warned = await add('books', books, {
      Query: { books: () => [{ id: '1', title: 'A' }] },
      Book: { __resolveReference: ({ id }: Values) => ({ id, title: 'A' }) },
    });
    expect(warned).toEqual([]);
    await add('stock', stock, {
      Book: {
        __resolveReference: (book: Values) => book,
        stock: () => 3,
        label: ({ title }: Values) => `${title}!`,
      },
    });
    expect(await query('{ books { books { title stock label } } }')).toEqual({
      books: { books: [{ title: 'A', stock: 3, label: 'A!' }] },
    });
    const { data } = await gateway.query('{ __schema { types { name } directives { name } } }');
    const names = [...data.__schema.types, ...data.__schema.directives].map(({ name }: { name: string }) => name);
    expect(names.filter((name) => /^(?!__).*(?:_|primaryKey|both|FieldSet)/.test(name))).toEqual([]);
  });

  test('several keys, nested keys and references that are not resolvable lead where they say', async () => {
    await add(
      'people',
      `${link('"@key"')}
      type Person @key(fields: "id") @key(fields: "email org { id }") { id: ID! email: String! org: Org! name: String }
      type Org { id: ID! }
      type Query { people: [Person!]! }`,
      {
        Query: { people: () => ['1', '2'].map((id) => ({ id, email: `${id}@a`, org: { id: 'o' }, name: `P${id}` })) },
        Person: {
          __resolveReference: ({ id, email, org }: Values) => {
            const number = id ?? String(email).split('@')[0];
            if (id === undefined && (org as Values | undefined)?.id !== 'o') return null;
            return { id: number, email: `${number}@a`, org: { id: 'o' }, name: `P${number}` };
          },
        },
      },
    );
    await add(
      'badges',
      `${link('"@key"')}
      type Person @key(fields: "email org { id }") { email: String! org: Org! badge: String }
      type Org { id: ID! }
      type Query { badge: Person }`,
      {
        Query: { badge: () => ({ email: '2@a', org: { id: 'o' }, badge: 'gold' }) },
        Person: { __resolveReference: (person: Values) => ({ ...person, badge: `badge of ${person.email}` }) },
      },
    );
    await add(
      'posts',
      `${link('"@key"')}
      type Person @key(fields: "id", resolvable: false) { id: ID! }
      type Post @key(fields: "id") { id: ID! author: Person }
      type Query { post: Post }`,
      {
        Query: { post: () => ({ id: 'p', author: { id: '2' } }) },
        Post: { __resolveReference: ({ id }: Values) => ({ id }) },
      },
    );
    expect(await query('{ people { people { name badge } } badges { badge { badge id name } } }')).toEqual({
      people: {
        people: [
          { name: 'P1', badge: 'badge of 1@a' },
          { name: 'P2', badge: 'badge of 2@a' },
        ],
      },
      badges: { badge: { badge: 'gold', id: '2', name: 'P2' } },
    });
    expect(await query('{ posts { post { author { name badge } } } }')).toEqual({
      posts: { post: { author: { name: 'P2', badge: 'badge of 2@a' } } },
    });
  });

  test('@requires is given lists and nested values, @provides costs nothing, @shareable is given by either', async () => {
    await add(
      'shop',
      `${link('"@key", "@shareable"')}
      type Book @key(fields: "id") { id: ID! title: String @shareable tags: [String!] size: Size @shareable }
      type Size @shareable { width: Int height: Int }
      type Query { book: Book }`,
      {
        Query: { book: () => ({ id: '1', title: 'A', tags: ['x', 'y'], size: { width: 2, height: 3 } }) },
        Book: {
          __resolveReference: ({ id }: Values) => ({ id, title: 'A', tags: ['x', 'y'], size: { width: 2, height: 3 } }),
        },
      },
    );
    const warned = await add(
      'post',
      `${link('"@key", "@shareable", "@external", "@requires", "@provides", "@tag", "@composeDirective"')}
      type Book @key(fields: "id") {
        id: ID! @tag(name: "public")
        tags: [String!] @external
        size: Size @external
        title: String @external
        parcel: String @requires(fields: "tags size { width height }")
      }
      type Size @shareable { width: Int height: Int }
      type Query { next: Book @provides(fields: "title") }`,
      {
        Query: { next: () => ({ id: '9', title: 'B' }) },
        Book: {
          __resolveReference: (book: Values) => book,
          parcel: ({ tags, size }: { readonly tags: string[]; readonly size: { width: number; height: number } }) =>
            `${tags.join('+')} ${size.width}x${size.height}`,
        },
      },
    );
    expect(warned).toEqual([]);
    expect(await query('{ shop { book { title parcel } } post { next { title parcel } } }')).toEqual({
      shop: { book: { title: 'A', parcel: 'x+y 2x3' } },
      post: { next: { title: 'A', parcel: 'x+y 2x3' } },
    });
  });

  test('types that are shareable are one type', async () => {
    const sdl = (root: string) => `${link('"@key", "@shareable"')}
      type Book @key(fields: "id") { id: ID! size: Size @shareable ${root}: Int }
      type Size @shareable { width: Int unit: Unit }
      type Unit { name: String @shareable }
      type Query { book: Book }`;
    const of = (width: number): Resolvers => ({
      Query: { book: () => ({ id: '1', size: { width, unit: { name: 'cm' } } }) },
      Book: { __resolveReference: ({ id }: Values) => ({ id, size: { width, unit: { name: 'cm' } }, a: 5, b: 6 }) },
    });
    expect(await add('first', sdl('a'), of(1))).toEqual([]);
    expect(await add('second', sdl('b'), of(2))).toEqual([]);
    expect(
      await query(
        '{ first { book { b size { __typename width } } } second { book { a size { width unit { name } } } } }',
      ),
    ).toEqual({
      first: { book: { b: 6, size: { __typename: 'Size', width: 1 } } },
      second: { book: { a: 5, size: { width: 2, unit: { name: 'cm' } } } },
    });
  });

  test('@interfaceObject adds its fields to all that implement the interface elsewhere', async () => {
    const reviews = `${link('"@key", "@interfaceObject"')}
      type Media @key(fields: "id") @interfaceObject { id: ID! reviews: [Review!]! }
      type Review { text: String about: Media }
      type Query { latest: Media }`;
    const warned = await add('reviews', reviews, {
      Query: { latest: () => ({ id: '2' }) },
      Media: {
        __resolveReference: ({ id }: Values) => ({ id }),
        reviews: ({ id }: Values) => [{ text: `of ${id}`, about: { id } }],
      },
    });
    expect(warned).toEqual([
      { kind: 'FEDERATION_NOT_HEARD', path: 'Media', message: expect.stringContaining('heard in part') },
    ]);
    await add(
      'media',
      `${link('"@key"')}
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
      type Query { media: [Media!]! book: Book }`,
      {
        Query: {
          book: () => ({ id: '3', title: 'C' }),
          media: () => [
            { __typename: 'Book', id: '1', title: 'A' },
            { __typename: 'Film', id: '2', title: 'B' },
          ],
        },
      },
    );
    sent = [];
    expect(
      await query(`{
        media {
          media { title ... on Book { reviews { text about { id } } } ... on Film { reviews { text } } }
          book { title reviews { text } }
        }
        reviews { latest { __typename id reviews { text } } }
      }`),
    ).toEqual({
      media: {
        media: [
          { title: 'A', reviews: [{ text: 'of 1', about: { id: '1' } }] },
          { title: 'B', reviews: [{ text: 'of 2' }] },
        ],
        book: { title: 'C', reviews: [{ text: 'of 3' }] },
      },
      reviews: { latest: { __typename: 'Media', id: '2', reviews: [{ text: 'of 2' }] } },
    });
    expect(sent.filter((text) => text.startsWith('media')).length).toBe(1);
    expect(await query('{ media { media { title reviews { text } } } }')).toEqual({
      media: {
        media: [
          { title: 'A', reviews: [{ text: 'of 1' }] },
          { title: 'B', reviews: [{ text: 'of 2' }] },
        ],
      },
    });
    await gateway.gateway.close();
    gateway = await startTestGateway({ documentCostLimit: 20 }, gateway.dataDir);
    const cost = async (selection: string) =>
      (await gateway.query(`{ media { media { ${selection} } } }`)).errors[0]?.extensions.found;
    expect(await cost('reviews { text }')).toBe(await cost('... on Book { reviews { text } }'));
    expect(await cost('reviews { text }')).toBeGreaterThan(20);
    await gateway.gateway.close();
    gateway = await startTestGateway({}, gateway.dataDir);
    const { data } = await gateway.query('{ __type(name: "Book") { interfaces { name } fields { name } } }');
    expect(data.__type).toEqual({
      interfaces: [{ name: 'MediaMedia' }],
      fields: [{ name: 'id' }, { name: 'title' }, { name: 'reviews' }],
    });
    await gateway.admin(
      'mutation { deprecateSource(name: "reviews", reason: "gone") { name } retireSource(name: "reviews") { name } }',
    );
    expect(await query('{ media { book { title } } __type(name: "Book") { fields { name } } }')).toMatchObject({
      __type: { fields: [{ name: 'id' }, { name: 'title' }] },
    });
  });

  test('@key on an interface: each implementation is an entity by it', async () => {
    const warned = await add(
      'media',
      `${link('"@key"')}
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
      type Query { media: [Media!]! }`,
      {
        Query: {
          media: () => [
            { __typename: 'Book', id: '1', title: 'A' },
            { __typename: 'Film', id: '2', title: 'B' },
          ],
        },
      },
    );
    expect(warned).toEqual([]);
    await add(
      'ratings',
      `${link('"@key"')}
      type Book @key(fields: "id") { id: ID! stars: Int }
      type Film @key(fields: "id") { id: ID! stars: Int }`,
      {
        Book: { __resolveReference: ({ id }: Values) => ({ id, stars: Number(id) }) },
        Film: { __resolveReference: ({ id }: Values) => ({ id, stars: Number(id) }) },
      },
    );
    expect(await query('{ media { media { title ... on Book { stars } ... on Film { stars } } } }')).toEqual({
      media: {
        media: [
          { title: 'A', stars: 1 },
          { title: 'B', stars: 2 },
        ],
      },
    });
  });
});
