import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import { readAnswers } from '../../../src/sources/graphql/call/read-answers.ts';
import { PartError } from '../../../src/sources/graphql/call/upstream-errors.ts';

const json = fc.jsonValue({ maxDepth: 4 });
const step = fc.constantFrom('a', 'a', 'b', 'b', 0, 0, 1, '__proto__', 'constructor', 'length');
const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('f0', 'f1'), fc.array(step, { maxLength: 2 }))
      .map(([root, rest]) => [root, ...rest]),
  },
  { weight: 1, arbitrary: json },
);
const error = fc.oneof(
  { weight: 1, arbitrary: json },
  {
    weight: 4,
    arbitrary: fc.record({ message: fc.string(), path, extensions: fc.record({ code: json }) }, { requiredKeys: [] }),
  },
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.integer(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.record({ a: tie('node'), b: tie('node') }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), tie('node'), { maxKeys: 3 }),
  ),
})).node;
const data = fc.record({ f0: tree, f1: tree }, { requiredKeys: ['f0'] });
const body = fc.oneof(
  { weight: 1, arbitrary: json },
  { weight: 1, arbitrary: fc.record({ data: json, errors: json }, { requiredKeys: [] }) },
  {
    weight: 6,
    arbitrary: fc.record({ data, errors: fc.array(error, { minLength: 1, maxLength: 4 }) }, { requiredKeys: ['data'] }),
  },
);
const text = fc.oneof(
  { weight: 9, arbitrary: body.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);
const status = fc.oneof(
  { weight: 9, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.constantFrom(204, 301, 400, 500) },
);

describe('whatever an upstream answers', () => {
  test('is an answer for every field, or a failure; errors stand only where null was', () => {
    let placed = 0;
    fc.assert(
      fc.property(text, status, (bodyText, code) => {
        const response = { status: code, headers: { 'content-type': 'application/json' }, body: Buffer.from(bodyText) };
        let read: ReturnType<typeof readAnswers>;
        try {
          read = readAnswers('shop', response, [{ leaves: undefined }, { leaves: undefined }], 0);
        } catch (thrown: unknown) {
          expect(thrown).toBeInstanceOf(UpstreamFailure);
          return;
        }
        if (read.kind === 'refused') {
          expect(read.failure).toBeInstanceOf(UpstreamFailure);
          return;
        }
        const answered = (JSON.parse(bodyText) as { data: Record<string, unknown> }).data;
        placed += read.answers.filter((answer) => 'value' in answer && holdsError(answer.value)).length;
        expect(read.answers).toHaveLength(2);
        for (const [index, answer] of read.answers.entries()) {
          if (answer instanceof UpstreamFailure) continue;
          expect(withoutErrors(answer.value)).toEqual(answered[`f${index}`]);
          expect(isDeepFrozen(answer.value)).toBe(true);
          if (holdsError(answer.value)) expect(answer.storable).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
    // Otherwise nothing was tested.
    expect(placed).toBeGreaterThan(3);
  });
});

function withoutErrors(value: unknown): unknown {
  if (value instanceof PartError) return null;
  if (Array.isArray(value)) return value.map(withoutErrors);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: withoutErrors(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function holdsError(value: unknown): boolean {
  if (value instanceof PartError) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsError);
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof PartError) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
