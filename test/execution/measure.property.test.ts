import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { type Measurement, measureOperation } from '../../src/execution/measure-operation.ts';

const schema = buildSchema(
  'type Query { n: N  x: Int } type N { one: N  many(first: Int): [N]  page(first: Int): N  leaf: Int }',
);

function measure(source: string, variables = {}): Measurement {
  const { definitions }: DocumentNode = parse(source);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
  }
  if (operation === undefined) throw new Error('no operation');
  return measureOperation(schema, operation, fragments, variables);
}

/** A selection on N. Fragments F0..F4 may spread those after them only, unless cycles are wanted. */
type Selection =
  | { readonly kind: 'leaf'; readonly alias: boolean }
  | {
      readonly kind: 'field';
      readonly field: string;
      readonly alias: boolean;
      readonly first: number | undefined;
      readonly of: Selection[];
    }
  | { readonly kind: 'inline'; readonly of: Selection[] }
  | { readonly kind: 'spread'; readonly to: number };

const FRAGMENTS = 5;
const { selection } = fc.letrec<{ selection: Selection }>((tie) => ({
  selection: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('leaf' as const), alias: fc.boolean() }),
    fc.record({ kind: fc.constant('spread' as const), to: fc.nat(FRAGMENTS - 1) }),
    fc.record({ kind: fc.constant('inline' as const), of: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('field' as const),
      field: fc.constantFrom('one', 'many', 'page'),
      alias: fc.boolean(),
      first: fc.option(fc.nat(20), { nil: undefined }),
      of: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const selections = fc.array(selection, { minLength: 1, maxLength: 3 });

function print(all: readonly Selection[], spreadable: (to: number) => boolean): string {
  return all
    .map((s) => {
      switch (s.kind) {
        case 'leaf':
          return s.alias ? 'a: leaf' : 'leaf';
        case 'spread':
          return spreadable(s.to) ? `...F${s.to}` : 'leaf';
        case 'inline':
          return `... { ${print(s.of, spreadable)} }`;
        case 'field': {
          const args = s.first === undefined || s.field === 'one' ? '' : `(first: ${s.first})`;
          return `${s.alias ? 'b: ' : ''}${s.field}${args} { ${print(s.of, spreadable)} }`;
        }
        default: {
          const never: never = s;
          return never;
        }
      }
    })
    .join(' ');
}

/** The same document with every spread replaced by what it stands for. */
function unfold(all: readonly Selection[], fragments: readonly Selection[][], after: number): Selection[] {
  return all.flatMap((s): Selection[] => {
    if (s.kind === 'leaf') return [s];
    if (s.kind === 'spread') {
      return s.to > after
        ? [{ kind: 'inline', of: unfold(fragments[s.to] ?? [], fragments, s.to) }]
        : [{ kind: 'leaf', alias: false }];
    }
    return [{ ...s, of: unfold(s.of, fragments, after) }];
  });
}

const figures = ({ depth, aliases, rootFields, operations, cost }: Measurement) => ({
  depth,
  aliases,
  rootFields,
  operations,
  cost,
});

describe('measuring', () => {
  test('finds what the unfolded document amounts to, without unfolding it', () => {
    fc.assert(
      fc.property(
        selections,
        fc.array(selections, { minLength: FRAGMENTS, maxLength: FRAGMENTS }),
        (root, fragments) => {
          const source =
            `{ n { ${print(root, () => true)} } } ` +
            fragments.map((f, i) => `fragment F${i} on N { ${print(f, (to) => to > i)} }`).join(' ');
          const whole = `{ n { ${print(unfold(root, fragments, -1), () => false)} } }`;
          expect(figures(measure(source))).toEqual(figures(measure(whole)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('takes steps in proportion to the document, also when fragments go in circles', () => {
    fc.assert(
      fc.property(
        selections,
        fc.array(selections, { minLength: FRAGMENTS, maxLength: FRAGMENTS }),
        (root, fragments) => {
          const texts = [root, ...fragments].map((f) => print(f, () => true));
          const source = `{ n { ${texts[0]} } } ${texts
            .slice(1)
            .map((f, i) => `fragment F${i} on N { ${f} }`)
            .join(' ')}`;
          const nodes = source.split(/[\s{}]+/).length;
          // Each fragment once for every page size that stands around a spread of it.
          const pageSizes = 1 + new Set(source.match(/page\(first: \d+\)/g)).size;
          expect(measure(source).steps).toBeLessThanOrEqual(nodes * pageSizes);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a tower of fragments that doubles at every level is measured at its full height', () => {
    const levels = 150;
    const tower = Array.from(
      { length: levels },
      (_, i) => `fragment F${i} on N { a: one { ...F${i + 1} } b: one { ...F${i + 1} } }`,
    );
    const measured = measure(`{ n { ...F0 } } ${tower.join(' ')} fragment F${levels} on N { leaf }`);
    expect(measured.depth).toBe(levels + 2);
    expect(measured.aliases).toBe(2 ** (levels + 1) - 2);
    expect(measured.steps).toBeLessThan(levels * 5);
  });

  test('fragments in circles, and lists of nothing around them, are endless, never a number', () => {
    const circle = measure(
      '{ n { many(first: 0) { ...A } } } fragment A on N { one { ...B } } fragment B on N { ...A }',
    );
    expect(figures(circle)).toMatchObject({ depth: Infinity, aliases: Infinity, cost: Infinity });
  });

  test('a document that names unknown things is measured all the same', () => {
    const measured = measure('{ nowhere(first: 3) { a { ...Lost } } ... on Nothing { b } }');
    expect(measured).toMatchObject({ depth: 2, rootFields: 2 });
  });
});
