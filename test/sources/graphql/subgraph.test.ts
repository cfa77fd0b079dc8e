import { describe, expect, test } from '@jest/globals';
import { readSubgraph } from '../../../src/sources/graphql/federation/subgraph.ts';

const batch = { argument: 'representations', max: 100, position: true };
const by = (typename: string, ...fields: string[]) => [{ name: 'representations', from: 'FIELDS', fields, typename }];

describe('the SDL of a subgraph', () => {
  test('of version 1: extended types, keys that are external', () => {
    const { entities, withheld } = readSubgraph(`
      extend type Product @key(fields: "upc") {
        upc: String! @external
        weight: Int @external
        shipping: Int @requires(fields: "weight size { width }")
        size: Size @external
        reviews: [Int]
      }
      type Size { width: Int }
    `);
    expect(entities).toEqual([
      {
        type: 'Product',
        key: ['upc'],
        fields: ['upc', 'reviews'],
        operation: '_entities',
        arguments: by('Product', 'upc'),
        batch,
      },
      {
        type: 'Product',
        key: ['upc'],
        fields: ['shipping'],
        operation: '_entities',
        arguments: by('Product', 'upc', 'weight', 'size.width'),
        batch,
      },
    ]);
    expect([...withheld]).toEqual(['Product.weight', 'Product.size']);
  });

  test('of version 2: several keys, composite ones, names that are not imported, references', () => {
    const { entities, withheld } = readSubgraph(`
      type User @key(fields: "id") @federation__key(fields: "email org { id }") {
        id: ID! email: String org: Org secret: Int @federation__inaccessible
      }
      type Org @key(fields: "id", resolvable: false) { id: ID! }
      type Query { me: User }
    `);
    expect(entities.map(({ type, key, operation, fields }) => [type, key, operation, fields])).toEqual([
      ['User', ['id'], '_entities', ['id', 'email', 'org']],
      ['User', ['email', 'org.id'], '_entities', ['id', 'email', 'org']],
      ['Org', ['id'], undefined, undefined],
    ]);
    expect([...withheld]).toEqual(['User.secret']);
  });

  test('that is none is refused', () => {
    expect(() => readSubgraph('type {')).toThrow('Syntax Error');
    expect(() => readSubgraph('type A @key(fields: "{") { id: ID }')).toThrow('Syntax Error');
  });
});
