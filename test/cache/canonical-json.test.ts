import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/cache/index.ts';

describe('canonicalJson', () => {
  test.each([
    [{ b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    [{ a: undefined, b: [undefined, () => 1] }, '{"b":[null,null]}'],
    [[-0, Number.NaN, Infinity], '[0,null,null]'],
    [
      { id: 12345678901234567890n, text: '12345678901234567890n' },
      '{"id":12345678901234567890n,"text":"12345678901234567890n"}',
    ],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [undefined, 'null'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('refuses a value that contains itself, and takes one that is there twice', () => {
    const part = { x: 1 };
    expect(canonicalJson([part, part])).toBe('[{"x":1},{"x":1}]');
    const loop: Record<string, unknown> = {};
    loop.again = [loop];
    expect(() => canonicalJson(loop)).toThrow(TypeError);
  });

  test('is JSON of the same value, whatever order its keys were made in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
