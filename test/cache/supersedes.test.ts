import { expect, test } from '@jest/globals';
import type { CacheEntry } from '../../src/cache/index.ts';
import { supersedes } from '../../src/cache/supersedes.ts';
import { entryAt } from '../contracts/cache-contract.ts';

const MONDAY = 'Mon, 02 Mar 2026 12:00:00 GMT';
const SUNDAY = 'Sun, 01 Mar 2026 12:00:00 GMT';

test.each<[string, Partial<CacheEntry>, Partial<CacheEntry>, boolean]>([
  ['a primary is believed', { lastModified: SUNDAY }, { lastModified: MONDAY }, true],
  ['a primary with an older version is not', { version: 1 }, { version: 2 }, false],
  ['nor is a backup', { version: 1, backup: true, lastModified: MONDAY }, { version: 2, lastModified: SUNDAY }, false],
  ['an equal version is fine', { version: 2, backup: true }, { version: 2 }, true],
  ['text versions go by their numbers', { version: 'v9' }, { version: 'v10' }, false],
  ['and dates by time', { version: '2026-03-02T00:00:00Z' }, { version: '2026-03-01T00:00:00Z' }, true],
  ['versions of two kinds have no order', { version: 1 }, { version: 'v2' }, true],
  ['an older backup answer', { backup: true, lastModified: SUNDAY }, { lastModified: MONDAY }, false],
  ['a newer backup answer', { backup: true, lastModified: MONDAY }, { lastModified: SUNDAY }, true],
  ['a backup answer with another ETag', { backup: true, etag: '"2"' }, { etag: '"1"' }, false],
  ['a backup answer with the same ETag', { backup: true, etag: '"1"' }, { etag: '"1"' }, true],
  ['a backup after a backup', { backup: true, etag: '"2"' }, { backup: true, etag: '"1"' }, true],
  ['unless a write came between', { backup: true, etag: '"2"' }, { etag: '"1"', overtaken: true }, true],
  ['never what a write has overtaken', { version: 2, overtaken: true }, { version: 1 }, false],
  ['a backup with nothing to compare', { backup: true }, { etag: '"1"' }, true],
])('%s', (_, next, current, expected) => {
  expect(supersedes(entryAt(0, next), entryAt(0, current))).toBe(expected);
});
