import { expect, test } from '@jest/globals';
import { excerptOf } from '../../../src/sources/shared/excerpt.ts';

const answer = (body: string | Buffer, type?: string) => ({
  status: 400,
  headers: type === undefined ? {} : { 'content-type': type },
  body: Buffer.from(body),
});

test('a short answer is kept whole, in its own charset', () => {
  expect(excerptOf(answer(Buffer.from([0xe4]), 'text/plain; charset=latin1'), [])).toEqual({
    contentType: 'text/plain; charset=latin1',
    bytes: 1,
    text: 'ä',
  });
  expect(excerptOf(answer(''), [])).toEqual({ bytes: 0, text: '' });
});

test('a long one is cut, and says so', () => {
  const { text, bytes, cut } = excerptOf(answer('x'.repeat(1_000_000)), []);
  expect([text?.length, bytes, cut]).toEqual([2000, 1_000_000, true]);
});

test('bytes are not shown', () => {
  expect(excerptOf(answer(Buffer.from([1, 0, 2]), 'image/png'), [])).toEqual({ contentType: 'image/png', bytes: 3 });
});

test('secrets are taken out as they are, as JSON and as URLs write them, also across the cut', () => {
  const secret = 'a"b/c d';
  const body = `${secret} ${JSON.stringify(secret)} ?k=${encodeURIComponent(secret)}`;
  expect(excerptOf(answer(body), [secret, 'a"b']).text).toBe('[secret] "[secret]" ?k=[secret]');
  expect(excerptOf(answer(`${'x'.repeat(1996)}sesame-open`), ['sesame-open']).text?.slice(1990)).toBe('xxxxxx[sec');
});

test('what is too short to be a secret does not black out the text', () => {
  expect(excerptOf(answer('a banana'), ['a', '']).text).toBe('a banana');
});
