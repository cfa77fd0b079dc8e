import { describe, expect, test } from '@jest/globals';
import { systemRandom } from '../../src/runtime/index.ts';

describe('random bytes', () => {
  test.each([1, 12, 16, 17, 32])('%d of them are as many, and nobody else’s', (size) => {
    const taken = systemRandom.bytes(size);
    expect(taken).toHaveLength(size);
    taken.fill(0);
    const texts = Array.from({ length: 2_000 }, () => systemRandom.bytes(Math.max(size, 12)).toString('hex'));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('what was given out does not change any more', () => {
    const taken = systemRandom.bytes(12);
    const before = taken.toString('hex');
    for (let more = 0; more < 1_000; more++) systemRandom.bytes(16).fill(0);
    expect(taken.toString('hex')).toBe(before);
  });
});
