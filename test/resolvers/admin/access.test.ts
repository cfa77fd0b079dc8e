import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLType,
  getNullableType,
  isListType,
  isNonNullType,
} from 'graphql';
import { anonymous, type Caller } from '../../../src/access/index.ts';
import { MeDocument } from '../../support/generated/admin-api.ts';
import { admin, consumer, type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

/** Some value of an input type, so that the field is reached. */
function literal(type: GraphQLType): string {
  const inner = getNullableType(type);
  if (isListType(inner)) return '[]';
  const named = String(inner);
  if (named === 'Int') return '1';
  if (named === 'Boolean') return 'true';
  if (named === 'RegisterSourceInput' || named === 'ReviseSourceInput' || named === 'UpdateSourceInput') {
    return '{ name: "zoo" }';
  }
  if (named === 'LinkInput') return '{ source: "zoo", type: "T", field: "f", operation: "o" }';
  if (named === 'ProviderInput') return '{ name: "x", kind: GROQ, credential: { apiKey: "k" } }';
  if (named === 'BudgetInput') return '{ kind: KEY, id: "anonymous", usdPerDay: 1 }';
  if (named === 'BudgetSubjectKind') return 'KEY';
  if (named === 'TestPromptInput') return '{ name: "zoo", variables: {} }';
  if (named === 'CreateKeyInput') return '{ name: "a key", role: ADMIN }';
  if (named === 'PolicyInput') return '{}';
  return '"x"';
}

function calls(): readonly { readonly root: string; readonly field: string; readonly text: string }[] {
  const roots = [weir.schema.getQueryType(), weir.schema.getMutationType()];
  return roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {}).map((field) => {
      const given = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
      const args =
        given.length === 0 ? '' : `(${given.map(({ name, type }) => `${name}: ${literal(type)}`).join(', ')})`;
      const type = getNullableType(field.type instanceof GraphQLNonNull ? field.type.ofType : field.type);
      const isObject = type instanceof GraphQLObjectType || isListType(type);
      const operation = root === weir.schema.getQueryType() ? 'query' : 'mutation';
      return {
        root: operation,
        field: field.name,
        text: `${operation} { ${field.name}${args} ${isObject ? '{ __typename }' : ''} }`,
      };
    }),
  );
}

describe('the admin API', () => {
  test.each<[string, Caller, string]>([
    ['anonymous callers', anonymous, 'UNAUTHENTICATED'],
    ['consumers', consumer, 'FORBIDDEN'],
  ])('refuses %s in every field but `me`, and does nothing', async (_who, caller, code) => {
    const before = await weir.snapshot();
    const closed = calls().filter(({ field }) => field !== 'me');
    expect(closed.length).toBeGreaterThanOrEqual(20);
    for (const { text } of closed) expect([text, (await weir.refused(text, {}, caller)).code]).toEqual([text, code]);
    expect(await weir.snapshot()).toEqual(before);
    expect(weir.kind.reads).toBe(0);
  });

  test('is not in the graph that others see, but for `me`', async () => {
    for (const caller of [anonymous, consumer]) {
      const { data } = await weir.query('{ __schema { queryType { fields { name } } mutationType { name } } }', caller);
      expect(data).toEqual({ __schema: { queryType: { fields: [{ name: 'me' }] }, mutationType: null } });
    }
  });

  test('tells callers who they are', async () => {
    const me = async (caller: Caller) => (await weir.run(MeDocument, {}, caller)).me;
    expect(await me(anonymous)).toEqual({ kind: 'ANONYMOUS', name: null, role: null, keyId: null });
    expect(await me(consumer)).toEqual({ kind: 'KEY', name: 'Cy', role: 'CONSUMER', keyId: 'k-consumer' });
    expect(await me(admin)).toEqual({ kind: 'KEY', name: 'Ada', role: 'ADMIN', keyId: 'k-admin' });
  });
});
