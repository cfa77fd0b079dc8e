import { describe, expect, test } from '@jest/globals';
import { answering, describeDocument, fieldType, kindsOf, operation, ref, taking, typeOf } from './support.ts';

describe('answers', () => {
  test('everything is nullable, whatever the document promises', async () => {
    const pet = {
      type: 'object',
      required: ['id', 'tags'],
      properties: { id: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
    };
    const description = await describeDocument(answering(ref('Pet'), { Pet: pet }));
    expect(typeOf(description, 'ShopPet')).toBe('type ShopPet {\n  id: String\n  tags: [String]\n}');
    expect(typeOf(description, 'ShopQuery')).toBe('type ShopQuery {\n  getThing: ShopPet\n}');
  });

  test('circles of references are circles of types and shapes', async () => {
    const node = { type: 'object', properties: { next: ref('Node'), all: { type: 'array', items: ref('Node') } } };
    const description = await describeDocument(answering(ref('Node'), { Node: node }));
    expect(typeOf(description, 'ShopNode')).toBe('type ShopNode {\n  next: ShopNode\n  all: [ShopNode]\n}');
    const { shape } = operation(description, 'getThing').answer;
    if (shape === 'none' || shape.kind !== 'object') throw new Error('Expected an object.');
    expect(shape.fields[0]?.shape).toBe(shape);
  });

  test('a list that contains itself ends in JSON', async () => {
    const description = await describeDocument(answering(ref('Deep'), { Deep: { type: 'array', items: ref('Deep') } }));
    expect(String(description.schema.getQueryType()?.getFields().getThing?.type)).toBe('[JSON]');
    expect(kindsOf(description)).toContain('CIRCULAR');
  });

  test('write-only properties are left out; an object without any other is JSON', async () => {
    const user = {
      type: 'object',
      properties: { name: { type: 'string' }, password: { type: 'string', writeOnly: true } },
    };
    const secret = { type: 'object', properties: { password: { type: 'string', writeOnly: true } } };
    const description = await describeDocument(
      answering(
        { type: 'object', properties: { user: ref('User'), secret: ref('Secret') } },
        { User: user, Secret: secret },
      ),
    );
    expect(typeOf(description, 'ShopUser')).toBe('type ShopUser {\n  name: String\n}');
    expect(fieldType(description, 'ShopGetThingResponse', 'secret')).toBe('JSON');
  });

  test('odd names become fields of their own, and the plan knows the wire', async () => {
    const schema = {
      type: 'object',
      properties: {
        'a-b': { type: 'string' },
        a_b: { type: 'string' },
        __proto: { type: 'string' },
        '@id': { type: 'string' },
        constructor: { type: 'string' },
        '→': { type: 'string' },
      },
    };
    const description = await describeDocument(answering(schema));
    const { shape } = operation(description, 'getThing').answer;
    if (shape === 'none' || shape.kind !== 'object') throw new Error('Expected an object.');
    expect(shape.fields.map(({ field, property }) => [field, property])).toEqual([
      ['a_b2', 'a-b'],
      ['a_b', 'a_b'],
      ['_proto', '__proto'],
      ['_id', '@id'],
      ['constructor', 'constructor'],
      ['field6', '→'],
    ]);
    expect(description.warnings.filter(({ kind }) => kind === 'RENAMED')).toHaveLength(4);
  });

  test('deprecation and descriptions are carried over, those of the use before those of the type', async () => {
    const pet = {
      description: 'A pet.',
      type: 'object',
      properties: { old: { type: 'string', deprecated: true, description: 'Gone soon.' } },
    };
    const description = await describeDocument(
      answering(
        { type: 'object', properties: { pet: { ...ref('Pet'), description: 'The pet.' }, other: ref('Pet') } },
        { Pet: pet },
      ),
    );
    const type = description.schema.getType('ShopGetThingResponse');
    if (type === undefined || !('getFields' in type)) throw new Error('Expected an object type.');
    expect(type.getFields().pet?.description).toBe('The pet.');
    expect(type.getFields().other?.description).toBe('A pet.');
    expect(typeOf(description, 'ShopPet')).toContain('old: String @deprecated');
  });
});

describe('allOf', () => {
  test('properties and required ones of all members are merged', async () => {
    const base = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
    const dog = {
      allOf: [ref('Base'), { properties: { bark: { type: 'string' } }, required: ['bark'] }],
      required: ['name'],
      properties: { name: { type: 'string' } },
    };
    const description = await describeDocument(taking(ref('Dog'), { Base: base, Dog: dog }));
    expect(typeOf(description, 'ShopDogInput')).toBe(
      'input ShopDogInput {\n  id: String!\n  bark: String!\n  name: String!\n}',
    );
  });

  test('around one reference it is that reference', async () => {
    const description = await describeDocument(
      answering(
        { type: 'object', properties: { pet: { allOf: [ref('Pet')], nullable: true, description: 'x' } } },
        { Pet: { type: 'object', properties: { id: { type: 'string' } } } },
      ),
    );
    expect(fieldType(description, 'ShopGetThingResponse', 'pet')).toBe('ShopPet');
  });

  test('the same property in two members is both', async () => {
    const a = { type: 'object', properties: { owner: { type: 'object', properties: { id: { type: 'string' } } } } };
    const b = { type: 'object', properties: { owner: { type: 'object', properties: { name: { type: 'string' } } } } };
    const description = await describeDocument(answering(ref('C'), { A: a, B: b, C: { allOf: [ref('A'), ref('B')] } }));
    expect(typeOf(description, 'ShopCOwner')).toBe('type ShopCOwner {\n  id: String\n  name: String\n}');
  });

  test('two recursive members merge without end', async () => {
    const b = { type: 'object', properties: { p: ref('B'), b: { type: 'string' } } };
    const c = { type: 'object', properties: { p: ref('C'), c: { type: 'string' } } };
    const description = await describeDocument(answering(ref('A'), { A: { allOf: [ref('B'), ref('C')] }, B: b, C: c }));
    expect(fieldType(description, 'ShopA', 'p')).toBe('ShopAP');
    expect(fieldType(description, 'ShopAP', 'p')).toBe('ShopAP');
  });

  test('a schema that is made of itself is what else it says', async () => {
    const description = await describeDocument(
      answering(ref('A'), { A: { allOf: [ref('A'), { properties: { x: { type: 'string' } } }] }, L: ref('L') }),
    );
    expect(typeOf(description, 'ShopA')).toBe('type ShopA {\n  x: String\n}');
  });
});

describe('arguments', () => {
  test('required is non-null, unless it may be null or has a default', async () => {
    const schema = {
      type: 'object',
      required: ['a', 'b', 'c', 'd'],
      properties: {
        a: { type: 'string' },
        b: { type: ['string', 'null'] },
        c: { type: 'integer', default: 3 },
        d: { const: 'fixed' },
        e: { type: 'array', items: { type: 'string' } },
        f: { type: 'string', readOnly: true },
      },
    };
    const description = await describeDocument(taking(ref('Thing'), { Thing: schema }));
    expect(typeOf(description, 'ShopThingInput')).toBe(
      'input ShopThingInput {\n  a: String!\n  b: String\n  c: SafeInt = 3\n  d: String = "fixed"\n  e: [String!]\n}',
    );
  });

  test('input types that require each other in a circle can still be given', async () => {
    const a = { type: 'object', required: ['b'], properties: { b: ref('B') } };
    const b = { type: 'object', required: ['a'], properties: { a: ref('A') } };
    const description = await describeDocument(taking(ref('A'), { A: a, B: b }));
    expect(kindsOf(description)).toEqual(['INPUT_CYCLE']);
    expect(fieldType(description, 'ShopAInput', 'b')).toBe('ShopBInput!');
    expect(fieldType(description, 'ShopBInput', 'a')).toBe('ShopAInput');
  });

  test('a schema whose name ends in Input keeps it', async () => {
    const description = await describeDocument(
      taking(ref('PetInput'), {
        PetInput: { type: 'object', properties: { id: { type: 'string' } } },
        Pet: { type: 'object' },
      }),
    );
    expect(typeOf(description, 'ShopPetInput')).toContain('id: String');
  });
});
