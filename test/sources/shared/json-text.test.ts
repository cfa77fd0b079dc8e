import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, toJsonText } from '../../../src/sources/shared/json-text.ts';

describe('JSON with long integers', () => {
  test.each([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['[1,18446744073709551615]', [1, 18446744073709551615n]],
    ['0.1234567890123456789', 0.12345678901234568],
    ['12345678901234567.5', 12345678901234568],
    ['1e20', 1e20],
    ['"9007199254740993"', '9007199254740993'],
    ['{"a.1":9007199254740993}', { 'a.1': 9007199254740993n }],
  ])('%s', (text, value) => {
    expect(parseJson(text, true).value).toEqual(value);
  });

  test('is not looked for where nothing asks for it', () => {
    expect(parseJson('9007199254740993', false)).toEqual({ value: Number('9007199254740993'), hasBigInt: false });
  });

  test('comes back digit for digit', () => {
    const long = fc.oneof(fc.bigInt(2n ** 53n, 2n ** 70n), fc.bigInt(-(2n ** 70n), -(2n ** 53n)));
    const value = fc.dictionary(
      fc.string(),
      fc.oneof(long, fc.string(), fc.array(long), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(toJsonText(parseJson(toJsonText(given), true).value)).toBe(toJsonText(given));
      }),
    );
  });

  test('what is no JSON is a SyntaxError either way', () => {
    expect(() => parseJson('{', false)).toThrow(SyntaxError);
    expect(() => parseJson('[12345678901234567890', true)).toThrow(SyntaxError);
  });
});
