import { describe, expect, test } from '@jest/globals';
import {
  type StyledParameter,
  styleCookie,
  styleHeader,
  stylePath,
  styleQuery,
} from '../../../../src/sources/rest/call/request/style.ts';
import type { ParameterStyle } from '../../../../src/sources/rest/plan.ts';
import { RequestRefused } from '../../../../src/sources/shared/refused.ts';

const array = ['blue', 'black', 'brown'];
const object = { R: 100, G: 200, B: 150 };

function color(style: ParameterStyle, explode: boolean, more: Partial<StyledParameter> = {}): StyledParameter {
  return { name: 'color', style, explode, allowReserved: false, ...more };
}

/** The table of OpenAPI 3.1.1 section 4.8.12.4: style, explode, then what `empty`, string, array and object give. */
describe('the style table of the specification', () => {
  test.each([
    ['matrix', false, ';color', ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
    ['matrix', true, ';color', ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
    ['label', false, '.', '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
    ['label', true, '.', '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
    ['simple', false, '', 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
    ['simple', true, '', 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ] as const)('%s, explode %s, in a path', (style, explode, ofEmpty, ofString, ofArray, ofObject) => {
    expect(stylePath(color(style, explode), '')).toBe(ofEmpty);
    expect(stylePath(color(style, explode), 'blue')).toBe(ofString);
    expect(stylePath(color(style, explode), array)).toBe(ofArray);
    expect(stylePath(color(style, explode), object)).toBe(ofObject);
  });

  test.each([
    ['form', false, 'color=', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
    ['form', true, 'color=', 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
  ] as const)('%s, explode %s, in a query', (style, explode, ofEmpty, ofString, ofArray, ofObject) => {
    const query = (value: unknown): string => styleQuery(color(style, explode), value).join('&');
    expect(query('')).toBe(ofEmpty);
    expect(query('blue')).toBe(ofString);
    expect(query(array)).toBe(ofArray);
    expect(query(object)).toBe(ofObject);
  });

  test.each([
    ['spaceDelimited', 'color=blue%20black%20brown', 'color=R%20100%20G%20200%20B%20150'],
    ['pipeDelimited', 'color=blue%7Cblack%7Cbrown', 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['tabDelimited', 'color=blue%09black%09brown', 'color=R%09100%09G%09200%09B%09150'],
  ] as const)('%s', (style, ofArray, ofObject) => {
    expect(styleQuery(color(style, false), array)).toEqual([ofArray]);
    expect(styleQuery(color(style, false), object)).toEqual([ofObject]);
    expect(styleQuery(color(style, true), array)).toEqual(['color=blue', 'color=black', 'color=brown']);
  });

  test('deepObject', () => {
    expect(styleQuery(color('deepObject', true), object).join('&')).toBe(
      'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    );
  });

  test('simple, in a header', () => {
    expect(styleHeader(color('simple', false), 'blue')).toBe('blue');
    expect(styleHeader(color('simple', false), array)).toBe('blue,black,brown');
    expect(styleHeader(color('simple', false), object)).toBe('R,100,G,200,B,150');
    expect(styleHeader(color('simple', true), object)).toBe('R=100,G=200,B=150');
  });

  test('form, in cookies, where an ampersand parts nothing', () => {
    expect(styleCookie(color('form', false), array)).toEqual(['color=blue,black,brown']);
    expect(styleCookie(color('form', true), array)).toEqual(['color=blue', 'color=black', 'color=brown']);
  });
});

describe('what the table leaves out', () => {
  test('deepObject nests objects, repeats [] for scalars and counts objects in lists', () => {
    const value = { a: { b: [1, 2] }, c: [{ d: 1 }, { d: 2 }] };
    expect(styleQuery(color('deepObject', true), value).map(decodeURIComponent)).toEqual([
      'color[a][b][]=1',
      'color[a][b][]=2',
      'color[c][0][d]=1',
      'color[c][1][d]=2',
    ]);
  });

  test('null and undefined are left out, at the top and inside', () => {
    expect(styleQuery(color('form', true), null)).toEqual([]);
    expect(styleQuery(color('form', true), undefined)).toEqual([]);
    expect(styleQuery(color('form', false), ['a', null, 'b'])).toEqual(['color=a,b']);
    expect(styleQuery(color('form', true), { a: null, b: 1 })).toEqual(['b=1']);
    expect(styleQuery(color('deepObject', true), null)).toEqual([]);
    expect(styleHeader(color('simple', false), null)).toBeUndefined();
  });

  test('empty lists and objects send nothing', () => {
    for (const empty of [[], {}, [null]]) {
      expect(styleQuery(color('form', false), empty)).toEqual([]);
      expect(styleQuery(color('form', true), empty)).toEqual([]);
      expect(styleQuery(color('pipeDelimited', false), empty)).toEqual([]);
      expect(stylePath(color('matrix', false), empty)).toBe('');
      expect(stylePath(color('label', true), empty)).toBe('');
      expect(styleHeader(color('simple', false), empty)).toBeUndefined();
    }
  });

  test('numbers, booleans and bigints are text; what is nested too deep is JSON', () => {
    expect(styleQuery(color('form', true), 0)).toEqual(['color=0']);
    expect(styleQuery(color('form', true), false)).toEqual(['color=false']);
    expect(styleQuery(color('form', true), 9007199254740993n)).toEqual(['color=9007199254740993']);
    expect(styleQuery(color('form', true), [{ id: 9007199254740993n }]).map(decodeURIComponent)).toEqual([
      'color={"id":9007199254740993}',
    ]);
  });

  test('a delimiter inside an item is encoded, or refused where the delimiter is encoded itself', () => {
    expect(styleQuery(color('form', false), ['a,b', 'c'])).toEqual(['color=a%2Cb,c']);
    expect(stylePath(color('simple', false), ['a,b', 'c'])).toBe('a%2Cb,c');
    expect(() => styleQuery(color('pipeDelimited', false), ['a|b'])).toThrow(RequestRefused);
    expect(() => styleQuery(color('spaceDelimited', false), ['New York'])).toThrow(RequestRefused);
    expect(() => styleQuery(color('tabDelimited', false), ['a\tb'])).toThrow(RequestRefused);
  });

  test('allowReserved leaves what cannot end the value, and nothing else', () => {
    const reserved = color('form', true, { allowReserved: true });
    expect(styleQuery(reserved, ":/?#[]@!$&'()*+,;=%")).toEqual(["color=:/?%23%5B%5D@!$%26'()*%2B,;%3D%25"]);
    expect(styleQuery({ ...reserved, explode: false }, ['a,b', '/'])).toEqual(['color=a%2Cb,/']);
  });

  test('half of a surrogate pair is refused, not replaced', () => {
    expect(() => styleQuery(color('form', true), '\ud800')).toThrow(RequestRefused);
  });

  test('names are encoded too', () => {
    expect(styleQuery(color('form', true, { name: 'filter[a&b]' }), 'x')).toEqual(['filter%5Ba%26b%5D=x']);
    expect(styleQuery(color('form', true), { 'a&b': 1 })).toEqual(['a%26b=1']);
  });
});
