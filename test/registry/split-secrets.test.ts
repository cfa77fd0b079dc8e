import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDefinition, writeDefinition } from '../../src/registry/definition-text.ts';
import { joinSecrets } from '../../src/registry/split-secrets.ts';
import { atOnce } from '../../src/runtime/index.ts';
import { Secret } from '../../src/sources/index.ts';

/** Written in one line, or (with `largeValues` of 0) in many. */
function write(value: unknown, largeValues?: number) {
  const { lines, secrets } = atOnce(writeDefinition(value, largeValues));
  return { text: lines.map((line) => line.toString('utf8')).join('\n'), lines: lines.length, secrets };
}

const read = (text: string, secrets: Parameters<typeof joinSecrets>[1]): unknown =>
  atOnce(readDefinition(Buffer.from(text), secrets));

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
        const { text, secrets } = write(value);
        expect(revealed(read(text, secrets))).toEqual(revealed(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test('a definition that is cut into lines is the same one, down to the order of its keys', () => {
    fc.assert(
      fc.property(definition, (value) => {
        const { text, secrets } = write(value, 0);
        const back = read(text, secrets);
        expect(revealed(back)).toEqual(revealed(value));
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test('a large definition is cut at the members of its document', () => {
    const paths = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`/${i}`, { get: 'x'.repeat(1000) }]));
    const value = { document: { openapi: '3.1.0', paths, components: {} }, url: undefined };
    const { text, lines, secrets } = write(value, 0);
    expect(lines).toBe(5);
    expect(text.split('\n').map((line) => line.slice(0, 40))).toEqual([
      '[[],{"document":{}}]',
      expect.stringContaining('[["document"],{"openapi":"3.1.0","paths"'),
      ...Array.from({ length: 3 }, () => expect.stringContaining('[["document","paths"],{"/')),
    ]);
    expect(JSON.stringify(read(text, secrets))).toBe(JSON.stringify(value));
  });

  test('a line without its place is damage', () => {
    const { text } = write({ document: { paths: { a: {} } } }, 0);
    expect(() => read(text.replace('"document"]', '"gone"]'), [])).toThrow('no object at gone');
  });

  test('are named by JSON pointers and are not in the text', () => {
    const { text, secrets } = write({ 'a/b': [{ '~': new Secret('s3cret') }], plain: 1, none: undefined });
    expect(secrets).toEqual([{ path: '/a~1b/0/~0', text: 's3cret' }]);
    expect(text).toBe('{"a/b":[{"~":"[secret]"}],"plain":1}');
  });

  test('a secret under __proto__ changes no prototype', () => {
    const value: unknown = JSON.parse('{"__proto__": {"x": 1}}');
    Object.defineProperty(value, '__proto__', { value: { x: new Secret('s') }, enumerable: true });
    const { text, secrets } = write(value);
    const back = read(text, secrets) as object;
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
    expect(() => write(value)).toThrow(place);
  });

  test('a path that leads nowhere is damage', () => {
    for (const path of ['/b', '/a/0', '/toString', '/a/length']) {
      expect(() => joinSecrets({ a: 1 }, [{ path, text: 's' }])).toThrow('no place');
    }
  });
});
