import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  type GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  GraphQLObjectType as ObjectType,
  printSchema,
  validateSchema,
} from 'graphql';
import { WeirError } from '../../../src/errors/index.ts';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, fieldMark, type Graph, type GraphMember } from '../../../src/schema/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ADMIN_SDL, fakeMember, PETSTORE_SDL, WEATHER_SDL } from './fake-member.ts';

const petstore = fakeMember({ name: 'petstore', sdl: PETSTORE_SDL });
const weather = fakeMember({ name: 'weather', sdl: WEATHER_SDL });
const flat = (name: string, sdl: string) => fakeMember({ name, namespace: '', sdl });

function graphWith(admin = true): Promise<Graph> {
  return createGraph({
    admin: admin ? { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] } : undefined,
    resolvers: createGraphResolvers(),
    clock: new FakeClock(),
  });
}

async function problemsOf(members: readonly GraphMember[]): Promise<readonly { path: string; message: string }[]> {
  const graph = await graphWith();
  const before = graph.current;
  try {
    await graph.compose(members);
  } catch (error: unknown) {
    if (!(error instanceof WeirError)) throw error;
    expect(error.code).toBe('COMPOSITION_FAILED');
    expect(graph.current).toBe(before);
    return error.details.problems ?? [];
  }
  throw new Error('It composed.');
}

describe('what a graph is made of', () => {
  test('a namespaced source is one field of each root, its types as they are', async () => {
    const version = await (await graphWith()).compose([petstore, weather]);
    expect(version.sdl).toContain(
      'type Query {\n  """The pet shop."""\n  petstore: PetstoreQuery\n  weather: WeatherQuery\n}',
    );
    expect(version.sdl).toContain('type Mutation {\n  petstore: PetstoreMutation\n}');
    expect(version.sdl).toContain('  old: String @deprecated(reason: "Use pet.")');
  });

  test('a flat source stands in the root itself', async () => {
    const translate = flat('translate', 'type Query { translate(text: String!): String }');
    const version = await (await graphWith()).compose([translate, weather]);
    expect(version.sdl).toBe(
      'type Query {\n  translate(text: String!): String\n  weather: WeatherQuery\n}\n\n' +
        'type WeatherQuery {\n  today(city: String): WeatherDay\n  days: [WeatherDay]\n}\n\n' +
        'type WeatherDay {\n  high: Float\n  low: Float\n}',
    );
  });

  test('the text is the same in whatever order the members come, and says all there is', async () => {
    const graph = await graphWith();
    const one = await graph.compose([petstore, weather]);
    const other = await graph.compose([weather, petstore]);
    expect(other.sdl).toBe(one.sdl);
    expect(printSchema(buildSchema(one.sdl))).toBe(one.sdl);
  });

  test('what it takes for valid is valid', async () => {
    const version = await (await graphWith()).compose([petstore, weather, flat('f', 'type Query { a: Int }')]);
    for (const schema of [
      version.schema,
      version.view({ admin: true, maySee: () => true }).schema,
      version.view({ admin: false, maySee: () => false }).schema,
    ]) {
      expect(validateSchema(new GraphQLSchema({ ...schema.toConfig(), assumeValid: false }))).toEqual([]);
    }
  });

  test('no member: it composes, its text is empty', async () => {
    const graph = await graphWith();
    expect((await graph.compose([])).sdl).toBe('');
    expect(graph.current.number).toBe(0);
  });

  test('a source with mutations only has no field in Query', async () => {
    const Mutation = new ObjectType({ name: 'LogMutation', fields: { write: { type: GraphQLString } } });
    const log = fakeMember({ name: 'log', sdl: '', schema: new GraphQLSchema({ mutation: Mutation }) });
    const version = await (await graphWith()).compose([log]);
    expect(version.sdl).toBe('type Mutation {\n  log: LogMutation\n}\n\ntype LogMutation {\n  write: String\n}');
  });

  test('types that only an interface leads to are in it', async () => {
    const zoo = flat(
      'zoo',
      'type Query { animal: Animal } interface Animal { id: ID } type Cat implements Animal { id: ID }',
    );
    expect((await (await graphWith()).compose([zoo])).sdl).toContain('type Cat implements Animal');
  });

  test('fields of operations carry their mark, and composing leaves the descriptions alone', async () => {
    const before = petstore.description.schema.getQueryType()?.getFields();
    const version = await (await graphWith()).compose([petstore]);
    const namespace = version.schema.getQueryType()?.getFields().petstore;
    const pet = (version.schema.getType('PetstoreQuery') as GraphQLObjectType).getFields().pet;
    if (namespace === undefined || pet === undefined) throw new Error('missing');
    expect(fieldMark(namespace)).toEqual({ source: 'petstore', operation: undefined });
    expect(fieldMark(pet)).toEqual({ source: 'petstore', operation: 'pet' });
    expect(before?.pet?.resolve).toBeUndefined();
    expect(before?.pet?.extensions).toEqual({});
  });
});

