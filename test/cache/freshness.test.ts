import { describe, expect, test } from '@jest/globals';
import { parseCacheControl } from '../../src/cache/cache-control.ts';
import { type CacheScope, decideStorage, type FreshnessRules, headerTags, varyNames } from '../../src/cache/index.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const RULES: FreshnessRules = {
  ttlSeconds: undefined,
  staleSeconds: undefined,
  defaultStaleSeconds: 600,
  negativeTtlSeconds: 0,
  explicitlyPublic: false,
};
const PUBLIC: CacheScope = { kind: 'PUBLIC' };
const PRIVATE: CacheScope = { kind: 'PRIVATE', callerId: 'ann' };

/** Seconds of freshness and of grace after it; or why not. */
function decide(
  headers: Record<string, string>,
  rules: Partial<FreshnessRules> = {},
  { scope = PUBLIC, status = 200, jitter = 0 } = {},
) {
  const answer = { status, headers, requestedAt: NOW, receivedAt: NOW, scope };
  const decision = decideStorage(answer, { ...RULES, ...rules }, jitter);
  if (!decision.store) return decision.why;
  return { fresh: (decision.freshUntil - NOW) / 1_000, grace: (decision.staleUntil - decision.freshUntil) / 1_000 };
}

const cc = (value: string) => ({ 'cache-control': value });

describe('freshness from headers', () => {
  test.each([
    ['nothing said: stale at once, kept for the grace', {}, { fresh: 0, grace: 600 }],
    ['max-age', cc('max-age=60'), { fresh: 60, grace: 600 }],
    ['quoted max-age, odd spelling', cc('Public , MAX-AGE="60"'), { fresh: 60, grace: 600 }],
    ['s-maxage before max-age, and no stale answers', cc('max-age=60, s-maxage=10'), { fresh: 10, grace: 0 }],
    ['s-maxage with stale-while-revalidate', cc('s-maxage=10, stale-while-revalidate=30'), { fresh: 10, grace: 30 }],
    ['junk max-age is 0', cc('max-age=soon'), { fresh: 0, grace: 600 }],
    ['negative max-age is 0', cc('max-age=-5'), { fresh: 0, grace: 600 }],
    ['the smaller of two', cc('max-age=60, max-age=10'), { fresh: 10, grace: 600 }],
    ['a huge max-age is bounded', cc('max-age=99999999999999'), { fresh: 2 ** 31, grace: 600 }],
    ['Age is taken off', { ...cc('max-age=60'), age: '20' }, { fresh: 40, grace: 600 }],
    ['junk Age is 0', { ...cc('max-age=60'), age: '-20' }, { fresh: 60, grace: 600 }],
    ['no-cache: not fresh, not stale', { ...cc('no-cache, max-age=60'), etag: '"1"' }, { fresh: 0, grace: 0 }],
    ['must-revalidate', cc('max-age=60, must-revalidate'), { fresh: 60, grace: 0 }],
    ['proxy-revalidate', cc('max-age=60, proxy-revalidate'), { fresh: 60, grace: 0 }],
    ['stale-if-error', cc('max-age=60, stale-if-error=5'), { fresh: 60, grace: 5 }],
    ['stale-if-error=0 forbids', cc('max-age=60, stale-if-error=0'), { fresh: 60, grace: 0 }],
    [
      'Expires less Date, whatever the upstream’s clock says',
      { date: 'Sun, 01 Mar 2020 12:00:00 GMT', expires: 'Sun, 01 Mar 2020 12:00:30 GMT' },
      { fresh: 30, grace: 600 },
    ],
    ['Expires: 0 is the past', { expires: '0' }, { fresh: 0, grace: 600 }],
    [
      'max-age before Expires',
      { ...cc('max-age=5'), expires: 'Sun, 01 Mar 2099 12:00:00 GMT' },
      { fresh: 5, grace: 600 },
    ],
    [
      'no heuristics from Last-Modified',
      { 'last-modified': 'Sun, 01 Mar 2020 12:00:00 GMT' },
      { fresh: 0, grace: 600 },
    ],
    ['no-store', cc('max-age=60, no-store'), expect.stringContaining('no-store')],
    ['private', cc('private, max-age=60'), expect.stringContaining('private')],
    ['Vary: *', { vary: 'accept, *' }, expect.stringContaining('Vary')],
  ])('%s', (_, headers: Record<string, string>, expected) => {
    expect(decide(headers)).toEqual(expected);
  });

  test('a private entry is one in a private cache: private is fine, s-maxage and proxy-revalidate are for others', () => {
    const headers = cc('private, max-age=60, s-maxage=10, proxy-revalidate');
    expect(decide(headers, {}, { scope: PRIVATE })).toEqual({ fresh: 60, grace: 600 });
  });

  test.each([206, 302, 400, 401, 403, 404, 410, 429, 500, 503])('status %i is not stored', (status) => {
    expect(decide(cc('max-age=60'), {}, { status })).toEqual(expect.any(String));
  });
});

