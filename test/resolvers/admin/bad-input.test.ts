import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  PublishSourceDocument,
  RegisterSourceDocument,
  type RegisterSourceMutationVariables,
  ReviseSourceDocument,
  SetPolicyDocument,
  type SetPolicyMutationVariables,
  UpdateSourceDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
let before: unknown;
beforeAll(async () => {
  weir = await startHarness();
  await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
  await weir.run(PublishSourceDocument, { name: 'zoo' });
  before = await weir.snapshot();
});
afterAll(() => weir.close());

type Input = RegisterSourceMutationVariables['input'];
type Policy = SetPolicyMutationVariables['policy'];

async function refusedPaths(input: Input): Promise<readonly string[]> {
  const error = await weir.refused(RegisterSourceDocument, { input });
  expect(error.code).toBe('INVALID_DEFINITION');
  for (const { message } of error.problems) expect(message.length).toBeGreaterThan(0);
  expect(await weir.snapshot()).toEqual(before);
  return error.problems.map(({ path }) => path);
}

describe('the name of a new source', () => {
  test.each([
    ['', 'a GraphQL name'],
    ['1st', 'a GraphQL name'],
    ['my-api', 'a GraphQL name'],
    ['naïve', 'a GraphQL name'],
    ['a b', 'a GraphQL name'],
    ['zoo\n', 'a GraphQL name'],
    ['__zoo', '__'],
    ['x'.repeat(65), 'at most 64'],
    ['sources', 'admin API'],
    ['me', 'admin API'],
    ['publishSource', 'admin API'],
    ['usage', 'admin API'],
  ])('%j is refused', async (name, why) => {
    const error = await weir.refused(RegisterSourceDocument, { input: { name, ...rest(PETS) } });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path)).toEqual(['input.name']);
    expect(error.problems[0]?.message).toContain(why);
    expect(await weir.snapshot()).toEqual(before);
  });

  test('that is taken is a conflict, with its place', async () => {
    const error = await weir.refused(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    expect(error).toMatchObject({ code: 'CONFLICT', problems: [{ path: 'input.name' }] });
  });
});

describe('a new source', () => {
  test('must be of exactly one kind', async () => {
    expect(await refusedPaths({ name: 'park' })).toEqual(['input']);
    expect(await refusedPaths({ name: 'park', rest: null })).toEqual(['input']);
  });

  test('is told every problem at once: of its name, its words, its policies, and of the document', async () => {
    expect(
      await refusedPaths({
        name: '1',
        title: 't'.repeat(201),
        tags: ['ok', ''],
        policy: { deadlineMs: 0, retries: 99, cache: { ttlSeconds: -1 } },
        rest: {
          document: 'bad: first; second',
          auth: { bearer: { token: 'a' }, basic: { username: 'a', password: 'b' } },
          operations: [{ operation: 'a' }, { operation: 'b', policy: { attemptTimeoutMs: -5 } }],
        },
      }),
    ).toEqual([
      'input.name',
      'input.title',
      'input.tags.1',
      'input.policy.deadlineMs',
      'input.policy.retries',
      'input.policy.cache.ttlSeconds',
      'input.rest.auth',
      'input.rest.operations.1.policy.attemptTimeoutMs',
      '/paths',
      '/paths',
    ]);
  });

  test('is told of a taken name beside other problems', async () => {
    expect(await refusedPaths({ name: 'zoo', policy: { retries: -1 }, ...rest('bad: first') })).toEqual([
      'input.name',
      'input.policy.retries',
      '/paths',
    ]);
  });

  test('is told of its own problems even when its document breaks the reader', async () => {
    const read = weir.kind.read.bind(weir.kind);
    weir.kind.read = () => Promise.reject(new Error('host not found'));
    expect(await refusedPaths({ name: '1', ...rest(PETS) })).toEqual(['input.name']);
    await expect(weir.run(RegisterSourceDocument, { input: { name: 'park', ...rest(PETS) } })).rejects.toThrow(
      'host not found',
    );
    weir.kind.read = read;
  });

  test('must have an operation, and fall back on one it has', async () => {
    expect(await refusedPaths({ name: 'park', ...rest('type Query { nothing: String }') })).toEqual(['input.rest']);
    expect(await refusedPaths({ name: 'park', policy: { fallback: { operation: 'lion' } }, ...rest(PETS) })).toEqual([
      'input.policy.fallback.operation',
    ]);
  });

  test('must fall back from an operation on one it has', async () => {
    const operations = [{ operation: 'pet', policy: { fallback: { operation: 'lion' } } }];
    expect(await refusedPaths({ name: 'park', ...rest(PETS, { operations }) })).toEqual(['input.rest.operations']);
  });

  test('never shows a secret in a refusal', async () => {
    const error = await weir.refused(RegisterSourceDocument, {
      input: { name: '1', rest: { document: 'bad: x', auth: { bearer: { token: 'hush-hush' } } } },
    });
    expect(JSON.stringify(error)).not.toContain('hush-hush');
  });
});

