import { expect, test } from '@jest/globals';
import { CacheStatus } from '../../src/server/cache-status.ts';
import type { Outcome } from '../../src/sources/index.ts';

const attempts = [{ endpoint: 0, startedAt: 0, durationMs: 1, result: 'ok' }];

/** An outcome with what Cache-Status is made from. */
function outcome(kind: Outcome['kind'], cache: Outcome['cache'], tried = false): Outcome {
  return { kind, cache, value: 1, ageMs: 0, durationMs: 0, attempts: tried ? attempts : [] } as Outcome;
}

test.each<[string, Outcome[], string | undefined]>([
  ['no source was called', [], undefined],
  ['all from the cache', [outcome('CACHED', 'HIT'), outcome('CACHED', 'HIT')], 'weir; hit'],
  ['asked the upstream', [outcome('CACHED', 'HIT'), outcome('FRESH', 'MISS', true)], 'weir; fwd=miss'],
  ['waited for the same call of another', [outcome('FRESH', 'JOINED')], 'weir; fwd=miss'],
  ['a mutation', [outcome('FRESH', 'BYPASS', true)], 'weir; fwd=bypass'],
  ['stale at once', [outcome('STALE', 'STALE')], 'weir; hit; detail=stale'],
  ['stale after the upstream failed', [outcome('STALE', 'STALE', true)], 'weir; fwd=stale; detail=stale'],
  ['confirmed by the upstream', [outcome('FRESH', 'STALE', true)], 'weir; fwd=stale'],
  ['a fallback, nobody asked', [outcome('FALLBACK', 'MISS')], 'weir; detail=fallback'],
  ['a fallback after a failure', [outcome('FALLBACK', 'MISS', true)], 'weir; fwd=miss; detail=fallback'],
  ['a backup', [outcome('BACKUP', 'MISS', true)], 'weir; fwd=miss; detail=backup'],
  [
    'several',
    [outcome('STALE', 'STALE'), outcome('FAILED', 'MISS', true), outcome('STALE', 'STALE')],
    'weir; fwd=miss; detail="failed, stale"',
  ],
  [
    'pages of which one failed',
    [{ ...outcome('FRESH', 'MISS', true), parts: [outcome('CACHED', 'HIT'), outcome('FAILED', 'MISS', true)] }],
    'weir; fwd=miss; detail=failed',
  ],
])('%s', (_, outcomes, expected) => {
  const status = new CacheStatus();
  for (const each of outcomes) status.note(each);
  expect(status.header()).toBe(expected);
});
