import { describe, expect, test } from '@jest/globals';
import { presentedKey, type RequestHeaders } from '../../src/access/presented-key.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln';

describe('what a request presents', () => {
  test.each<[string, RequestHeaders, ReturnType<typeof presentedKey>]>([
    ['nothing', {}, { kind: 'none' }],
    ['other headers', { host: 'x', cookie: 'weir_sk_x' }, { kind: 'none' }],
    ['a key of its own header', { 'weir-key': 'abc' }, { kind: 'key', text: 'abc', header: 'weir-key' }],
    ['spaces around it', { 'weir-key': ' abc ' }, { kind: 'key', text: 'abc', header: 'weir-key' }],
    ['an empty one', { 'weir-key': '' }, { kind: 'key', text: '', header: 'weir-key' }],
    ['two of them', { 'weir-key': ['a', 'b'] }, { kind: 'key', text: 'a, b', header: 'weir-key' }],
    ['a marked bearer', { authorization: 'Bearer weir_x' }, { kind: 'key', text: 'weir_x', header: 'authorization' }],
    ['any case', { authorization: 'bEARER   weir_x ' }, { kind: 'key', text: 'weir_x', header: 'authorization' }],
    ['a foreign bearer', { authorization: `Bearer ${jwt}` }, { kind: 'bearer', text: jwt }],
    ['another scheme', { authorization: 'Basic d2VpcjpfCg==' }, { kind: 'none' }],
    ['an empty bearer', { authorization: 'Bearer ' }, { kind: 'none' }],
    ['two tokens', { authorization: 'Bearer a b' }, { kind: 'none' }],
    [
      'a key without a scheme',
      { authorization: 'weir_sk_x' },
      { kind: 'key', text: 'weir_sk_x', header: 'authorization' },
    ],
    [
      'a key under another scheme',
      { authorization: 'Token weir_sk_x' },
      { kind: 'key', text: 'Token weir_sk_x', header: 'authorization' },
    ],
    ['both', { authorization: `Bearer ${jwt}`, 'weir-key': 'abc' }, { kind: 'key', text: 'abc', header: 'weir-key' }],
    ['an API key', { 'x-api-key': 'weir_sk_x' }, { kind: 'key', text: 'weir_sk_x', header: 'x-api-key' }],
    ["somebody else's API key", { 'x-api-key': 'sk-x' }, { kind: 'bearer', text: 'sk-x' }],
    [
      "an API key beside somebody else's bearer",
      { authorization: `Bearer ${jwt}`, 'x-api-key': 'weir_sk_x' },
      { kind: 'key', text: 'weir_sk_x', header: 'x-api-key' },
    ],
    ["somebody else's two", { authorization: `Bearer ${jwt}`, 'x-api-key': 'sk-x' }, { kind: 'bearer', text: jwt }],
    [
      'a marked bearer before an API key',
      { authorization: 'Bearer weir_x', 'x-api-key': 'weir_y' },
      { kind: 'key', text: 'weir_x', header: 'authorization' },
    ],
  ])('%s', (_, headers, expected) => {
    expect(presentedKey(headers)).toEqual(expected);
  });
});
