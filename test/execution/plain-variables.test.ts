import { describe, expect, test } from '@jest/globals';
import { buildSchema, getVariableValues, Kind, parse } from 'graphql';
import { plainVariables } from '../../src/execution/plain-variables.ts';

const schema = buildSchema(
  'scalar Own input In { a: Int } enum E { A } type Query { a(f: Float, i: ID, s: String, b: Boolean, in: In, e: E): Own }',
);

function definitionsOf(declarations: string) {
  const [definition] = parse(`query (${declarations}) { a }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('an operation was written');
  return definition.variableDefinitions ?? [];
}

const VALUES: readonly unknown[] = [
  ...[0, -0, 1, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, Number.NaN, Infinity, 1n],
  ...['', 'a', '1', true, false, null, undefined, {}, [], [1], ['a'], { a: 1 }],
];

describe('variables that need no coercion', () => {
  const types = ['Int', 'Float', 'String', 'Boolean', 'ID'];

  test.each(types.flatMap((type) => [type, `${type}!`]))(
    '%s: what is taken as it is, is what GraphQL.js makes',
    (type) => {
      const definitions = definitionsOf(`$v: ${type}`);
      const read = plainVariables(schema, definitions);
      let taken = 0;
      for (const value of VALUES) {
        const plain = read({ v: value });
        if (plain === undefined) continue;
        taken++;
        expect(plain).toStrictEqual(getVariableValues(schema, definitions, { v: value }).coerced);
      }
      expect(taken).toBeGreaterThan(1);
    },
  );

  test.each(['Own', 'In', 'E', '[Int]', '[Int!]!', 'Nothing'])('%s is left to GraphQL.js', (type) => {
    const read = plainVariables(schema, definitionsOf(`$v: ${type}, $w: Int`));
    for (const value of VALUES) expect(read({ v: value, w: 1 })).toBeUndefined();
  });

  test('so is what is missing, though objects have something of that name', () => {
    const read = plainVariables(schema, definitionsOf('$toString: String, $v: Int = 3'));
    expect(read({ v: 1 })).toBeUndefined();
    expect(read({ toString: 'a' })).toBeUndefined();
    expect(read({ toString: 'a', v: 1, more: 2 })).toEqual({ toString: 'a', v: 1 });
  });

  test('none are none', () => {
    expect(plainVariables(schema, [])({ v: 1 })).toEqual({});
  });
});
