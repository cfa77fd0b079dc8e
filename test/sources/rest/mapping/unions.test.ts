import { describe, expect, test } from '@jest/globals';
import type { RestDescription } from '../../../../src/sources/rest/mapping/index.ts';
import type { UnionShape } from '../../../../src/sources/rest/plan.ts';
import {
  answering,
  describeDocument,
  describeUpgraded,
  fieldType,
  kindsOf,
  operation,
  ref,
  taking,
  typeOf,
} from './support.ts';

const cat = { type: 'object', properties: { kind: { type: 'string' }, claws: { type: 'integer' } } };
const dog = { type: 'object', properties: { kind: { type: 'string' }, bark: { type: 'string' } } };

function union(description: RestDescription): UnionShape {
  const { shape } = operation(description, 'getThing').answer;
  if (shape === 'none' || shape.kind !== 'union')
    throw new Error(`Expected a union; got ${shape === 'none' ? shape : shape.kind}.`);
  return shape;
}

function mapping(description: RestDescription): Record<string, string> {
  return Object.fromEntries([...union(description).mapping].map(([value, member]) => [value, member.typeName]));
}

describe('oneOf and anyOf in answers', () => {
  test('objects are members as they are', async () => {
    const description = await describeDocument(
      answering(ref('Pet'), { Cat: cat, Dog: dog, Pet: { oneOf: [ref('Cat'), ref('Dog')] } }),
    );
    expect(typeOf(description, 'ShopPet')).toBe('union ShopPet = ShopCat | ShopDog');
    expect(union(description).members.map(({ typeName }) => typeName)).toEqual(['ShopCat', 'ShopDog']);
    expect(union(description).discriminator).toBeUndefined();
  });

  test('a discriminator with a mapping, by reference and by name, and by the names themselves', async () => {
    const pet = {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { c: '#/components/schemas/Cat', d: 'Dog' } },
    };
    const description = await describeDocument(answering(ref('Pet'), { Cat: cat, Dog: dog, Pet: pet }));
    expect(union(description).discriminator).toBe('kind');
    expect(mapping(description)).toEqual({ c: 'ShopCat', d: 'ShopDog', Cat: 'ShopCat', Dog: 'ShopDog' });
  });

  test('fixed values of the discriminating property count', async () => {
    const fixed = { type: 'object', properties: { kind: { const: 'feline' } } };
    const pet = { anyOf: [fixed, ref('Dog')], discriminator: { propertyName: 'kind' } };
    const description = await describeDocument(answering(ref('Pet'), { Dog: dog, Pet: pet }));
    expect(mapping(description)).toEqual({ feline: 'ShopPetOption1', Dog: 'ShopDog' });
  });

  test('a mapping to something that is no alternative is a warning', async () => {
    const pet = {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { x: '#/components/schemas/Other' } },
    };
    const description = await describeDocument(
      answering(ref('Pet'), { Cat: cat, Dog: dog, Other: { ...cat }, Pet: pet }),
    );
    expect(description.warnings).toContainEqual(
      expect.objectContaining({ kind: 'DISCRIMINATOR', path: '/components/schemas/Pet/discriminator/mapping/x' }),
    );
  });

  test('values that are no objects are boxed, each kind once', async () => {
    const schema = {
      anyOf: [
        { type: 'string' },
        { type: 'string', format: 'date' },
        { type: 'integer' },
        { type: 'array', items: { type: 'string' } },
        ref('Cat'),
      ],
    };
    const description = await describeDocument(answering(schema, { Cat: cat }));
    expect(typeOf(description, 'ShopGetThingResponse')).toBe(
      'union ShopGetThingResponse = ShopStringListBox | ShopCat | ShopStringBox | ShopSafeIntBox',
    );
    expect(typeOf(description, 'ShopStringBox')).toBe('type ShopStringBox {\n  value: String\n}');
  });

  test.each([
    ['null is no alternative', { oneOf: [ref('Cat'), { type: 'null' }] }, 'ShopCat'],
    ['nullable alone is null', { oneOf: [ref('Cat'), { nullable: true }] }, 'ShopCat'],
    ['one alternative is itself', { anyOf: [ref('Cat')] }, 'ShopCat'],
    [
      'two kinds of text are text',
      {
        oneOf: [
          { type: 'string', format: 'uuid' },
          { type: 'string', enum: ['me'] },
        ],
      },
      'String',
    ],
    ['integers beside numbers are numbers', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, 'Float'],
    [
      'two kinds of integers are integers',
      { oneOf: [{ type: 'integer' }, { type: 'integer', minimum: 5 }] },
      'SafeInt',
    ],
    [
      'demands on properties are no alternatives',
      { ...cat, anyOf: [{ required: ['kind'] }, { required: ['claws'] }] },
      'ShopGetThingResponse',
    ],
    ['two lists of alternatives', { oneOf: [ref('Cat'), ref('Dog')], anyOf: [ref('Cat'), ref('Dog')] }, 'JSON'],
    ['nothing at all', { oneOf: [{ type: 'null' }] }, 'JSON'],
    ['itself alone', { $ref: '#/components/schemas/Loop' }, 'JSON'],
  ])('%s', async (_title, schema, wanted) => {
    const description = await describeDocument(
      answering(schema, { Cat: cat, Dog: dog, Loop: { oneOf: [ref('Loop')] } }),
    );
    expect(String(description.schema.getQueryType()?.getFields().getThing?.type)).toBe(wanted);
  });

  test('what stands beside the alternatives belongs to each', async () => {
    const pet = { type: 'object', properties: { id: { type: 'string' } }, oneOf: [ref('Cat'), ref('Dog')] };
    const description = await describeDocument(answering(ref('Pet'), { Cat: cat, Dog: dog, Pet: pet }));
    expect(typeOf(description, 'ShopPet')).toBe('union ShopPet = ShopPetCat | ShopPetDog');
    expect(typeOf(description, 'ShopPetCat')).toBe(
      'type ShopPetCat {\n  kind: String\n  claws: SafeInt\n  id: String\n}',
    );
  });

  test('alternatives without a name of their own go by their title', async () => {
    const schema = { oneOf: [{ ...cat, title: 'Big cat' }, { ...dog }] };
    const description = await describeDocument(answering(schema));
    expect(typeOf(description, 'ShopGetThingResponse')).toBe(
      'union ShopGetThingResponse = ShopGetThingResponseBigCat | ShopGetThingResponseOption2',
    );
  });

  test('alternatives within alternatives are brought up', async () => {
    const schemas = {
      Cat: cat,
      Dog: dog,
      Bird: { type: 'object', properties: { wings: { type: 'integer' } } },
      Pet: { oneOf: [ref('Cat'), ref('Dog')] },
      Animal: { oneOf: [ref('Pet'), ref('Bird')] },
    };
    const description = await describeDocument(
      answering({ type: 'object', properties: { a: ref('Animal'), p: ref('Pet') } }, schemas),
    );
    expect(typeOf(description, 'ShopAnimal')).toBe('union ShopAnimal = ShopCat | ShopDog | ShopBird');
    expect(typeOf(description, 'ShopPet')).toBe('union ShopPet = ShopCat | ShopDog');
  });
});

