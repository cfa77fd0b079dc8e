import { describe, expect, test } from '@jest/globals';
import { anonymous } from '../../src/access/index.ts';
import { UpstreamFailure } from '../../src/errors/index.ts';
import { createProvenance, createRequestContext } from '../../src/execution/index.ts';
import type { Outcome } from '../../src/sources/index.ts';
import { fakeConnection, fakeMember, fresh, served, WEATHER_SDL } from '../schema/graph/fake-member.ts';
import { harness } from './harness.ts';

const failure = new UpstreamFailure({
  code: 'UPSTREAM_TIMEOUT',
  reason: 'http_response_timeout',
  detail: 'http://10.1.2.3/ took 3000 ms',
  retryable: true,
  countsAgainstHealth: true,
});
const failed: Outcome = {
  kind: 'FAILED',
  failure,
  durationMs: 3004,
  attempts: [
    { endpoint: 0, startedAt: 5, durationMs: 3000, result: 'http_response_timeout' },
    { endpoint: 1, startedAt: 3005, durationMs: 4, result: 'ok', status: 503 },
  ],
  cache: 'MISS',
  figures: { model: 'm' },
};

function report(outcomes: readonly [string, Outcome][], options = {}) {
  const provenance = createProvenance({ graphVersion: 42, trace: false, ...options });
  outcomes.forEach(([source, outcome], i) => {
    provenance.record({ source, operation: 'op', path: [source, i, 'x'], outcome });
  });
  return provenance.report();
}

describe('extensions.weir', () => {
  test('is absent when all was fresh or cached', () => {
    expect(report([])).toBeUndefined();
    expect(
      report([
        ['a', fresh(1)],
        ['b', served('CACHED', 1, 500)],
      ]),
    ).toBeUndefined();
  });

  test('an answer of several parts counts as its worst, and a trace tells of each', () => {
    const partial: Outcome = { ...fresh(1), failure, parts: [fresh(1), served('CACHED', 1, 10), failed] };
    expect(report([['a', partial]])).toMatchObject({
      degraded: true,
      sources: [{ name: 'a', outcome: 'FAILED', paths: ['a.0.x'] }],
    });
    expect(report([['a', partial]], { trace: true })?.calls).toMatchObject([
      { outcome: 'FRESH' },
      { outcome: 'CACHED' },
      { outcome: 'FAILED', failure: { code: 'UPSTREAM_TIMEOUT' } },
    ]);
    const whole: Outcome = { ...served('CACHED', 1, 10), parts: [fresh(1), served('CACHED', 1, 10)] };
    expect(report([['a', whole]])).toBeUndefined();
  });

  test('ages are whole milliseconds, durations have one digit more', () => {
    const stale = { ...served('STALE', 1, 60315.88623046875), durationMs: 1.23456 };
    expect(report([['a', stale]], { trace: true })).toMatchObject({
      sources: [{ ageMs: 60316 }],
      calls: [{ ageMs: 60316, durationMs: 1.2 }],
    });
  });

  test('groups degraded calls by source and outcome; the oldest age counts', () => {
    expect(
      report([
        ['a', served('STALE', 1, 10)],
        ['b', failed],
        ['c', fresh(1)],
        ['a', served('STALE', 1, 900)],
        ['a', served('BACKUP', 1)],
        ['b', served('FALLBACK', 1)],
      ]),
    ).toEqual({
      graphVersion: 42,
      degraded: true,
      sources: [
        { name: 'a', outcome: 'STALE', ageMs: 900, paths: ['a.0.x', 'a.3.x'] },
        { name: 'b', outcome: 'FAILED', paths: ['b.1.x'] },
        { name: 'a', outcome: 'BACKUP', paths: ['a.4.x'] },
        { name: 'b', outcome: 'FALLBACK', paths: ['b.5.x'] },
      ],
    });
  });

  test('with a trace tells every call, endpoints by number, hosts never', () => {
    const traced = report(
      [
        ['a', fresh(1)],
        ['b', failed],
      ],
      { trace: true },
    );
    expect(traced).toEqual({
      graphVersion: 42,
      degraded: true,
      sources: [
        { name: 'a', outcome: 'FRESH', paths: ['a.0.x'] },
        { name: 'b', outcome: 'FAILED', paths: ['b.1.x'] },
      ],
      calls: [
        { source: 'a', operation: 'op', path: 'a.0.x', outcome: 'FRESH', cache: 'MISS', durationMs: 1, attempts: [] },
        {
          source: 'b',
          operation: 'op',
          path: 'b.1.x',
          outcome: 'FAILED',
          cache: 'MISS',
          durationMs: 3004,
          attempts: [
            { endpoint: 0, ms: 3000, result: 'http_response_timeout' },
            { endpoint: 1, ms: 4, result: 'ok', status: 503 },
          ],
          failure: { code: 'UPSTREAM_TIMEOUT', reason: 'http_response_timeout' },
          figures: { model: 'm' },
        },
      ],
    });
    expect(JSON.stringify(traced)).not.toContain('10.1.2.3');
    const detailed = report([['b', failed]], { trace: true, details: true });
    expect(JSON.stringify(detailed)).toContain('10.1.2.3');
  });

  test('a trace of nothing degraded says so', () => {
    expect(report([['a', served('CACHED', 1, 30)]], { trace: true })).toMatchObject({
      degraded: false,
      sources: [{ name: 'a', outcome: 'CACHED', ageMs: 30, paths: ['a.0.x'] }],
      calls: [{ ageMs: 30 }],
    });
  });

  test('tells 200 paths and calls at most, of the rest the number', () => {
    const many = Array.from({ length: 250 }, (_, i): [string, Outcome] => [i % 2 === 0 ? 'a' : 'b', failed]);
    const told = report(many, { trace: true }) as {
      sources: { paths: string[]; morePaths: number }[];
      calls: unknown[];
      moreCalls: number;
    };
    expect(told.sources.map((group) => [group.paths.length, group.morePaths])).toEqual([
      [100, 25],
      [100, 25],
    ]);
    expect([told.calls.length, told.moreCalls]).toEqual([200, 50]);
  });
});

