import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import { readAnswers } from '../../../src/sources/graphql/call/read-answers.ts';
import { PartError } from '../../../src/sources/graphql/call/upstream-errors.ts';

const json = fc.jsonValue({ maxDepth: 4 });
const step = fc.oneof(fc.constantFrom('f0', 'f1', 'a', 'b', '__proto__', 'constructor', 'length'), fc.nat(3));
const error = fc.oneof(
  json,
  fc.record(
    { message: fc.string(), path: fc.array(step, { maxLength: 4 }), extensions: fc.record({ code: json }) },
    { requiredKeys: [] },
  ),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.integer(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), tie('node'), { maxKeys: 3 }),
  ),
})).node;
const body = fc.oneof(
  json,
  fc.record(
    {
      data: fc.oneof(json, fc.record({ f0: tree, f1: tree }, { requiredKeys: [] })),
      errors: fc.oneof(json, fc.array(error, { maxLength: 4 })),
    },
    { requiredKeys: [] },
  ),
);

describe('whatever an upstream answers', () => {
  test('is an answer for every field, or a failure; errors stand only where null was', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          body.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        fc.constantFrom(200, 200, 200, 204, 301, 400, 500),
        (text, status) => {
          const response = { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
          let read: ReturnType<typeof readAnswers>;
          try {
            read = readAnswers('shop', response, 2, 0);
          } catch (thrown: unknown) {
            expect(thrown).toBeInstanceOf(UpstreamFailure);
            return;
          }
          if (read.kind === 'refused') {
            expect(read.failure).toBeInstanceOf(UpstreamFailure);
            return;
          }
          const { data } = JSON.parse(text) as { data: Record<string, unknown> };
          expect(read.answers).toHaveLength(2);
          for (const [index, answer] of read.answers.entries()) {
            if (answer instanceof UpstreamFailure) continue;
            expect(withoutErrors(answer.value)).toEqual(data[`f${index}`]);
            expect(isDeepFrozen(answer.value)).toBe(true);
            if (holdsError(answer.value)) expect(answer.storable).toBe(false);
          }
        },
      ),
      { numRuns: 2000 },
    );
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
