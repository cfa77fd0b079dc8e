import { describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { fakeConnection, fakeMember, fresh, PETSTORE_SDL } from '../schema/graph/fake-member.ts';
import { harness } from './harness.ts';

async function petstore(limits = {}) {
  const connection = fakeConnection(() => fresh(null));
  const { ask } = await harness([fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection })], { limits });
  const refusals = async (source: string, variables = {}): Promise<string[]> => {
    const before = connection.calls.length;
    const { errors = [], ...rest } = await ask(source, { variables });
    if (errors.length === 0) return [];
    expect(rest).toEqual({});
    expect(connection.calls).toHaveLength(before);
    return errors.map(({ extensions: e }) => {
      expect(e).toMatchObject({ code: 'QUERY_TOO_COMPLEX', http: { status: 400 } });
      return `${e?.limit} ${e?.allowed} ${e?.found}`;
    });
  };
  return { refusals, ask };
}

const friends = (levels: number): string => `${'friends { '.repeat(levels)}id${' }'.repeat(levels)}`;
const times = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

describe('limits', () => {
  test('depth', async () => {
    const { refusals } = await petstore({ cost: Infinity });
    expect(await refusals(`{ petstore { pet(id: 1) { ${friends(10)} } } }`)).toEqual(['depth 12 13']);
    expect(await refusals(`{ petstore { pet(id: 1) { ${friends(9)} } } }`)).toEqual([]);
    const fragment = `{ petstore { pet(id: 1) { ...F } } } fragment F on PetstorePet { ${friends(10)} }`;
    expect(await refusals(fragment)).toEqual(['depth 12 13']);
  });

  test('aliases, fragments unfolded', async () => {
    const { refusals } = await petstore({ rootFields: 1000 });
    expect(await refusals(`{ petstore { ${times(30, (i) => `a${i}: old`)} } }`)).toEqual([]);
    expect(await refusals(`{ petstore { ${times(31, (i) => `a${i}: old`)} } }`)).toEqual(['aliases 30 31']);
    const spread = `{ ${times(6, (i) => `p${i}: petstore { ...F }`)} } fragment F on PetstoreQuery { ${times(5, (i) => `a${i}: old`)} }`;
    expect(await refusals(spread)).toEqual(['aliases 30 36']);
  });

  test('root fields: those of the root, and those that call an operation', async () => {
    const { refusals } = await petstore();
    const calls = (count: number): string => `{ petstore { ${times(count, (i) => `a${i}: old`)} } }`;
    expect(await refusals(calls(20))).toEqual([]);
    expect(await refusals(calls(21))).toEqual(['root fields 20 21']);
    expect(await refusals(`{ ${times(21, (i) => `a${i}: __typename`)} }`)).toEqual(['root fields 20 21']);
    const fragment = `{ ...F } fragment F on Query { ${times(21, (i) => `a${i}: petstore { __typename }`)} }`;
    expect(await refusals(fragment)).toEqual(['root fields 20 21']);
  });

  test('tokens, before parsing', async () => {
    const { refusals } = await petstore();
    expect(await refusals(`{ petstore { ${times(2000, () => 'old')} }`)).toEqual(['tokens 2000 2001']);
    expect(await refusals('{'.repeat(100_000))).toEqual(['tokens 2000 2001']);
    expect(await refusals(`{ petstore { old } } # ${times(5000, () => 'words in a comment')}`)).toEqual([]);
  });

  test('directives', async () => {
    const { refusals } = await petstore();
    const directives = (count: number): string => `{ petstore { ${times(count, () => 'old @include(if: true)')} } }`;
    expect(await refusals(directives(51))).toEqual(['directives 50 51']);
    expect(await refusals(`{ petstore { ... ${times(51, () => '@unknown')} { old } } }`)).toEqual(['directives 50 51']);
  });

  test.each([
    ['a leaf is nothing but its call', '{ petstore { old } }', 11],
    ['a list counts five times', '{ petstore { pet(id: 1) { friends { id } } } }', 1 + 10 + 1 + 5],
    [
      'a list in a list multiplies',
      '{ petstore { pet(id: 1) { friends { toys { name } } } } }',
      1 + 10 + 1 + 5 * (1 + 5),
    ],
    ['a page size counts', '{ petstore { pets(limit: 100) { toys { name } } } }', 1 + 10 + 100 * (1 + 5)],
    ['the default of a page size counts', '{ petstore { pets { id } } }', 1 + 10 + 10],
    ['a page object hands its size down', '{ petstore { page(first: 50) { total items { id } } } }', 1 + 10 + 1 + 50],
    ['a page of nothing', '{ petstore { pets(limit: 0) { friends { id } } } }', 1 + 10],
    ['less than nothing is nothing', '{ petstore { pets(limit: -5) { friends { id } } } }', 1 + 10],
    [
      'a fragment counts wherever it is spread',
      '{ petstore { a: pets(limit: 1) { ...F } b: pets(limit: 2) { ...F } } } fragment F on PetstorePet { friends { id } }',
      1 + 10 + 6 + 10 + 12,
    ],
    [
      'what is skipped is nothing',
      '{ petstore { old pets @skip(if: true) { id } pet(id: 1) @include(if: false) { id } } }',
      11,
    ],
  ])('cost: %s', async (_, source, cost) => {
    expect(await (await petstore({ cost: cost - 1 })).refusals(source)).toEqual([`cost ${cost - 1} ${cost}`]);
    expect(await (await petstore({ cost })).refusals(source)).toEqual([]);
  });

  test('cost depends on variables, also when the document is known', async () => {
    const { refusals } = await petstore();
    const source = 'query ($n: Int, $skip: Boolean = false) { petstore { pets(limit: $n) @skip(if: $skip) { id } } }';
    expect(await refusals(source, { n: 10 })).toEqual([]);
    expect(await refusals(source, { n: 5000 })).toEqual(['cost 5000 5011']);
    expect(await refusals(source, { n: 5000, skip: true })).toEqual([]);
    expect(await refusals(source, { n: 2 ** 31 - 1 })).toEqual([`cost 5000 ${2 ** 31 - 1 + 11}`]);
    expect(await refusals(source)).toEqual([]);
  });

  test('every limit that is passed is told', async () => {
    const { refusals } = await petstore({ cost: 10, aliases: 0, rootFields: 0, depth: 1 });
    expect(await refusals('{ petstore { a: old } }')).toEqual([
      'depth 1 2',
      'aliases 0 1',
      'root fields 0 1',
      'cost 10 11',
    ]);
  });

  test('the introspection query of the usual tools passes, many of them in one document do not', async () => {
    const { refusals, ask } = await petstore();
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect((await ask(query)).errors).toBeUndefined();
    const all = '__schema { types { name } }';
    expect(await refusals(`{ ${times(10, (i) => `a${i}: ${all}`)} }`)).toEqual(['cost 5000 5010']);
    const types = `__type(name: "Query") { ${'ofType { '.repeat(25)}name${' }'.repeat(26)}`;
    expect(await refusals(`{ ${types} }`)).toEqual(['introspection depth 20 26']);
  });
});