describe('freshness by policy', () => {
  test('a ttl wins over what the headers say, but not over no-store', () => {
    expect(decide({ ...cc('no-cache, max-age=1'), age: '500' }, { ttlSeconds: 30 })).toEqual({ fresh: 30, grace: 600 });
    expect(decide(cc('max-age=99'), { ttlSeconds: 0 })).toEqual({ fresh: 0, grace: 600 });
    expect(decide(cc('no-store'), { ttlSeconds: 30, explicitlyPublic: true })).toEqual(expect.any(String));
  });

  test('private counts unless the policy itself says PUBLIC', () => {
    expect(decide(cc('private'), { ttlSeconds: 30 })).toEqual(expect.any(String));
    expect(decide(cc('private'), { ttlSeconds: 30, explicitlyPublic: true })).toEqual({ fresh: 30, grace: 600 });
  });

  test('a grace of the policy wins over everything the upstream says of staleness', () => {
    expect(decide(cc('max-age=60, must-revalidate'), { staleSeconds: 20 })).toEqual({ fresh: 60, grace: 20 });
    expect(decide(cc('max-age=60, stale-if-error=9'), { staleSeconds: 0 })).toEqual({ fresh: 60, grace: 0 });
  });

  test('404 and 410 are remembered by policy, without a grace; other refusals never', () => {
    expect(decide({}, { negativeTtlSeconds: 5 }, { status: 404 })).toEqual({ fresh: 5, grace: 0 });
    expect(decide({}, { negativeTtlSeconds: 5 }, { status: 410 })).toEqual({ fresh: 5, grace: 0 });
    expect(decide(cc('no-store'), { negativeTtlSeconds: 5 }, { status: 404 })).toEqual(expect.any(String));
    for (const status of [401, 403, 400, 500]) {
      expect(decide({}, { negativeTtlSeconds: 5 }, { status })).toEqual(expect.any(String));
    }
  });

  test('jitter shortens a lifetime by a tenth at most, and never makes it longer', () => {
    expect(decide(cc('max-age=100'), {}, { jitter: 0.5 })).toEqual({ fresh: 95, grace: 600 });
    expect(decide({}, { ttlSeconds: 100 }, { jitter: 1 })).toEqual({ fresh: 90, grace: 600 });
  });
});

test('an answer that may be confirmed is kept for that, even if it may not be served', () => {
  const answer = { status: 200, requestedAt: NOW, receivedAt: NOW, scope: PUBLIC };
  const decision = decideStorage({ ...answer, headers: { ...cc('no-cache'), etag: '"1"' } }, RULES, 0);
  expect(decision).toMatchObject({ store: true, freshUntil: NOW, staleUntil: NOW, keptUntil: NOW + 600_000 });
});

test('the time a response took counts into its age when it came with one', () => {
  const answer = { status: 200, requestedAt: NOW - 3_000, receivedAt: NOW, scope: PUBLIC };
  const decision = decideStorage({ ...answer, headers: { ...cc('max-age=60'), age: '20' } }, RULES, 0);
  expect(decision).toMatchObject({ storedAt: NOW - 23_000, freshUntil: NOW + 37_000 });
});

test('Cache-Control is read whatever stands around what is known', () => {
  const control = parseCacheControl('foo="a, no-store", private="x-a", max-age = 7, immutable');
  expect(control).toMatchObject({ noStore: false, private: true, maxAge: 7 });
});

test('Vary and tags are read as lists', () => {
  expect(varyNames({ vary: 'X-Tenant, accept,, Accept' })).toEqual(['accept', 'x-tenant']);
  expect(headerTags({ 'surrogate-key': 'pet:1  pet:2', 'cache-tag': 'big one, pet:1' })).toEqual([
    'pet:1',
    'pet:2',
    'big one',
  ]);
  expect(headerTags({ 'surrogate-key': Array.from({ length: 501 }, (_, i) => `t${i}`).join(' ') })).toBeUndefined();
});

describe('whether somebody declared a lifetime', () => {
  test.each([
    ['nothing said', {}, {}, false],
    ['a ttl of the policy', {}, { ttlSeconds: 1 }, true],
    ['a ttl of 0, whatever the upstream says', cc('max-age=60'), { ttlSeconds: 0 }, false],
    ['max-age', cc('max-age=60'), {}, true],
    ['max-age=0', cc('max-age=0'), {}, false],
    ['stale-while-revalidate', cc('max-age=0, stale-while-revalidate=5'), {}, true],
    ['already old when it came', { ...cc('max-age=60'), age: '90' }, {}, true],
  ])('%s', (_, headers: Record<string, string>, rules, declared) => {
    const answer = { status: 200, headers, requestedAt: NOW, receivedAt: NOW, scope: PUBLIC };
    expect(decideStorage(answer, { ...RULES, ...rules }, 0)).toMatchObject({ store: true, declared });
  });
});
