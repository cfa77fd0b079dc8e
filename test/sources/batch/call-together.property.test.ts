import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import { type BatchDescription, type Call, callTogether, type Outcome } from '../../../src/sources/index.ts';

const fresh = (value: unknown): Outcome => ({
  kind: 'FRESH',
  value,
  ageMs: 0,
  durationMs: 1,
  attempts: [],
  cache: 'MISS',
});
const failed: Outcome = {
  kind: 'FAILED',
  failure: new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'http_response_incomplete',
    detail: 'x',
    retryable: false,
    countsAgainstHealth: true,
  }),
  durationMs: 1,
  attempts: [],
  cache: 'MISS',
};

const world = fc.record({
  max: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 0, max: 4 }),
  by: fc.constantFrom('FIELD' as const, 'MAP' as const, 'POSITION' as const),
  many: fc.boolean(),
  calls: fc.array(
    fc.record({
      key: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }).map(String)),
      other: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 60 },
  ),
  /** Keys the upstream has nothing for, and keys it fails at. */
  absent: fc.uniqueArray(fc.integer({ min: 0, max: 30 })),
  broken: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 2 }),
  seed: fc.nat(),
});

describe('calls with keys', () => {
  test('are as few as the bulk form allows, and each gets what the upstream has for its key', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ max, width, by, many, calls, absent, broken, seed }) => {
        const match: BatchDescription['match'] = by === 'FIELD' ? { by, field: ['id'] } : { by };
        const batch: BatchDescription = { argument: 'input.ids', max, items: ['page'], match, many };
        const item = (key: number, other: unknown) => (many ? [{ id: key, other }] : { id: key, other });
        const sent: { readonly other: unknown; readonly ids: readonly number[] }[] = [];
        let underWay = 0;
        let peak = 0;
        const once = async ({ other, input }: Readonly<Record<string, unknown>>): Promise<Outcome> => {
          const ids = (input as { ids: (number | string)[] }).ids.map(Number);
          sent.push({ other, ids });
          peak = Math.max(peak, ++underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay--;
          if (ids.some((id) => broken.includes(id))) return failed;
          const there = ids.filter((id) => !absent.includes(id));
          if (by === 'MAP') {
            return fresh({ page: Object.fromEntries(there.map((id) => [String(id), item(id, other)])) });
          }
          if (by === 'POSITION') {
            return fresh({ page: ids.map((id) => (absent.includes(id) ? null : item(id, other))) });
          }
          const shuffled = seed % 2 === 0 ? there.toReversed() : there;
          return fresh({ page: shuffled.map((id) => ({ id, other })) });
        };
        const given: Call[] = calls.map(({ key, other }) => ({ arguments: { other }, key }));
        const outcomes = await callTogether(batch, given, () => width, once);

        for (const other of ['a', 'b']) {
          const unique = new Set(calls.filter((call) => call.other === other).map(({ key }) => Number(key)));
          const ofOther = sent.filter((call) => call.other === other);
          expect(ofOther).toHaveLength(Math.ceil(unique.size / max));
          expect(ofOther.flatMap(({ ids }) => ids).toSorted((a, b) => a - b)).toEqual(
            [...unique].toSorted((a, b) => a - b),
          );
        }
        expect(peak).toBeLessThanOrEqual(Math.max(1, width));
        expect(outcomes).toHaveLength(calls.length);
        for (const [index, { key, other }] of calls.entries()) {
          const id = Number(key);
          const chunk = sent.find((call) => call.other === other && call.ids.includes(id));
          const outcome = outcomes[index];
          if (chunk?.ids.some((one) => broken.includes(one))) {
            expect(outcome).toMatchObject({ kind: 'FAILED', batch: { keys: chunk.ids.length } });
          } else if (absent.includes(id)) {
            expect(outcome).toMatchObject({ kind: 'FRESH', value: many ? [] : null });
          } else {
            expect(outcome).toMatchObject({ kind: 'FRESH', value: item(id, other) });
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a bulk answer that is none', () => {
  const base = { argument: 'ids', max: 10, items: [], many: false } as const;
  const ask = async (match: BatchDescription['match'], value: unknown) => {
    const calls: Call[] = [
      { arguments: {}, key: 1 },
      { arguments: {}, key: 2 },
    ];
    return callTogether(
      { ...base, match },
      calls,
      () => 5,
      async () => fresh(value),
    );
  };

  test.each<[string, BatchDescription['match'], unknown]>([
    ['no list', { by: 'FIELD', field: ['id'] }, { id: 1 }],
    ['no map', { by: 'MAP' }, 'text'],
    ['fewer items than keys', { by: 'POSITION' }, [{ id: 1 }]],
    ['more items than keys', { by: 'POSITION' }, [{}, {}, {}]],
    ['an object where positions are', { by: 'POSITION' }, {}],
  ])('%s fails its keys', async (_what, match, value) => {
    const outcomes = await ask(match, value);
    expect(outcomes.map((one) => one.kind === 'FAILED' && one.failure.code)).toEqual([
      'UPSTREAM_INVALID_RESPONSE',
      'UPSTREAM_INVALID_RESPONSE',
    ]);
  });

  test('null is nothing for every key', async () => {
    const outcomes = await ask({ by: 'FIELD', field: ['id'] }, null);
    expect(outcomes).toMatchObject([{ value: null }, { value: null }]);
  });

  test('an item whose key cannot be read may be the one that is missing', async () => {
    const odd = new Error('odd');
    const [first, second] = await ask({ by: 'FIELD', field: ['id'] }, [{ id: 1 }, { id: odd }]);
    expect(first).toMatchObject({ value: { id: 1 } });
    expect(second).toMatchObject({ value: odd });
  });

  test('names that every object has are no keys of a map', async () => {
    const calls: Call[] = ['constructor', '__proto__', 'a'].map((key) => ({ arguments: {}, key }));
    const batch: BatchDescription = { ...base, match: { by: 'MAP' } };
    const outcomes = await callTogether(
      batch,
      calls,
      () => 1,
      async () => fresh({ a: 1 }),
    );
    expect(outcomes).toMatchObject([{ value: null }, { value: null }, { value: 1 }]);
  });
});

test('calls with and without keys may come together', async () => {
  const batch: BatchDescription = { argument: 'ids', max: 9, items: [], match: { by: 'POSITION' }, many: false };
  const calls: Call[] = [{ arguments: { ids: [5] } }, { arguments: {}, key: 1 }, { arguments: {}, key: 2 }];
  const outcomes = await callTogether(
    batch,
    calls,
    () => 9,
    async ({ ids }) => fresh(ids),
  );
  expect(outcomes).toMatchObject([{ value: [5] }, { value: 1 }, { value: 2 }]);
});
