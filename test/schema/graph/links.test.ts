import { describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, getNamedType, graphql, isObjectType, validateSchema } from 'graphql';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, type Graph, type GraphLink, linkRequirements } from '../../../src/schema/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeMember, PETSTORE_SDL, WEATHER_SDL } from './fake-member.ts';

const petstore = fakeMember({ name: 'petstore', sdl: PETSTORE_SDL });
const weather = fakeMember({ name: 'weather', sdl: WEATHER_SDL });
const SHOP_SDL = `
  schema { query: ShopQuery }
  type ShopQuery { item(id: ID!): ShopItem  any: ShopAny  node: ShopNode }
  interface ShopNode { id: ID }
  type ShopItem implements ShopNode { id: ID  petId: ID  box: ShopBox }
  type ShopBox { item: ShopItem!  items: [ShopItem!]! }
  union ShopAny = ShopItem | ShopBox
`;
const shop = fakeMember({ name: 'shop', sdl: SHOP_SDL });

const link = (over: Partial<GraphLink> = {}): GraphLink => ({
  id: 'l1',
  origin: 'ADDED',
  source: 'shop',
  type: 'ShopItem',
  field: 'pet',
  target: 'petstore',
  operation: 'pet',
  arguments: [{ name: 'id', from: 'FIELD', field: 'petId' }],
  ...over,
});

const makeGraph = (): Promise<Graph> =>
  createGraph({ admin: undefined, resolvers: createGraphResolvers(), clock: new FakeClock() });
const typeOf = (graph: { getType(name: string): unknown }, name: string): GraphQLObjectType => {
  const type = graph.getType(name);
  if (!isObjectType(type)) throw new Error(`no ${name}`);
  return type;
};

describe('a link in a graph', () => {
  test('is a field of its type wherever the type is reached, in a schema that is valid', async () => {
    const { schema, links } = await (await makeGraph()).compose([petstore, shop, weather], [link()]);
    expect(links).toMatchObject([{ state: 'ACTIVE' }]);
    expect(validateSchema(schema)).toEqual([]);
    const item = typeOf(schema, 'ShopItem');
    expect(Object.keys(item.getFields())).toEqual(['id', 'petId', 'box', 'pet']);
    expect(String(item.getFields().pet?.type)).toBe('PetstorePet');
    const requires = Object.values(item.getFields()).map((field) => linkRequirements(field));
    expect(requires).toEqual([undefined, undefined, undefined, [['petId']]]);
    expect(typeOf(schema, 'ShopQuery').getFields().item?.type).toBe(item);
    expect(getNamedType(typeOf(schema, 'ShopBox').getFields().items?.type)).toBe(item);
    const { data } = await graphql({
      schema,
      source: '{ __type(name: "ShopAny") { possibleTypes { name fields { name } } } }',
    });
    expect(JSON.stringify(data)).toContain('"pet"');
    const { data: nodes } = await graphql({
      schema,
      source: '{ __type(name: "ShopNode") { possibleTypes { fields { name } } } }',
    });
    expect(JSON.stringify(nodes)).toContain('"pet"');
  });

  test('costs sources without links nothing: they share their types with every version', async () => {
    const graph = await makeGraph();
    const before = await graph.compose([petstore, shop, weather]);
    const after = await graph.compose([petstore, shop, weather], [link()]);
    for (const name of ['PetstorePet', 'WeatherDay']) {
      expect(after.schema.getType(name)).toBe(before.schema.getType(name));
    }
    expect(after.schema.getType('ShopItem')).not.toBe(before.schema.getType('ShopItem'));
    expect(before.schema.getType('ShopItem')).toBe(shop.description.schema.getType('ShopItem'));
  });

  test('both ways and to itself: each type means the extended other', async () => {
    const back = link({
      id: 'l2',
      source: 'petstore',
      type: 'PetstorePet',
      field: 'item',
      target: 'shop',
      operation: 'item',
      arguments: [{ name: 'id', from: 'FIELD', field: 'id' }],
    });
    const self = { ...back, id: 'l3', field: 'twin', target: 'petstore', operation: 'pet' };
    const { schema } = await (await makeGraph()).compose([petstore, shop], [link(), back, self]);
    const [item, pet] = [typeOf(schema, 'ShopItem'), typeOf(schema, 'PetstorePet')];
    expect(item.getFields().pet?.type).toBe(pet);
    expect(pet.getFields().item?.type).toBe(item);
    expect(pet.getFields().twin?.type).toBe(pet);
    expect(validateSchema(schema)).toEqual([]);
  });

  test('is in a view only with both its sources', async () => {
    const version = await (await makeGraph()).compose([petstore, shop, weather], [link()]);
    const view = (...names: string[]) =>
      version.view({ admin: false, maySee: ({ name }) => names.includes(name) }).schema;
    expect(typeOf(view('petstore', 'shop'), 'ShopItem').getFields().pet).toBeDefined();
    const without = view('shop', 'weather');
    expect(typeOf(without, 'ShopItem').getFields().pet).toBeUndefined();
    expect(without.getType('ShopItem')).toBe(shop.description.schema.getType('ShopItem'));
    expect(view('petstore').getType('ShopItem')).toBeUndefined();
  });

  test('does not keep a graph from composing, whatever is wrong with it', async () => {
    const odd = [
      link({ id: 'a', type: 'Nothing' }),
      link({ id: 'b', target: 'gone' }),
      link({ id: 'c', source: 'gone' }),
      link({ id: 'd', field: 'id' }),
      link({ id: 'e' }),
      link({ id: 'f' }),
    ];
    const { links, schema } = await (await makeGraph()).compose([petstore, shop], odd);
    expect(links.map(({ link: { id }, state }) => [id, state])).toEqual([
      ['a', 'BROKEN'],
      ['b', 'WAITING'],
      ['c', 'WAITING'],
      ['d', 'BROKEN'],
      ['e', 'ACTIVE'],
      ['f', 'BROKEN'],
    ]);
    expect(validateSchema(schema)).toEqual([]);
  });

  test("a revision's goes before one that was added, and either before a document's", async () => {
    const spec = (operation: string, args: GraphLink['arguments'] = []) => ({
      type: 'ShopItem',
      field: 'pet',
      target: 'petstore',
      operation,
      arguments: args,
    });
    const described = { ...shop, description: { ...shop.description, links: [spec('thing')] } };
    const graph = await makeGraph();
    const operationsOf = async (member: typeof shop, added: readonly GraphLink[]) =>
      (await graph.compose([petstore, member], added)).links.map((one) => [
        one.link.operation,
        one.link.origin,
        one.state,
      ]);
    expect(await operationsOf(described, [])).toEqual([['thing', 'DOCUMENT', 'ACTIVE']]);
    expect(await operationsOf(described, [link()])).toEqual([['pet', 'ADDED', 'ACTIVE']]);
    expect(await operationsOf({ ...described, links: [spec('pets')] }, [link()])).toEqual([
      ['pets', 'REVISION', 'ACTIVE'],
      ['pet', 'ADDED', 'BROKEN'],
    ]);
  });
});
