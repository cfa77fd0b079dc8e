import { describe, expect, test } from '@jest/globals';
import { RequestTargets } from '../../../src/upstream/http/request-target.ts';

describe('where requests go', () => {
  const targets = new RequestTargets();

  test.each([
    ['http://a.test', 'http://a.test', '/'],
    ['HTTPS://A.test:443/b/../c', 'https://a.test', '/c'],
    ['http://a.test:81/graphql?x=1&y=%20', 'http://a.test:81', '/graphql?x=1&y=%20'],
    ['http://a.test/b#c', 'http://a.test', '/b'],
  ])('%s is read the same each time', (href, origin, path) => {
    for (let time = 0; time < 2; time++) expect(targets.of(href)).toMatchObject({ origin, path, hasUserInfo: false });
  });

  test('what has no query is read once', () => {
    expect(targets.of('http://a.test/graphql')).toBe(targets.of('http://a.test/graphql'));
  });

  test.each(['http://a.test/b?key=secret', 'http://user@a.test/', 'http://:word@a.test/'])(
    '%s, which may hold a credential, is not kept',
    (href) => {
      expect(targets.of(href)).not.toBe(targets.of(href));
    },
  );

  test('says who has user info', () => {
    expect(targets.of('http://user@a.test/').hasUserInfo).toBe(true);
    expect(targets.of('http://:word@a.test/').hasUserInfo).toBe(true);
  });

  test('however many there are, the last is read rightly', () => {
    for (let at = 0; at < 500; at++) expect(targets.of(`http://a.test/${at}`).path).toBe(`/${at}`);
    expect(targets.of('http://a.test/0').path).toBe('/0');
  });

  test.each(['', '/graphql', 'http://', 'http://[::1'])('%j is no URL of a request', (href) => {
    expect(() => targets.of(href)).toThrow('the URL of a request must be absolute');
  });
});
