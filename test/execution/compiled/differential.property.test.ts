import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInterfaceType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import { compileOperation } from '../../../src/execution/compiled/compile-operation.ts';

const SDL = `
  type Query { node: Node  nodes: [Node]  strict: [Node!]!  thing: Thing  any: Named  leaf: Int }
  type Mutation { node: Node  strict: Node!  leaf: Int }
  type Node implements Named {
    name: String!  id: ID  leaf: Int  odd: Odd  color: Color  node: Node  strict: Node!
    nodes: [Node]  stricts: [Node!]  grid: [[Int!]]  thing: Thing  things: [Thing!]!  any: Named  echo(text: String = "t", n: Int!): String
  }
  type Other implements Named { name: String!  leaf: Int  other: Other }
  union Thing = Node | Other
  interface Named { name: String! }
  enum Color { RED GREEN }
  scalar Odd
`;

/** What is behind a field: the same for the same seed, however often it is asked for. */
class Source {
  readonly #seed: number;
  readonly #promises: boolean;

  constructor(seed: number, promises: boolean) {
    this.#seed = seed;
    this.#promises = promises;
  }

  get __typename(): unknown {
    return (
      ['Node', 'Other', 'Node', 'Other', 'Nothing', 'Color', 7, undefined, 'Query'][this.#pick('__typename', 30)] ??
      'Node'
    );
  }

  value(field: string): unknown {
    const value = this.#value(field);
    if (!this.#promises || this.#pick(`${field} promise`, 3) > 0) return value;
    if (!(value instanceof Error)) return Promise.resolve(value);
    const rejected = Promise.reject(value);
    rejected.catch(() => undefined);
    return rejected;
  }

  #value(field: string): unknown {
    const roll = this.#pick(field, 24);
    if (roll === 0) return null;
    if (roll === 1) return new Error(`no ${field}`);
    if (roll === 2) return new GraphQLError(`coded ${field}`, { extensions: { code: 'C' } });
    if (roll === 3) return 'text';
    if (roll === 4) return undefined;
    const child = (i: number): Source => new Source(hash(`${this.#seed} ${field} ${i}`), this.#promises);
    switch (field) {
      case 'name':
      case 'id':
        return `${field} ${roll}`;
      case 'leaf':
      case 'odd':
        return roll;
      case 'color':
        return roll > 20 ? 'BLUE' : 'RED';
      case 'grid':
        return [[roll, 2], null, [roll === 5 ? null : 3]];
      case 'nodes':
      case 'stricts':
      case 'strict':
      case 'things':
        if (field === 'strict' && roll % 2 === 0) return child(0);
        return Array.from({ length: roll % 4 }, (_, i) =>
          roll === 9 && i === 1 ? new Error('item') : this.#item(child(i), i),
        );
      default:
        return child(0);
    }
  }

  #item(child: Source, i: number): unknown {
    return this.#promises && this.#pick(`item ${i}`, 2) === 0 ? Promise.resolve(child) : child;
  }

  #pick(what: string, of: number): number {
    return hash(`${this.#seed} ${what}`) % of;
  }
}

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}

function schemaOf(sdl: string, root: () => Source): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        field.resolve = (source: Source | undefined, args, _context, info) => {
          if (field.name === 'echo') return JSON.stringify([args, info.path, info.fieldNodes.length]);
          return (source ?? root()).value(field.name);
        };
      }
      if (type.name === 'Other') type.isTypeOf = (value) => (value as Source).__typename !== 'Node';
    }
    if (isInterfaceType(type)) {
      type.resolveType = (value) => {
        const name = (value as Source).__typename;
        if (name === 7) throw new Error('unresolvable');
        return name === 'Other' ? Promise.resolve('Other') : (name as string);
      };
    }
    if (isScalarType(type) && type.name === 'Odd') {
      type.serialize = (value) => {
        if (typeof value !== 'number') throw new GraphQLError('not odd', { extensions: { code: 'ODD' } });
        return value % 2 === 1 ? value : undefined;
      };
    }
  }
  return schema;
}

const CONDITIONS = [
  '',
  '',
  '',
  ' @skip(if: $a)',
  ' @include(if: $b)',
  ' @include(if: true)',
  ' @skip(if: $b) @include(if: $a)',
];
const condition = fc.constantFrom(...CONDITIONS);
const alias = fc.constantFrom('', '', '', 'x: ', 'y: ', '__proto__: ');

/** Text of selections on Node; those on unions and interfaces go into typed fragments. */
const { onNode } = fc.letrec<{ onNode: string; selection: string; onAbstract: string }>((tie) => ({
  selection: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(
        alias,
        fc.constantFrom(
          'name',
          'id',
          'leaf',
          'odd',
          'color',
          'grid',
          '__typename',
          'echo(n: $n)',
          'echo(n: 1, text: $t)',
        ),
        condition,
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('node', 'strict', 'nodes', 'stricts', 'a: node', 'b: nodes'), condition, tie('onNode'))
      .map(([field, when, below]) => `${field}${when} { ${below} }`),
    fc
      .tuple(fc.constantFrom('thing', 'things', 'any'), condition, tie('onAbstract'))
      .map(([field, when, below]) => `${field}${when} { ${below} }`),
    fc.tuple(condition, tie('onNode')).map(([when, below]) => `...${when} { ${below} }`),
    fc.tuple(fc.constantFrom('F', 'G'), condition).map(([name, when]) => `...${name}${when}`),
  ),
  onNode: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')),
  onAbstract: fc
    .tuple(tie('onNode'), condition)
    .map(
      ([below, when]) => `__typename ... on Node${when} { ${below} } ... on Other { name o: leaf other { name } } ...N`,
    ),
}));

