import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeEntry, encodeEntry } from '../../src/cache/codec.ts';
import { entryAt } from '../contracts/cache-contract.ts';

const stored = (value: unknown) => ({
  entry: entryAt(1_000, { value, etag: '"1"', version: 3, tags: ['Pet:1'], headers: { vary: 'a' } }),
  tags: ['source:petstore', 'Pet:1'],
  epoch: 5,
  expiryEpoch: 2,
  began: 900,
  writer: 'w',
  verifiedAt: 1_000,
});

const roundTrip = (value: unknown) => decodeEntry(encodeEntry(stored(value)) ?? '');

describe('the codec', () => {
  test('brings back everything that is JSON, and what it was stored with', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const {
          epoch: _epoch,
          expiryEpoch: _expiryEpoch,
          verifiedAt: _verifiedAt,
          ...rest
        } = stored(JSON.parse(JSON.stringify(value)));
        expect(roundTrip(value)).toEqual(rest);
      }),
    );
  });

  test.each([[{ id: 2n ** 70n }], [{ at: new Date(5) }], [{ a: undefined }], [[Number.NaN, -Infinity]], [undefined]])(
    'brings back %p, which JSON would change',
    (value) => {
      const back = roundTrip(value);
      expect(back?.entry.value).toStrictEqual(value);
    },
  );

  test('freezes what it brings back, to the bottom', () => {
    const value = roundTrip({ a: [{ b: 1 }] })?.entry.value as { a: { b: number }[] };
    expect(() => value.a.push({ b: 2 })).toThrow(TypeError);
    expect(Object.isFrozen(value.a[0])).toBe(true);
  });

  test('lets nothing out that is not data: errors in place, functions, classes, values too deep', () => {
    class Pet {}
    let deep: unknown = 1;
    for (let i = 0; i < 1_000; i++) deep = [deep];
    for (const value of [{ a: new Error('drift') }, [() => 1], { a: new Pet() }, Symbol('s'), new Map(), deep]) {
      expect(encodeEntry(stored(value))).toBeUndefined();
    }
  });

  test('reads nothing that it did not write', () => {
    const text = encodeEntry(stored({ a: 1 })) ?? '';
    expect(decodeEntry(text)).toBeDefined();
    const others = [
      '',
      '1',
      '1J',
      '1J:',
      `2${text.slice(1)}`,
      text.slice(0, -1),
      text.slice(0, 20),
      '1J2:{}null',
      'null',
    ];
    for (const other of others) expect(decodeEntry(other)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (junk) => expect(decodeEntry(`1J${junk}`)).toBeUndefined()));
  });
});