describe('deprecation of a source', () => {
  const deprecation = { reason: 'Use zoo.', sunsetAt: new Date('2027-03-01T00:00:00Z') };

  test('marks its namespace and every operation, and leaves no trace in other versions', async () => {
    const graph = await graphWith();
    const deprecated = { ...petstore, deprecation };
    const before = await graph.compose([petstore, weather]);
    const text = before.sdl;
    const during = await graph.compose([deprecated, weather]);
    const after = await graph.compose([petstore, weather]);
    const mark = '@deprecated(reason: "Use zoo. (sunset 2027-03-01T00:00:00.000Z)")';
    expect(during.sdl).toContain(`petstore: PetstoreQuery ${mark}`);
    expect(during.sdl).toContain(`petstore: PetstoreMutation ${mark}`);
    expect(during.sdl).toContain(`pet(id: ID!): PetstorePet ${mark}`);
    expect(during.sdl).toContain(`removePet(id: ID!): Boolean ${mark}`);
    expect(during.sdl).toContain(
      'old: String @deprecated(reason: "Use zoo. (sunset 2027-03-01T00:00:00.000Z) Use pet.")',
    );
    expect(during.sdl).toContain('weather: WeatherQuery\n');
    expect(printSchema(buildSchema(during.sdl))).toBe(during.sdl);
    expect([printSchema(before.schema), after.sdl]).toEqual([text, text]);
  });

  test('marks the root fields of a flat source', async () => {
    const old = { ...flat('old', 'type Query { a: Int }'), deprecation: { reason: 'Gone soon.', sunsetAt: undefined } };
    expect((await (await graphWith()).compose([old])).sdl).toBe(
      'type Query {\n  a: Int @deprecated(reason: "Gone soon.")\n}',
    );
  });
});

describe('clashes', () => {
  test('are all told, each with both places', async () => {
    const problems = await problemsOf([
      flat('a', 'type Query { pets: Pet  sources: Int } type Pet { id: ID } type Caller { x: Int }'),
      flat('b', 'type Query { pets: Pet } type Pet { id: ID }'),
      fakeMember({ name: 'c', namespace: 'pets', sdl: 'schema { query: CQuery } type CQuery { a: Int }' }),
    ]);
    expect(problems).toEqual([
      {
        path: 'Query.sources',
        message:
          'The field Query.sources must come from one place; the admin API and source a both have it. Give source a another namespace.',
      },
      {
        path: 'Caller',
        message:
          'The type Caller must come from one place; the admin API and source a both have it. Give source a another namespace, or a typePrefix if it is a GraphQL service.',
      },
      {
        path: 'Query.pets',
        message:
          'The field Query.pets must come from one place; source a and source b both have it. Give source b another namespace.',
      },
      {
        path: 'Pet',
        message:
          'The type Pet must come from one place; source a and source b both have it. Give source b another namespace, or a typePrefix if it is a GraphQL service.',
      },
      {
        path: 'Query.pets',
        message:
          'The field Query.pets must come from one place; source a and source c both have it. Give source c another namespace.',
      },
    ]);
  });

  test('a scalar that is one object in two sources is no clash, two of one name are', async () => {
    const schema = buildSchema('scalar Money  type Query { a: Money }');
    const shared = schema.getType('Money');
    const using = (name: string, type: unknown) =>
      fakeMember({
        name,
        sdl: '',
        schema: new GraphQLSchema({
          query: new ObjectType({ name: `${name}Query`, fields: { price: { type: type as typeof GraphQLString } } }),
        }),
      });
    const version = await (await graphWith()).compose([using('a', shared), using('b', shared)]);
    expect(version.sdl.match(/scalar Money/g)).toHaveLength(1);
    const other = buildSchema('scalar Money  type Query { a: Money }').getType('Money');
    expect(await problemsOf([using('a', shared), using('b', other)])).toEqual([
      {
        path: 'Money',
        message:
          'The type Money must come from one place; source a and source b both have it. Give source b another namespace, or a typePrefix if it is a GraphQL service.',
      },
    ]);
  });

  test('reserved names, root types of other members and invalid schemas are refused together', async () => {
    const reserved = fakeMember({ name: '__x', sdl: 'schema { query: XQuery } type XQuery { a: Int }' });
    const root = fakeMember({
      name: 'root',
      sdl: 'schema { query: RootQuery } type RootQuery { a: Mutation } type Mutation { a: Int }',
    });
    const invalid = fakeMember({
      name: 'bad',
      sdl: '',
      schema: buildSchema('type Query { a: A } type A', { assumeValidSDL: true }),
    });
    const messages = (await problemsOf([reserved, root, invalid])).map(({ path, message }) => `${path}: ${message}`);
    expect(messages).toEqual([
      'bad: Source bad must have a valid schema; Type A must define one or more fields.',
      'Query.__x: Names that begin with __ are reserved for introspection; source __x uses Query.__x.',
      "Mutation: The type Mutation must be the graph's own root; source root has a type of that name.",
    ]);
  });

  test('the same name twice, operations without a field and two operations on one field', async () => {
    const twice = fakeMember({ name: 'weather', namespace: 'other', sdl: WEATHER_SDL });
    const lost = fakeMember({ name: 'lost', sdl: 'schema { query: LostQuery } type LostQuery { a: Int }' });
    const operations = new Map(lost.description.operations);
    const [a] = operations.values();
    if (a === undefined) throw new Error('missing');
    operations.set('b', { ...a, name: 'b' }).set('c', { ...a, name: 'c', field: 'nowhere' });
    const problems = await problemsOf([weather, twice, { ...lost, description: { ...lost.description, operations } }]);
    expect(problems.map(({ message }) => message)).toEqual([
      'A field must answer one operation; a of source lost answers a and b.',
      'Operation c of source lost must have a query field; nowhere is missing.',
      'A source must be in the graph once; weather came twice.',
    ]);
  });

  test('a public field that the admin API does not have is a mistake of the program', async () => {
    const admin = { schema: buildSchema('type Query { you: Int }'), publicFields: ['me'] };
    await expect(createGraph({ admin, resolvers: createGraphResolvers(), clock: new FakeClock() })).rejects.toThrow(
      'Query.me',
    );
  });
});
