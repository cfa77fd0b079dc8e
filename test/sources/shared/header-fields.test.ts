import { describe, expect, test } from '@jest/globals';
import { HeaderFields } from '../../../src/sources/shared/header-fields.ts';
import { toSentHeaders } from '../../../src/upstream/http/request-headers.ts';

describe('header fields as a record', () => {
  test('stay the same object until a field is set, and nobody can change it', () => {
    const fields = new HeaderFields([['accept', 'a/b']]);
    const before = fields.toRecord();
    expect(fields.toRecord()).toBe(before);
    expect(Object.isFrozen(before)).toBe(true);
    fields.set('Accept', 'c/d', 'a test');
    fields.addCookies(['e=f'], 'a test');
    expect(fields.toRecord()).toEqual({ accept: 'c/d', cookie: 'e=f' });
    expect(before).toEqual({ accept: 'a/b' });
  });

  test('a copy has a record of its own', () => {
    const fields = new HeaderFields([['accept', 'a/b']]);
    fields.toRecord();
    const copy = fields.copy();
    copy.set('x-own', '1', 'a test');
    expect(copy.toRecord()).toEqual({ accept: 'a/b', 'x-own': '1' });
    expect(fields.toRecord()).toEqual({ accept: 'a/b' });
  });
});

describe('headers as they are sent', () => {
  test('are made once of what cannot change, and anew of what can', () => {
    const frozen = new HeaderFields([['accept', 'a/b']]).toRecord();
    expect(toSentHeaders(frozen)).toBe(toSentHeaders(frozen));
    const open: Record<string, string> = { accept: 'a/b' };
    expect(toSentHeaders(open)).toEqual(toSentHeaders(frozen));
    open.accept = 'c/d';
    expect(toSentHeaders(open).accept).toBe('c/d');
  });

  test('a frozen record may hold a list that is not: it is copied', () => {
    const several = ['1', '2'];
    const headers = Object.freeze({ 'x-several': several });
    const sent = toSentHeaders(headers);
    several.push('3');
    expect(sent['x-several']).toEqual(['1', '2']);
  });
});
