import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemRandom } from '../../../../src/runtime/index.ts';
import { compileRequest } from '../../../../src/sources/rest/call/request/build.ts';
import { joinUrl } from '../../../../src/sources/rest/call/request/target.ts';
import type { ParameterPlan } from '../../../../src/sources/rest/plan.ts';
import { RequestRefused } from '../../../../src/sources/shared/refused.ts';
import { integer, json, list, operation, parameter, string } from './support/plans.ts';

function pathOf(path: string, parameters: readonly ParameterPlan[], args: Record<string, unknown>): string {
  const { target } = compileRequest(operation('op', { path, parameters }), systemRandom)(args);
  return target.query === '' ? target.path : `${target.path}?${target.query}`;
}

const id = parameter('id', 'path');

describe('path templates', () => {
  test('are filled, literals and several expressions in a segment included', () => {
    expect(pathOf('/a/{id}/b', [id], { id: 'x' })).toBe('/a/x/b');
    expect(pathOf('/r/{x}...{y}', [parameter('x', 'path'), parameter('y', 'path')], { x: 'v1', y: 'v2' })).toBe(
      '/r/v1...v2',
    );
    expect(pathOf('/m{id}', [parameter('id', 'path', { style: 'matrix', shape: integer })], { id: 5 })).toBe('/m;id=5');
    expect(
      pathOf('/m{id}', [parameter('id', 'path', { style: 'label', explode: true, shape: list(string) })], {
        id: ['a', 'b'],
      }),
    ).toBe('/m.a.b');
    expect(pathOf('pets', [], {})).toBe('/pets');
  });

  test('keep a query of their own and drop a fragment', () => {
    expect(pathOf('/search?kind=pet#two', [parameter('q', 'query')], { q: 'a' })).toBe('/search?kind=pet&q=a');
    expect(pathOf('/search?id={id}', [id], { id: 'a&b' })).toBe('/search?id=a%26b');
  });

  test('encode what no URL may hold, and keep what is encoded', () => {
    expect(pathOf('/a b/ü/%20/x:y@z', [], {})).toBe('/a%20b/%C3%BC/%20/x:y@z');
  });

  test.each(['', '.', '..'])('refuse the value %j: it would be another path', (value) => {
    expect(() => pathOf('/pets/{id}', [id], { id: value })).toThrow(RequestRefused);
  });

  test('refuse dot segments that several values make together', () => {
    const parameters = [parameter('x', 'path'), parameter('y', 'path')];
    expect(() => pathOf('/a/{x}{y}', parameters, { x: '.', y: '.' })).toThrow(/path segment "\.\."/);
    expect(pathOf('/a/v{x}{y}', parameters, { x: '.', y: '.' })).toBe('/a/v..');
  });

  test('refuse a missing, null or empty value', () => {
    expect(() => pathOf('/pets/{id}', [id], {})).toThrow('the argument "id" is required');
    expect(() => pathOf('/pets/{id}', [id], { id: null })).toThrow('the argument "id" is required');
    expect(() => pathOf('/pets/{id}', [{ ...id, shape: list(string) }], { id: [] })).toThrow(RequestRefused);
  });

  test('send JSON for a parameter with content', () => {
    const where = parameter('where', 'query', { mediaType: 'application/json', shape: json });
    expect(pathOf('/q', [where], { where: { a: [1, 'ä&'] } })).toBe(
      '/q?where=%7B%22a%22%3A%5B1%2C%22%C3%A4%26%22%5D%7D',
    );
    expect(pathOf('/q/{id}', [{ ...id, mediaType: 'application/json', shape: json }], { id: { a: 1 } })).toBe(
      '/q/%7B%22a%22%3A1%7D',
    );
  });

  test('send a default for an argument that is left out, and nothing for null', () => {
    const limit = parameter('limit', 'query', { shape: integer, default: 20 });
    expect(pathOf('/q', [limit], {})).toBe('/q?limit=20');
    expect(pathOf('/q', [limit], { limit: 5 })).toBe('/q?limit=5');
    expect(pathOf('/q', [limit], { limit: null })).toBe('/q');
    expect(() => pathOf('/q', [{ ...limit, default: undefined, required: true }], { limit: null })).toThrow(
      RequestRefused,
    );
  });
});