describe('inheritance by allOf below a discriminator', () => {
  const swagger = {
    swagger: '2.0',
    paths: {
      '/thing': {
        get: {
          operationId: 'getThing',
          produces: ['application/json'],
          responses: { 200: { description: '', schema: { $ref: '#/definitions/Pet' } } },
        },
      },
    },
    definitions: {
      Pet: { type: 'object', discriminator: 'kind', properties: { kind: { type: 'string' } } },
      Cat: {
        allOf: [{ $ref: '#/definitions/Pet' }, { properties: { claws: { type: 'integer' } } }],
        'x-ms-discriminator-value': 'feline',
      },
      Dog: { allOf: [{ $ref: '#/definitions/Pet' }, { properties: { bark: { type: 'string' } } }] },
      Puppy: { allOf: [{ $ref: '#/definitions/Dog' }, { properties: { age: { type: 'integer' } } }] },
    },
  };

  test('the schema is a union of its heirs and itself', async () => {
    const description = await describeUpgraded(swagger, '2.0');
    expect(typeOf(description, 'ShopPet')).toBe('union ShopPet = ShopCat | ShopDog | ShopPuppy | ShopPetBase');
    expect(typeOf(description, 'ShopPuppy')).toBe(
      'type ShopPuppy {\n  kind: String\n  bark: String\n  age: SafeInt\n}',
    );
    expect(mapping(description)).toEqual({
      feline: 'ShopCat',
      Cat: 'ShopCat',
      Dog: 'ShopDog',
      Puppy: 'ShopPuppy',
      Pet: 'ShopPetBase',
    });
  });

  test('an heir with heirs of its own is the same wherever it is met', async () => {
    const document = structuredClone(swagger);
    Object.assign(document.definitions.Dog, { discriminator: 'kind' });
    Object.assign(document.paths, {
      '/dog': {
        get: { operationId: 'getDog', responses: { 200: { description: '', schema: { $ref: '#/definitions/Dog' } } } },
      },
    });
    const description = await describeUpgraded(document, '2.0');
    expect(typeOf(description, 'ShopPet')).toBe('union ShopPet = ShopCat | ShopDogBase | ShopPuppy | ShopPetBase');
    expect(typeOf(description, 'ShopDog')).toBe('union ShopDog = ShopPuppy | ShopDogBase');
  });
});

describe('in arguments', () => {
  test('alternatives are JSON, with a warning', async () => {
    const description = await describeDocument(
      taking({ type: 'object', properties: { pet: { oneOf: [ref('Cat'), ref('Dog')] } } }, { Cat: cat, Dog: dog }),
    );
    expect(fieldType(description, 'ShopPutThingInput', 'pet')).toBe('JSON');
    expect(kindsOf(description)).toEqual(['INPUT_UNION']);
  });

  test('one alternative and null is that one', async () => {
    const description = await describeDocument(
      taking(
        {
          type: 'object',
          required: ['pet'],
          properties: {
            pet: { anyOf: [ref('Cat'), { type: 'null' }] },
            name: { ...cat, anyOf: [{ required: ['kind'] }] },
          },
        },
        { Cat: cat },
      ),
    );
    expect(fieldType(description, 'ShopPutThingInput', 'pet')).toBe('ShopCatInput');
    expect(fieldType(description, 'ShopPutThingInput', 'name')).toBe('ShopPutThingNameInput');
  });
});
