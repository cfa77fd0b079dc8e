import { describe, expect, test } from '@jest/globals';
import { buildSchema, type FieldNode, getArgumentValues, Kind, parse } from 'graphql';
import { plainArguments } from '../../../src/execution/compiled/plain-arguments.ts';

const schema = buildSchema(`
  enum E { A B }
  input In { a: Int = 1, b: [String!] }
  type Query { f(i: Int, j: Int! = 7, s: String, e: E = B, in: In, l: [Int] = [1, 2], id: ID): Int g(i: Int!): Int }
`);

function field(text: string) {
  const [definition] = parse(`query ($v: Int, $w: String, $x: In, $toString: String) { ${text} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('an operation was written');
  const node = definition.selectionSet.selections[0] as FieldNode;
  const found = schema.getQueryType()?.getFields()[node.name.value];
  if (found === undefined) throw new Error('a field of the schema was written');
  return { node, field: found };
}

const VARIABLES = { v: 5, w: 'text', x: { a: 1 } };

describe('arguments in which nothing is wrong', () => {
  test.each(['f', 'f(i: 1, j: 2, s: "a", e: A, id: 3)', 'f(i: null, s: null)', 'f(i: $v, s: $w, in: $x)', 'f(j: $v)'])(
    '%s: the same as GraphQL.js makes, each time another object',
    (text) => {
      const { node, field: definition } = field(text);
      const read = plainArguments(definition, node);
      const values = read(VARIABLES);
      expect(values).toStrictEqual(getArgumentValues(definition, node, VARIABLES));
      expect(Object.keys(values ?? {})).toEqual(Object.keys(getArgumentValues(definition, node, VARIABLES)));
      expect(read(VARIABLES)).not.toBe(values);
    },
  );

  test.each([
    ['f(in: { a: 1 })', VARIABLES],
    ['f(in: { a: $v })', VARIABLES],
    ['f(l: [1, $v])', VARIABLES],
    ['f(i: $v)', {}],
    ['f(i: $v)', { v: null }],
    ['f(s: $toString)', {}],
    ['f(j: $v)', { v: null }],
    ['f(e: C)', {}],
    ['f(i: "a")', {}],
    ['g', {}],
    ['g(i: null)', {}],
  ])('%s with %j is left to GraphQL.js', (text, variables) => {
    const { node, field: definition } = field(text);
    expect(plainArguments(definition, node)(variables)).toBeUndefined();
  });
});
