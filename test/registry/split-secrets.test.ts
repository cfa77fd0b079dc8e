import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinSecrets, splitSecrets } from '../../src/registry/split-secrets.ts';
import { Secret } from '../../src/sources/index.ts';

/** Secrets made visible, so that equality can see into them. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return { 'a secret that says': value.reveal() };
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a/b', '~1', '~', '', '0', 'toJSON'));
const { definition } = fc.letrec((tie) => ({
  definition: fc.oneof(
    { maxDepth: 5 },
    fc.string().map((text) => new Secret(text)),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('[secret]')),
    fc.array(tie('definition'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('definition')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('secrets in a definition', () => {
  test('are split off and joined again, wherever they stand', () => {
    fc.assert(
      fc.property(definition, (value) => {
        const { json, secrets } = splitSecrets(value);
        expect(revealed(joinSecrets(json, secrets))).toEqual(revealed(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test('are named by JSON pointers and are not in the text', () => {
    const { json, secrets } = splitSecrets({ 'a/b': [{ '~': new Secret('s3cret') }], plain: 1, none: undefined });
    expect(secrets).toEqual([{ path: '/a~1b/0/~0', text: 's3cret' }]);
    expect(json).toBe('{"a/b":[{"~":"[secret]"}],"plain":1}');
  });

  test('a secret under __proto__ changes no prototype', () => {
    const value: unknown = JSON.parse('{"__proto__": {"x": 1}}');
    Object.defineProperty(value, '__proto__', { value: { x: new Secret('s') }, enumerable: true });
    const { json, secrets } = splitSecrets(value);
    const back = joinSecrets(json, secrets) as object;
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
    expect(Object.hasOwn(back, '__proto__')).toBe(true);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  test.each([
    ['a date', { at: new Date(0) }, '/at came Date'],
    ['a map', { list: [new Map()] }, '/list/0 came Map'],
    ['a function', { f: () => 1 }, '/f came'],
    ['NaN', { n: [1, Number.NaN] }, '/n/1 came NaN'],
    ['a hole in a list', { n: [undefined] }, '/n/0 came undefined'],
    ['nothing', undefined, 'at / came undefined'],
  ])('%s is refused with its place', (_, value, place) => {
    expect(() => splitSecrets(value)).toThrow(place);
  });

  test('a path that leads nowhere is damage', () => {
    for (const path of ['/b', '/a/0', '/toString', '/a/length']) {
      expect(() => joinSecrets('{"a":1}', [{ path, text: 's' }])).toThrow('no place');
    }
  });
});
