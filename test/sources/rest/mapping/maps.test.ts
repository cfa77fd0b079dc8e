import { expect, test } from '@jest/globals';
import { answering, describeDocument, fieldType, kindsOf, operation, ref, taking, typeOf } from './support.ts';

const pet = { type: 'object', properties: { id: { type: 'string' } } };
const map = { type: 'object', additionalProperties: { type: 'string' } };

test('a map with typed values is a list of entries, in answers and arguments', async () => {
  const description = await describeDocument(
    answering(
      {
        type: 'object',
        properties: { labels: map, more: map, pets: { type: 'object', additionalProperties: ref('Pet') } },
      },
      { Pet: pet },
    ),
  );
  expect(typeOf(description, 'ShopGetThingResponse')).toBe(
    'type ShopGetThingResponse {\n  labels: [ShopStringEntry]\n  more: [ShopStringEntry]\n  pets: [ShopPetEntry]\n}',
  );
  expect(typeOf(description, 'ShopPetEntry')).toBe('type ShopPetEntry {\n  key: String!\n  value: ShopPet\n}');
  const input = await describeDocument(
    taking({ type: 'object', properties: { pets: { additionalProperties: ref('Pet') } } }, { Pet: pet }),
  );
  expect(typeOf(input, 'ShopPutThingInput')).toBe('input ShopPutThingInput {\n  pets: [ShopPetEntryInput!]\n}');
  expect(typeOf(input, 'ShopPetEntryInput')).toBe(
    'input ShopPetEntryInput {\n  key: String!\n  value: ShopPetInput\n}',
  );
});

test('maps of maps', async () => {
  const description = await describeDocument(answering({ type: 'object', additionalProperties: map }));
  const { shape } = operation(description, 'getThing').answer;
  expect(shape).toMatchObject({
    kind: 'map',
    typeName: 'ShopStringEntryListEntry',
    value: { kind: 'map', typeName: 'ShopStringEntry' },
  });
});

test.each([
  ['where maps are to be JSON', map, 'JSON' as const],
  ['with values of any kind', { type: 'object', additionalProperties: true }, 'LIST' as const],
  ['with untyped values', { type: 'object', additionalProperties: {} }, 'LIST' as const],
  ['that is empty', { type: 'object', additionalProperties: false }, 'LIST' as const],
  ['of patterns', { type: 'object', patternProperties: { '^x-': { type: 'string' } } }, 'LIST' as const],
])('a map %s is JSON', async (_title, schema, maps) => {
  const description = await describeDocument(answering({ type: 'object', properties: { it: schema } }), { maps });
  expect(fieldType(description, 'ShopGetThingResponse', 'it')).toBe('JSON');
});

test('free keys beside named ones are dropped with a warning', async () => {
  const description = await describeDocument(answering({ ...pet, additionalProperties: { type: 'string' } }));
  expect(kindsOf(description)).toEqual(['ADDITIONAL_PROPERTIES']);
});