describe('a policy', () => {
  const cases: readonly (readonly [Policy, readonly string[]])[] = [
    [{ deadlineMs: 0 }, ['deadlineMs']],
    [{ deadlineMs: 3_600_001 }, ['deadlineMs']],
    [
      { attemptTimeoutMs: -1, softTimeoutMs: -1, hedgeAfterMs: 0 },
      ['attemptTimeoutMs', 'softTimeoutMs', 'hedgeAfterMs'],
    ],
    [{ retries: 11, maxConcurrency: 0, followRedirects: -1 }, ['retries', 'maxConcurrency', 'followRedirects']],
    [{ reconnects: -1 }, ['reconnects']],
    [{ reconnects: 1_001 }, ['reconnects']],
    [{ cache: { staleSeconds: -1, negativeTtlSeconds: -1 } }, ['cache.staleSeconds', 'cache.negativeTtlSeconds']],
    [{ cache: { tags: Array.from({ length: 33 }, (_, i) => `t${i}`) } }, ['cache.tags']],
    [{ cache: { tags: ['', 'x'.repeat(129)] } }, ['cache.tags.0', 'cache.tags.1']],
    [{ healthCheck: { path: 'health', intervalSeconds: 0 } }, ['healthCheck.intervalSeconds', 'healthCheck.path']],
    [{ idempotencyHeader: 'not a header', deadlineHeader: '' }, ['idempotencyHeader', 'deadlineHeader']],
    [{ fallback: {} }, ['fallback']],
    [{ fallback: { value: 1, operation: 'pet' } }, ['fallback']],
    [{ fallback: { value: 1, arguments: {} } }, ['fallback.arguments']],
    [{ fallback: { operation: 'pet', arguments: [1] } }, ['fallback.arguments']],
    [{ fallback: { operation: 'lion' } }, ['fallback.operation']],
  ];
  test.each(cases)('%j is refused', async (policy, fields) => {
    const error = await weir.refused(SetPolicyDocument, { source: 'zoo', policy });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path).toSorted()).toEqual(
      fields.map((field) => `input.policy.${field}`).toSorted(),
    );
    expect(await weir.snapshot()).toEqual(before);
  });

  test('at the edges of its ranges is taken', async () => {
    const edges: Policy = {
      deadlineMs: 1,
      softTimeoutMs: 0,
      retries: 0,
      reconnects: 0,
      cache: { ttlSeconds: 0, tags: ['x'.repeat(128)] },
    };
    const park = { name: 'park', policy: edges, ...rest(PETS) };
    expect((await weir.run(RegisterSourceDocument, { input: park })).registerSource.name).toBe('park');
    before = await weir.snapshot();
  });

  test('for an unknown operation names it, beside what else is wrong', async () => {
    const error = await weir.refused(SetPolicyDocument, { source: 'zoo', operation: 'lion', policy: { retries: -1 } });
    expect(error.problems.map(({ path }) => path)).toEqual(['input.policy.retries', 'input.operation']);
    expect(await weir.snapshot()).toEqual(before);
  });
});

describe('other mutations', () => {
  test('of an unknown source find nothing', async () => {
    const input = { name: 'nobody' };
    expect((await weir.refused(ReviseSourceDocument, { input: { ...input, ...rest(PETS) } })).code).toBe('NOT_FOUND');
    expect((await weir.refused(UpdateSourceDocument, { input })).code).toBe('NOT_FOUND');
    expect((await weir.refused(SetPolicyDocument, { source: 'nobody', policy: {} })).code).toBe('NOT_FOUND');
  });

  test('list every problem of a revision, and leave the live one alone', async () => {
    const error = await weir.refused(ReviseSourceDocument, {
      input: { name: 'zoo', note: 'n'.repeat(2001), ...rest('bad: first; second') },
    });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path)).toEqual(['input.note', '/paths', '/paths']);
    expect(await weir.snapshot()).toEqual(before);
  });

  test('refuse words that are too long', async () => {
    const error = await weir.refused(UpdateSourceDocument, {
      input: { name: 'zoo', description: 'd'.repeat(10_001), team: 't'.repeat(101) },
    });
    expect(error.problems.map(({ path }) => path)).toEqual(['input.description', 'input.team']);
  });
});
