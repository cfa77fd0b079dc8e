import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLinkHeader } from '../../../../src/sources/rest/pagination/link-header.ts';
import { type LinkContext, nextLink, targetOf } from '../../../../src/sources/rest/pagination/next-link.ts';

describe('the Link header', () => {
  test.each<[string, readonly (readonly [target: string, rel: string])[]]>([
    ['', []],
    ['<a>; rel=next', [['a', 'next']]],
    ['<a>;rel="next"', [['a', 'next']]],
    ['<a> ; REL = "NEXT last"', [['a', 'next last']]],
    ['< a >; title="; rel=prev, <b>"; rel=next', [['a', 'next']]],
    ['<a>; title="a \\" quote"; rel=next', [['a', 'next']]],
    ['<a>; rel=prev; rel=next', [['a', 'prev']]],
    [
      '<a,b;c>; rel=next, <d>; rel=last',
      [
        ['a,b;c', 'next'],
        ['d', 'last'],
      ],
    ],
    [
      '<a>, , <b>; rel=next',
      [
        ['a', ''],
        ['b', 'next'],
      ],
    ],
    ['<a>; crossorigin; rel=next', [['a', 'next']]],
    ['<>; rel=next', [['', 'next']]],
    ['a; rel=next', []],
    ['<a; rel=next', []],
    ['<a>; rel=next garbage <b>; rel=last', [['a', 'next garbage <b>']]],
  ])('%s', (text, links) => {
    expect(parseLinkHeader(text).map(({ target, rel }) => [target, rel.join(' ')])).toEqual(links);
  });

  test('takes time in proportion to its length, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', ';', '"', '\\', ',', ' ', 'rel=', 'next', 'a') }),
        (text) => {
          for (const { target } of parseLinkHeader(text)) expect(text).toContain(target);
        },
      ),
    );
    for (const part of ['<a>;', '"\\', '; ', ' ,', '<', '<a>; rel="'])
      expect(() => parseLinkHeader(part.repeat(50_000))).not.toThrow();
  });
});

describe('the next link', () => {
  const context: LinkContext = {
    url: 'https://api.test/v1/items?page=1&key=secret&tenant=7',
    base: { prefix: '/v1', query: 'tenant=7' },
    secrets: ['key=secret'],
  };

  test.each([
    ['</v1/items?page=2>; rel=next', '/items?page=2'],
    ['<?page=2>; rel="last next"', '/items?page=2'],
    ['<https://api.test/v1/other/items>; rel=next', '/other/items'],
    ['<https://API.test:443/v1/items?page=2#frag>; rel=next', '/items?page=2'],
    ['<https://user:pass@api.test/v1/items?page=2>; rel=next', '/items?page=2'],
    ['</v1/items?page=2&key=secret&tenant=7>; rel=next', '/items?page=2'],
    ['</v1/items?key=other&q=a%26b>; rel=next', '/items?q=a%26b'],
    ['</v1/a/../items>; rel=next', '/items'],
    ['<x>; rel=next; anchor="/elsewhere", <?page=3>; rel=next', '/items?page=3'],
  ])('%s', (header, address) => {
    expect(nextLink(header, context)).toEqual({ kind: 'next', address });
  });

  test.each([
    '<http://api.test/v1/items?page=2>; rel=next',
    '<https://api.test:8443/v1/items>; rel=next',
    '<https://api.test.evil.test/v1/items>; rel=next',
    '<//evil.test/v1/items>; rel=next',
    '<\\\\evil.test/v1/items>; rel=next',
    '<file:///etc/passwd>; rel=next',
    '<https://[>; rel=next',
    '</v2/items>; rel=next',
    '</v10/items>; rel=next',
    '</v1/../admin>; rel=next',
    '</v1/%2e%2e/admin>; rel=next',
    '</v1>; rel=next',
    `</v1/items?c=${'x'.repeat(5_000)}>; rel=next`,
  ])('is not followed: %s', (header) => {
    expect(nextLink(header, context)).toMatchObject({ kind: 'unusable' });
  });

  test.each([undefined, '', '<a>; rel=prev', 'next', '<a>; rel=nextish'])('is not there: %s', (header) => {
    expect(nextLink(header, context)).toEqual({ kind: 'none' });
  });

  test('is taken apart as it was put together', () => {
    expect(targetOf('/a?b=1?2')).toEqual({ path: '/a', query: 'b=1?2' });
    expect(targetOf('/a')).toEqual({ path: '/a', query: '' });
  });
});
