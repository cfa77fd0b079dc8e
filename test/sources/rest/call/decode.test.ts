import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DecodeCompiler } from '../../../../src/sources/rest/call/answer/decode.ts';
import { Decoding } from '../../../../src/sources/rest/call/answer/decoding.ts';
import { DriftError } from '../../../../src/sources/rest/call/answer/drift.ts';
import { holdsBigInt } from '../../../../src/sources/rest/call/request/wire.ts';
import type { BoxShape, ObjectShape, Shape, UnionShape } from '../../../../src/sources/rest/plan.ts';
import { parseJson } from '../../../../src/sources/shared/json-text.ts';
import {
  bigint,
  boolean,
  enumeration,
  field,
  int,
  integer,
  json,
  list,
  map,
  number,
  object,
  string,
} from './support/plans.ts';

function read(shape: Shape, text: string): { readonly value: unknown; readonly decoding: Decoding } {
  const { value, hasBigInt } = parseJson(text, holdsBigInt(shape));
  const decoding = new Decoding('shop', hasBigInt);
  return { value: new DecodeCompiler().compile(shape)(value, decoding), decoding };
}

const decoded = (shape: Shape, text: string): unknown => read(shape, text).value;

/** What is wrong, in the order it was found. */
function findings(shape: Shape, text: string): readonly string[] {
  return read(shape, text).decoding.findings.map((f) => `${f.kindOfPlace}: ${f.expected}, ${f.received}`);
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Error) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