const operation = fc
  .record({
    kind: fc.constantFrom('query', 'mutation'),
    root: fc.array(fc.constantFrom('node', 'nodes', 'strict', 'n2: node', 'any'), { minLength: 1, maxLength: 3 }),
    below: onNode,
    f: onNode,
    g: onNode,
  })
  .map(({ kind, root, below, f, g }) => {
    const fields = root
      .filter((field) => kind === 'query' || !['nodes', 'any'].includes(field))
      .map((field) => (field === 'any' ? `any { __typename ...N }` : `${field} { ${below} }`));
    // Fragments that are spread where they are defined would be circles.
    const flat = (text: string): string => text.replaceAll(/\.\.\.(F|G)\b( @\w+\(if: [$\w]+\))*/g, 'id');
    return `${kind} ($a: Boolean!, $b: Boolean = true, $n: Int!, $t: String) { leaf ${fields.join(' ')} }
      fragment F on Node { ${flat(f)} ...G } fragment G on Node { ${flat(g)} } fragment N on Named { name }`;
  });

const variables = fc.record(
  { a: fc.boolean(), b: fc.boolean(), n: fc.nat(5), t: fc.option(fc.string()) },
  { requiredKeys: ['a', 'n'] },
);

async function both(sdl: string, source: string, given: Record<string, unknown>, seed: number, promises: boolean) {
  const schema = schemaOf(sdl, () => new Source(seed, promises));
  const document = parse(source);
  // Not validated: fields of one key that do not merge are executed all the same, by the first of them.
  const node = getOperationAST(document);
  if (node == null) throw new Error('no operation');
  const { coerced, errors } = getVariableValues(schema, node.variableDefinitions ?? [], given);
  if (coerced === undefined) throw new Error(String(errors));
  const compiled = compileOperation(schema, document, node);
  const first = await compiled.run({}, coerced);
  const again = await compiled.run({}, coerced);
  const reference = await execute({ schema, document, variableValues: given, contextValue: {} });
  return { first: plain(first), again: plain(again), reference: plain(reference) };
}

const plain = (result: ExecutionResult): { data: unknown; errors: readonly unknown[] } => {
  const { data, errors = [], ...rest } = JSON.parse(JSON.stringify(result));
  expect(rest).toEqual({});
  // JSON.stringify shows an own property __proto__ that toEqual would take for the prototype.
  return { data: JSON.stringify(data), errors };
};
const byPath = (errors: readonly unknown[]): string[] => errors.map((error) => JSON.stringify(error)).sort();

describe('a compiled operation and graphql-js give the same', () => {
  // Thousands of errors are made here, and nobody reads their stacks.
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  test('answers and errors, in the same order, when nothing is asynchronous but the resolution of a type', async () => {
    const sdl = SDL.replace('any: Named  echo', 'echo')
      .replace('any: Named  leaf', 'leaf')
      .replace('type Query {', 'type Query { any: Thing ')
      .replace('thing: Thing  things', 'any: Thing  thing: Thing  things');
    let compared = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(operation, variables, fc.nat(), async (source, given, seed) => {
        const { first, again, reference } = await both(sdl, source, given, seed, false);
        expect(first).toEqual(reference);
        expect(again).toEqual(reference);
        compared++;
        if (reference.errors.length > 0) failed++;
      }),
      { numRuns: 300 },
    );
    // The comparison is worth something only while most documents run and many have errors.
    expect(compared).toBeGreaterThan(200);
    expect(failed).toBeGreaterThan(100);
  });

  test('answers and errors, in some order, with promises anywhere and no field that must not be null', async () => {
    await fc.assert(
      fc.asyncProperty(operation, variables, fc.nat(), async (source, given, seed) => {
        const sdl = SDL.replaceAll(/([\w\]])!(?=[\s\]}])/g, '$1')
          .replaceAll('Node!', 'Node')
          .replaceAll('Thing!', 'Thing');
        const { first, again, reference } = await both(sdl, source, given, seed, true);
        expect(first.data).toEqual(reference.data);
        expect(byPath(first.errors)).toEqual(byPath(reference.errors));
        expect(again.data).toEqual(reference.data);
      }),
      { numRuns: 300 },
    );
  });

  // Which of several errors is told that null the same thing depends on which promise is first, in graphql-js too.
  // Items may be null here: of a list that one item ends, graphql-js leaves the other items' rejections unhandled.
  test('answers, with promises anywhere and fields that must not be null', async () => {
    const sdl = SDL.replaceAll(/\[(Node|Thing)!\]/g, '[$1]');
    await fc.assert(
      fc.asyncProperty(operation, variables, fc.nat(), async (source, given, seed) => {
        const { first, again, reference } = await both(sdl, source, given, seed, true);
        expect(first.data).toEqual(reference.data);
        expect(again.data).toEqual(reference.data);
        expect(first.errors.length > 0).toBe(reference.errors.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});