describe('an argument cannot leave its place', () => {
  const wellFormed = fc.string({ unit: 'binary', maxLength: 30 });
  const nasty = fc.oneof(
    wellFormed,
    fc.constantFrom(
      '../',
      '..',
      '.',
      '/',
      '//',
      '\\',
      '?',
      '#',
      '%2e%2e',
      '%2F',
      ';x=1',
      '&a=b',
      '=',
      '+',
      '%',
      '%00',
      '\0',
      '\r\n',
      ' ',
      ':',
      '@',
    ),
    fc
      .array(fc.constantFrom('..', '/', '\\', '%2e', '.', '?', '#', '&', '=', 'a', '\t', '\n'), { maxLength: 6 })
      .map((parts) => parts.join('')),
  );

  test('in the path: one segment, the same text', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        let path: string;
        try {
          path = pathOf('/a/{id}/z', [id], { id: value });
        } catch (error: unknown) {
          expect(error).toBeInstanceOf(RequestRefused);
          expect(['', '.', '..'].includes(value)).toBe(true);
          return;
        }
        const url = new URL(joinUrl('http://h.test/base', { path, query: '' }, undefined, false));
        const segments = url.pathname.split('/');
        expect(segments).toHaveLength(5);
        expect(segments.slice(0, 3)).toEqual(['', 'base', 'a']);
        expect(decodeURIComponent(segments[3] ?? '')).toBe(value);
        expect([segments[4], url.search, url.hash, url.host]).toEqual(['z', '', '', 'h.test']);
      }),
      { numRuns: 2000 },
    );
  });

  test('in the query: the same name and text beside its neighbours, allowReserved or not', () => {
    fc.assert(
      fc.property(nasty, nasty, fc.boolean(), (one, two, allowReserved) => {
        const parameters = [
          parameter('one', 'query', { allowReserved }),
          parameter('two', 'query', { allowReserved, explode: true, shape: list(string) }),
          parameter('end', 'query'),
        ];
        const path = pathOf('/q', parameters, { one, two: [two, two], end: '!' });
        const url = new URL(joinUrl('http://h.test/?base=1', { path: '/q', query: path.slice(3) }, undefined, false));
        expect([...url.searchParams]).toEqual([
          ['base', '1'],
          ['one', one],
          ['two', two],
          ['two', two],
          ['end', '!'],
        ]);
        expect([url.pathname, url.hash]).toEqual(['/q', '']);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the base URL', () => {
  const target = { path: '/pets', query: 'a=1' };
  test.each([
    ['http://h.test', 'http://h.test/pets?a=1'],
    ['http://h.test/', 'http://h.test/pets?a=1'],
    ['http://h.test:8080/v1/', 'http://h.test:8080/v1/pets?a=1'],
    ['http://h.test/v1?key=k', 'http://h.test/v1/pets?key=k&a=1'],
    ['http://h.test/v1#part', 'http://h.test/v1/pets?a=1'],
  ])('%s', (base, url) => {
    expect(joinUrl(base, target, undefined, false)).toBe(url);
  });

  test("an operation's own server stands in for the path, and for the origin only when told", () => {
    expect(joinUrl('http://h.test/v1', target, '/v2', false)).toBe('http://h.test/v2/pets?a=1');
    expect(joinUrl('http://h.test/v1', target, 'https://files.test/up', false)).toBe('http://h.test/up/pets?a=1');
    expect(joinUrl('http://h.test/v1', target, 'https://files.test/up', true)).toBe('https://files.test/up/pets?a=1');
  });
});
