import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashKey, keyIdOf, makeKey } from '../../src/access/key-format.ts';
import { systemRandom } from '../../src/runtime/index.ts';
import { seededRandom } from '../support/seeded-random.ts';

describe('a key', () => {
  test('has the mark, its id, 256 bits and a checksum', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { id, secret, hash } = makeKey(seededRandom(seed));
        expect(secret).toMatch(/^weir_sk_[0-9a-z]{8}_[\w-]{49}$/);
        expect(secret).toHaveLength(66);
        expect(keyIdOf(secret)).toBe(id);
        expect(secret.slice(8, 16)).toBe(id);
        expect(hash).toEqual(createHash('sha256').update(secret).digest());
      }),
    );
  });

  test('spends 256 bits of randomness on its secret', () => {
    const sizes: number[] = [];
    const bytes = (size: number): Buffer => {
      sizes.push(size);
      return Buffer.alloc(size);
    };
    makeKey({ next: () => 0, bytes });
    expect(sizes).toEqual([8, 32]);
    const keys = new Set(Array.from({ length: 500 }, () => makeKey(systemRandom).secret));
    expect(keys.size).toBe(500);
  });

  test('with one wrong character is no key', () => {
    const { secret } = makeKey(seededRandom(3));
    fc.assert(
      fc.property(fc.nat(secret.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(secret[at] !== character);
        expect(keyIdOf(secret.slice(0, at) + character + secret.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('cut, doubled, spaced or in other letters is no key', () => {
    const { secret } = makeKey(seededRandom(4));
    for (const wrong of ['', secret.slice(1), secret.slice(0, -1), ` ${secret}`, `${secret}\n`, secret + secret]) {
      expect(keyIdOf(wrong)).toBeUndefined();
    }
    expect(keyIdOf(secret.toUpperCase())).toBeUndefined();
  });

  test('is hashed whole', () => {
    expect(hashKey('a')).not.toEqual(hashKey('b'));
    expect(hashKey('a')).toHaveLength(32);
  });
});
