import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { fakeConnection, fakeMember, fresh, PETSTORE_SDL } from '../schema/graph/fake-member.ts';
import { contextFor, harness } from './harness.ts';

function petstore() {
  const connection = fakeConnection((operation) => fresh(operation === 'pets' ? [{ name: 'Rex' }] : null));
  return { connection, members: [fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection })] };
}

describe('requests that never run', () => {
  test.each([
    ['text that is not GraphQL', '{ petstore {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    ['a character that is not GraphQL', '{ ? }', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Unexpected character: "?".'],
    [
      'an unknown field',
      '{ petstore { dog } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "dog" on type "PetstoreQuery".',
    ],
    [
      'the admin API for somebody else',
      '{ sources { name } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "sources" on type "Query".',
    ],
    ['no operation', 'fragment F on Query { me { id } }', 'GRAPHQL_VALIDATION_FAILED', 'Fragment "F" is never used.'],
    [
      'a subscription',
      'subscription { a }',
      'GRAPHQL_VALIDATION_FAILED',
      'The graph, as this caller may see it, has no subscriptions.',
    ],
    [
      'one of several without a name',
      'query A { me { id } } query B { me { id } }',
      'OPERATION_RESOLUTION_FAILURE',
      'A document with several operations must come with the name of one.',
    ],
  ])('%s', async (_, source, code, message) => {
    const { members, connection } = petstore();
    const result = await (await harness(members)).ask(source);
    expect(result.errors?.[0]).toMatchObject({ message, extensions: { code, http: { status: 400 } } });
    expect(result).not.toHaveProperty('data');
    expect(connection.calls).toEqual([]);
  });

  test('an unknown operation name', async () => {
    const { ask } = await harness([]);
    const result = await ask('query A { me { id } }', { operationName: 'B' });
    expect(result.errors?.[0]).toMatchObject({
      message: 'Unknown operation named "B".',
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    });
  });

  test('an empty document', async () => {
    const result = await (await harness([])).ask('');
    expect(result.errors?.[0]?.extensions?.code).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('validation errors are all told, up to a number', async () => {
    const { ask } = await harness(petstore().members);
    const some = await ask('{ a b c }');
    expect(some.errors).toHaveLength(3);
    const many = await ask(`{ ${Array.from({ length: 500 }, (_, i) => `f${i}`).join(' ')} }`);
    expect(many.errors).toHaveLength(21);
    expect(many.errors?.at(-1)?.message).toContain('Too many validation errors');
  });

  test("variables that do not fit are the client's mistake, all told", async () => {
    const { members, connection } = petstore();
    const { ask } = await harness(members);
    const source = 'query ($id: ID!, $n: Int) { petstore { pet(id: $id) { id } pets(limit: $n) { id } } }';
    const result = await ask(source, { variables: { n: 'many' } });
    expect(result.errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      ['Variable "$id" of required type "ID!" was not provided.', { code: 'BAD_USER_INPUT', http: { status: 400 } }],
      [
        'Variable "$n" got invalid value "many"; Int cannot represent non-integer value: "many"',
        { code: 'BAD_USER_INPUT', http: { status: 400 } },
      ],
    ]);
    expect(result).not.toHaveProperty('data');
    expect(connection.calls).toEqual([]);
  });

  test('introspection nested without end is refused by validation', async () => {
    const { ask } = await harness([]);
    const result = await ask('{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }');
    expect(result.errors?.[0]?.message).toBe('Maximum introspection depth exceeded');
  });
});

describe('prepared documents', () => {
  test('are kept per view: what an admin may ask is not prepared for others', async () => {
    const { ask } = await harness(petstore().members);
    const source = '{ __type(name: "Source") { name } sources { name } }';
    expect((await ask(source, { admin: true })).errors?.[0]?.message).toContain('Cannot return null');
    expect((await ask(source)).errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('are not prepared again, and known from then on where nothing is to refuse', async () => {
    const { graph, executor } = await harness(petstore().members);
    const view = graph.current.view({ admin: false, maySee: () => true });
    const request = { operationName: undefined, variables: {}, view };
    const source = 'query ($short: Boolean = false) { petstore { pets { name @skip(if: $short) } } }';
    expect(executor.known({ ...request, source })).toBeUndefined();
    const first = await executor.execute({ ...request, source, context: contextFor(graph.current) });
    expect(first.data?.petstore).toEqual({ pets: [{ name: 'Rex' }] });
    // Another tree with the same text would be a lie of the caller's; it shows that the first one is used.
    const document = parse('{ me { id } }');
    const second = await executor.execute({ ...request, source, document, context: contextFor(graph.current) });
    expect(second).toEqual(first);
    expect(await executor.known({ ...request, source })?.run(contextFor(graph.current))).toEqual(first);

    expect(executor.known({ ...request, source, operationName: 'Other' })).toBeUndefined();
    expect(executor.known({ ...request, source, variables: { short: 7 } })).toBeUndefined();
    const others = graph.current.view({ admin: false, maySee: () => false });
    expect(executor.known({ ...request, source, view: others })).toBeUndefined();
  });

  test('keep no more than they may, and answer right whatever was dropped', async () => {
    const { ask } = await harness(petstore().members, { maxDocuments: 2 });
    for (let round = 0; round < 2; round++) {
      for (const alias of ['a', 'b', 'c']) {
        const result = await ask(`{ petstore { ${alias}: pets { name } } }`);
        expect(result.data).toEqual({ petstore: { [alias]: [{ name: 'Rex' }] } });
      }
    }
  });

  test('one document asked with several operation names', async () => {
    const { ask } = await harness(petstore().members);
    const source = 'query A { petstore { a: pets { name } } } query B { petstore { b: pets { name } } }';
    expect((await ask(source, { operationName: 'A' })).data).toEqual({ petstore: { a: [{ name: 'Rex' }] } });
    expect((await ask(source, { operationName: 'B' })).data).toEqual({ petstore: { b: [{ name: 'Rex' }] } });
  });
});
