import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRetryAfter } from '../../../src/upstream/http/retry-after.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('parseRetryAfter', () => {
  test.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['5', 5000],
    [' 7 ', 7000],
    ['300', 300_000],
    ['86400', 300_000],
    ['99999999999999999999999999', 300_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['Sun Mar  1 12:00:30 2026', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Sun, 01 Mar 2036 11:00:00 GMT', 300_000],
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['5, 10', undefined],
    ['soon', undefined],
    ['2026-03-01T12:00:30Z', undefined],
    ['Xyz, 99 Foo 2026 99:99:99 GMT', undefined],
  ])('%j is %j', (value, expected) => expect(parseRetryAfter(value, now)).toBe(expected));

  test('is nothing, or between 0 and 300 seconds, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (value) => {
        const ms = parseRetryAfter(value, now);
        expect(ms === undefined || (ms >= 0 && ms <= 300_000)).toBe(true);
      }),
    );
  });
});
