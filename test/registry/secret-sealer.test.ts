import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SecretSealer } from '../../src/registry/secret-sealer.ts';
import { systemRandom } from '../../src/runtime/index.ts';

const sealer = new SecretSealer(Buffer.alloc(32, 1), systemRandom);
const place = ['petstore', 1, '/auth/token'];

describe('a sealed secret', () => {
  test('opens with the same key in the same place, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, where) => {
        expect(sealer.open(sealer.seal(text, where), where)).toBe(text);
      }),
    );
  });

  test('does not open in another place, not even one that reads alike when joined', () => {
    const sealed = sealer.seal('x', place);
    for (const other of [
      ['petstore', 2, '/auth/token'],
      ['petstore', '1', '/auth/token'],
      ['petstore', 1, '/auth', 'token'],
      ['petstore1', '/auth/token'],
      [],
    ]) {
      expect(() => sealer.open(sealed, other)).toThrow();
    }
  });

  test('does not open with another key, and the ids of keys differ', () => {
    const other = new SecretSealer(Buffer.alloc(32, 2), systemRandom);
    expect(() => other.open(sealer.seal('x', place), place)).toThrow();
    expect(other.keyId).not.toBe(sealer.keyId);
    expect(new SecretSealer(Buffer.alloc(32, 1), systemRandom).keyId).toBe(sealer.keyId);
  });

  test('does not open when any bit of it was changed, or it was cut', () => {
    const sealed = sealer.seal('a secret', place);
    for (let bit = 0; bit < sealed.ciphertext.length * 8; bit++) {
      const ciphertext = Uint8Array.from(sealed.ciphertext);
      ciphertext[bit >> 3] = (ciphertext[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => sealer.open({ ...sealed, ciphertext }, place)).toThrow();
    }
    for (let length = 0; length < sealed.ciphertext.length; length++) {
      expect(() => sealer.open({ ...sealed, ciphertext: sealed.ciphertext.subarray(0, length) }, place)).toThrow();
    }
  });

  test('is new each time', () => {
    const [a, b] = [sealer.seal('same', place), sealer.seal('same', place)];
    expect(a.nonce).not.toEqual(b.nonce);
    expect(a.ciphertext).not.toEqual(b.ciphertext);
  });
});