describe('the context of a request', () => {
  const context = async (headers: Record<string, string>, maxUpstreamCalls?: number) => {
    const { graph } = await harness([]);
    const { signal } = new AbortController();
    const options = { requestId: 'r', caller: anonymous, graph: graph.current, headers, deadline: 5, signal };
    return createRequestContext(maxUpstreamCalls === undefined ? options : { ...options, maxUpstreamCalls });
  };

  test.each([
    ['0', 0],
    ['60', 60_000],
    [' 1.5 ', 1500],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['1e9', undefined],
  ])('weir-max-stale: %j is %p ms', async (header, expected) => {
    expect((await context({ 'weir-max-stale': header })).call.maxStaleMs).toBe(expected);
  });

  test('allows so many upstream calls and no more', async () => {
    const { call } = await context({}, 2);
    expect([call.takeUpstreamCall(), call.takeUpstreamCall(), call.takeUpstreamCall()]).toEqual([true, true, false]);
    const usual = (await context({})).call;
    expect(Array.from({ length: 101 }, () => usual.takeUpstreamCall()).lastIndexOf(true)).toBe(99);
  });

  test('traces only when asked exactly so', async () => {
    expect((await context({ 'weir-trace': '1' })).trace).toBe(true);
    expect((await context({ 'weir-trace': 'yes' })).trace).toBe(false);
    expect((await context({})).call.maxStaleMs).toBeUndefined();
  });

  test('an admin sees details in a trace, others do not', async () => {
    const connection = fakeConnection(() => failed);
    const { ask } = await harness([fakeMember({ name: 'weather', sdl: WEATHER_SDL, connection })]);
    const headers = { 'weir-trace': '1' };
    const source = '{ weather { today { high } } }';
    const admin = { kind: 'key', id: 'k', name: 'k', role: 'ADMIN' } as const;
    expect(JSON.stringify(await ask(source, { headers, caller: admin }))).toContain('10.1.2.3');
    expect(JSON.stringify(await ask(source, { headers }))).not.toContain('10.1.2.3');
  });
});