describe('objects', () => {
  const pet = object('Pet', [
    field('petName', string, { property: 'pet-name', required: true, nullable: false }),
    ['age', integer],
    ['tags', list(string)],
  ]);

  test('get the names of the graph; unknown properties are dropped, absent ones null', () => {
    expect(decoded(pet, '{"pet-name":"Rex","tags":["a"],"secret":1}')).toEqual({
      petName: 'Rex',
      age: null,
      tags: ['a'],
    });
  });

  test('a required part that is absent or null costs nothing, and is noted', () => {
    expect(decoded(pet, '{}')).toEqual({ petName: null, age: null, tags: null });
    expect(findings(pet, '{}')).toEqual(['$["pet-name"]: scalar, nothing']);
    expect(findings(list(pet), '[{"pet-name":null}]')).toEqual(['$[*]["pet-name"]: scalar, null']);
    expect(read(pet, '{}').decoding.drifted).toBe(false);
  });

  test('properties that every object inherits are not taken for parts of the answer', () => {
    const odd = object('Odd', [
      ['constructor', string],
      field('proto', json, { property: '__proto__' }),
      ['toString', json],
    ]);
    expect(Object.entries(decoded(odd, '{}') as object)).toEqual([
      ['constructor', null],
      ['proto', null],
      ['toString', null],
    ]);
    expect(decoded(odd, '{"__proto__":{"x":1},"constructor":"c"}')).toMatchObject({
      constructor: 'c',
      proto: { x: 1 },
    });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('recursive shapes are read as deep as the answer goes', () => {
    const node: ObjectShape = object('Node', [['name', string]]);
    node.fields.push(field('next', node), field('all', list(node)));
    expect(decoded(node, '{"name":"a","next":{"name":"b","all":[{"name":"c"}]}}')).toEqual({
      name: 'a',
      next: { name: 'b', next: null, all: [{ name: 'c', next: null, all: null }] },
      all: null,
    });
  });
});

describe('a wrong type', () => {
  test.each([
    [string, '5', 'string', 'integer'],
    [string, '{"a":1}', 'string', 'object'],
    [integer, '1.5', 'integer', 'number'],
    [integer, '"1"', 'integer', 'string'],
    [integer, '9007199254740993', 'integer of 53 bits', 'integer'],
    [int, '2147483648', 'integer of 32 bits', 'integer'],
    [number, 'true', 'number', 'boolean'],
    [boolean, '"true"', 'boolean', 'string'],
    [bigint, '"12a"', 'integer', 'string'],
    [list(string), '{}', 'array', 'object'],
    [object('O', []), '[]', 'object', 'array'],
    [map(string), '[]', 'object', 'array'],
    [enumeration('Color', { RED: 'red' }), '"blue"', 'one of the values of Color', 'string'],
  ] as const)('%j reading %s', (shape, text, expected, received) => {
    const error = decoded(shape, text);
    expect(error).toBeInstanceOf(DriftError);
    expect(error).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', expected, received });
  });

  test('costs that part alone, and says where without the value', () => {
    const shape = object('Page', [
      [
        'items',
        list(
          object('Item', [
            ['id', integer],
            ['name', string],
          ]),
        ),
      ],
      ['total', integer],
    ]);
    const { value, decoding } = read(shape, '{"items":[{"id":1,"name":"a"},{"id":"hush","name":"b"}],"total":2}');
    const page = value as { items: readonly { id: unknown; name: unknown }[]; total: number };
    expect(page.items.map((item) => item.name)).toEqual(['a', 'b']);
    expect(page.total).toBe(2);
    const error = page.items[1]?.id;
    expect(error).toBeInstanceOf(DriftError);
    expect((error as DriftError).extensions).toEqual({
      code: 'UPSTREAM_INVALID_RESPONSE',
      source: 'shop',
      reason: 'http_protocol_error',
      retryable: true,
      expected: 'integer',
      received: 'string',
      place: '$.items[1].id',
    });
    expect(JSON.stringify([(error as DriftError).extensions, (error as DriftError).message])).not.toContain('hush');
    expect(decoding.drifted).toBe(true);
  });

  test('keys of maps, which are data, are not shown', () => {
    const { value, decoding } = read(map(integer), '{"alice@example.org":"x"}');
    expect(decoding.findings.map((f) => f.kindOfPlace)).toEqual(['$[*]']);
    const [entry] = value as readonly { key: string; value: DriftError }[];
    expect(entry?.value.place).toBe('$[*]');
  });
});

describe('scalars', () => {
  test('64-bit integers lose nothing; those that fit stay numbers', () => {
    const shape = object('Row', [
      ['id', bigint],
      ['ids', list(bigint)],
      ['text', bigint],
      ['ratio', number],
      ['any', json],
    ]);
    const text =
      '{"id":9223372036854775807,"ids":[1,-9223372036854775808],"text":"9007199254740993","ratio":12345678901234567890,"any":{"n":9007199254740993}}';
    expect(decoded(shape, text)).toEqual({
      id: 9223372036854775807n,
      ids: [1, -9223372036854775808n],
      text: 9007199254740993n,
      ratio: Number('12345678901234567890'),
      any: { n: Number('9007199254740993') },
    });
  });

  test('a long fraction or exponent is no integer', () => {
    expect(decoded(bigint, '12345678901234567890.5')).toEqual(Number('12345678901234567890.5'));
    expect(decoded(bigint, '"0.5"')).toBeInstanceOf(DriftError);
  });

  test('enums by their wire value, numbers and booleans included', () => {
    const shape = list(enumeration('Mixed', { A_B: 'a b', ONE: 1, YES: true }));
    expect(decoded(shape, '["a b",1,true]')).toEqual(['A_B', 'ONE', 'YES']);
    expect(findings(shape, '["1"]')).toEqual(['$[*]: one of the values of Mixed, string']);
  });

  test('JSON nested without sense is refused before anything recurses into it', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(decoded(object('O', [['any', json]]), `{"any":${deep}}`)).toMatchObject({ any: expect.any(DriftError) });
  });
});

describe('maps and unions', () => {
  const cat = object('Cat', [field('kind', string, { required: true }), field('lives', integer, { required: true })]);
  const dog = object('Dog', [field('kind', string, { required: true }), field('barks', boolean, { required: true })]);
  const text: BoxShape = { kind: 'box', typeName: 'TextBox', value: string };
  const numbers: BoxShape = { kind: 'box', typeName: 'NumbersBox', value: list(integer) };
  const union = (more: Partial<UnionShape> = {}): UnionShape => ({
    kind: 'union',
    typeName: 'Animal',
    discriminator: undefined,
    mapping: new Map(),
    members: [cat, dog, text, numbers],
    ...more,
  });

  test('a map is a list of key and value in the order of the answer', () => {
    expect(decoded(map(integer), '{"b":1,"a":2}')).toEqual([
      { key: 'b', value: 1 },
      { key: 'a', value: 2 },
    ]);
  });

  test('a member is chosen by discriminator before shape', () => {
    const shape = union({ discriminator: 'kind', mapping: new Map([['feline', cat]]) });
    expect(decoded(shape, '{"kind":"feline","barks":true}')).toMatchObject({ __typename: 'Cat', kind: 'feline' });
    expect(decoded(shape, '{"kind":"unknown","barks":true}')).toMatchObject({ __typename: 'Dog', barks: true });
  });

  test('without one, by the parts it must have and their types; scalars are boxed', () => {
    expect(decoded(union(), '{"kind":"x","lives":9}')).toEqual({ __typename: 'Cat', kind: 'x', lives: 9 });
    expect(decoded(union(), '{"kind":"x","barks":true}')).toMatchObject({ __typename: 'Dog' });
    expect(decoded(union(), '"hello"')).toEqual({ __typename: 'TextBox', value: 'hello' });
    expect(decoded(union(), '[1]')).toEqual({ __typename: 'NumbersBox', value: [1] });
    expect(decoded(list(union()), '[true]')).toEqual([expect.any(DriftError)]);
  });

  test('the nearest member takes an object that fits none', () => {
    expect(decoded(union(), '{"barks":"loud"}')).toMatchObject({
      __typename: 'Dog',
      barks: expect.any(DriftError),
    });
    expect(decoded(union(), '{"barks":false}')).toMatchObject({ __typename: 'Dog', barks: false, kind: null });
  });

  test('an answer that is one member of the union of all statuses says which', () => {
    const compiler = new DecodeCompiler();
    const decoding = new Decoding('shop', false);
    expect(compiler.compileReading({ as: 'json', shape: cat, boxAs: cat })({ kind: 'x', lives: 1 }, decoding)).toEqual({
      __typename: 'Cat',
      kind: 'x',
      lives: 1,
    });
    expect(compiler.compileReading({ as: 'json', shape: string, boxAs: text })('hi', decoding)).toEqual({
      __typename: 'TextBox',
      value: 'hi',
    });
  });
});

test('whatever comes, decoding does not throw and what it gives is frozen', () => {
  const node: ObjectShape = object('Node', [
    ['a', string],
    ['b', integer],
    ['c', json],
  ]);
  const shape = object('Any', [
    ['a', list(node)],
    ['b', map(node)],
    [
      'c',
      { kind: 'union', typeName: 'U', discriminator: 'a', mapping: new Map(), members: [node] } satisfies UnionShape,
    ],
    ['d', bigint],
    ['e', json],
  ]);
  node.fields.push(field('next', shape));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'next', '__proto__'), tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(isDeepFrozen(decoded(shape, JSON.stringify(value)))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
