import { describe, expect, test } from '@jest/globals';
import { actorOf, anonymous, type Caller, isAdmin, mayUse } from '../../src/access/index.ts';

const consumer: Caller = { kind: 'key', id: 'k1', name: 'app', role: 'CONSUMER' };
const admin: Caller = { kind: 'key', id: 'k2', name: 'ops', role: 'ADMIN' };

describe('callers', () => {
  test.each([
    [anonymous, [true, false, false]],
    [consumer, [true, true, false]],
    [admin, [true, true, true]],
  ])('%j may use public, shared, private sources: %j', (caller, expected) => {
    expect((['PUBLIC', 'SHARED', 'PRIVATE'] as const).map((visibility) => mayUse(caller, visibility))).toEqual(
      expected,
    );
  });

  test('only an admin key is an admin', () => {
    expect([anonymous, consumer, admin].map(isAdmin)).toEqual([false, false, true]);
  });

  test('are named in the audit log', () => {
    expect([anonymous, admin].map(actorOf)).toEqual([
      { id: 'anonymous', name: 'anonymous' },
      { id: 'k2', name: 'ops' },
    ]);
  });
});
