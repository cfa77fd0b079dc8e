import { describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { checkLink, type LinkSpec, type SourceDescription } from '../../../src/sources/index.ts';

const base = buildSchema(`
  scalar Odd
  scalar BigInt
  scalar SafeInt
  scalar JSON
  enum Colour { RED GREEN }
  enum Paint { RED BLUE }
  type Query { nothing: Int }
  type Thing { id: ID name: String count: Int size: Float on: Boolean colour: Colour odd: Odd ids: [Int] deep: [[Int]] big: BigInt safe: SafeInt any: JSON }
`);

/** Whether a field of Thing may be given to an argument of the type. */
function fits(field: string, type: string): boolean {
  const schema = buildSchema(
    `scalar Odd scalar Other scalar BigInt scalar SafeInt scalar JSON enum Colour { RED GREEN } enum Paint { RED BLUE } type Query { ask(it: ${type}): Int }`,
  );
  const operation = { name: 'ask', kind: 'query', field: 'ask', idempotent: true, cacheable: true } as const;
  const side = (of: typeof schema, operations: SourceDescription['operations']) => ({
    name: 'x',
    description: { schema: of, namespace: 'x', operations, warnings: [] },
  });
  const spec: LinkSpec = {
    type: 'Thing',
    field: 'link',
    target: 'x',
    operation: 'ask',
    arguments: [{ name: 'it', from: 'FIELD', field }],
  };
  return checkLink(spec, side(base, new Map()), side(schema, new Map([['ask', operation]]))).ok;
}

describe('a parent field fits an argument', () => {
  test.each([
    ['id', 'ID!'],
    ['id', 'String'],
    ['count', 'ID'],
    ['count', 'String'],
    ['count', 'Float'],
    ['on', 'String'],
    ['odd', 'String'],
    ['odd', 'Odd'],
    ['name', 'Other'],
    ['colour', 'Colour'],
    ['colour', 'Paint'],
    ['name', 'Paint'],
    ['count', '[Int!]'],
    ['ids', '[Int]'],
    ['ids', '[ID!]!'],
    ['big', 'Int'],
    ['safe', 'BigInt'],
    ['count', 'SafeInt'],
    ['big', 'Float'],
    ['name', 'BigInt'],
    ['any', 'Int'],
    ['deep', 'JSON'],
  ])('%s: %s', (field, type) => {
    expect(fits(field, type)).toBe(true);
  });

  test.each([
    ['name', 'Int'],
    ['id', 'Float'],
    ['size', 'Int'],
    ['on', 'Int'],
    ['name', 'Boolean'],
    ['colour', 'String'],
    ['count', 'Paint'],
    ['odd', 'Other'],
    ['count', 'Other'],
    ['name', 'SafeInt'],
    ['size', 'BigInt'],
    ['ids', 'Int'],
    ['deep', '[Int]'],
  ])('not %s: %s', (field, type) => {
    expect(fits(field, type)).toBe(false);
  });
});
