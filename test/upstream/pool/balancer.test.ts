import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, pickByTwoChoices } from '../../../src/upstream/pool/balancer.ts';
import { Latency } from '../../../src/upstream/pool/latency.ts';
import { POOL_NUMBERS } from '../../../src/upstream/pool/numbers.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const numbers = POOL_NUMBERS.balancing;
const NOW = 1_000_000;

function candidate(weight: number, inFlight = 0, latencyMs?: number, at = NOW): Candidate & { inFlight: number } {
  const latency = new Latency(numbers.latencyDecayMs);
  if (latencyMs !== undefined) latency.record(latencyMs, at);
  return { inFlight, latency, weight: () => weight };
}

function shares(candidates: readonly Candidate[], picks = 20_000): number[] {
  const random = seededRandom(3);
  const counts = candidates.map(() => 0);
  for (let i = 0; i < picks; i++) {
    const picked = pickByTwoChoices(candidates, NOW, random, numbers);
    const index = picked === undefined ? -1 : candidates.indexOf(picked);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count) => count / picks);
}

describe('choice by two', () => {
  test('none of none, the one of one', () => {
    const only = candidate(1);
    expect(pickByTwoChoices([], NOW, seededRandom(), numbers)).toBeUndefined();
    expect(pickByTwoChoices([only], NOW, seededRandom(), numbers)).toBe(only);
  });

  test('equals share by weight', () => {
    const [a, b] = shares([candidate(3, 0, 20), candidate(1, 0, 20.5)]);
    expect(a).toBeCloseTo(0.75, 1);
    expect(b).toBeCloseTo(0.25, 1);
  });

  test('noise below a millisecond is no reason', () => {
    const [a] = shares([candidate(1, 0, 0.2), candidate(1, 0, 0.8)]);
    expect(a).toBeCloseTo(0.5, 1);
  });

  test('the faster of two, until its calls in flight make up for it', () => {
    expect(shares([candidate(1, 0, 10), candidate(1, 0, 100)])).toEqual([1, 0]);
    expect(shares([candidate(1, 12, 10), candidate(1, 0, 100)])).toEqual([0, 1]);
  });

  test('calls in flight count by weight', () => {
    // Three times the weight carries three times the calls: both are equally loaded.
    const [a] = shares([candidate(3, 30, 20), candidate(1, 10, 20)]);
    expect(a).toBeCloseTo(0.75, 1);
    expect(shares([candidate(3, 30, 20), candidate(1, 5, 20)])).toEqual([0, 1]);
  });

  test('weight 0 is never drawn first, and weights of 0 all over are equal', () => {
    const [a, b] = shares([candidate(0, 0, 20), candidate(1, 0, 20)]);
    expect([a, b]).toEqual([0, 1]);
    const all = shares([candidate(0), candidate(0), candidate(0)]);
    for (const share of all) expect(share).toBeCloseTo(1 / 3, 1);
  });

  test('an endpoint nothing is known of is taken for as fast as its rival', () => {
    const [a] = shares([candidate(1), candidate(1, 0, 500)]);
    expect(a).toBeCloseTo(0.5, 1);
  });

  test('a slow answer long ago is forgiven, but never makes an endpoint better than its rival', () => {
    expect(shares([candidate(1, 0, 20), candidate(1, 0, 3_000, NOW - 5_000)])).toEqual([1, 0]);
    const [a] = shares([candidate(1, 0, 20), candidate(1, 0, 3_000, NOW - 120_000)]);
    expect(a).toBeCloseTo(0.5, 1);
  });

  test('never picks what costs clearly more than both others, and always picks one of the given', () => {
    const arbitrary = fc.record({
      weight: fc.integer({ min: 1, max: 10 }),
      inFlight: fc.nat(50),
      latency: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(arbitrary, { minLength: 2, maxLength: 6 }), fc.nat(), (given, seed) => {
        const candidates = given.map((g) => candidate(g.weight, g.inFlight, g.latency));
        const picked = pickByTwoChoices(candidates, NOW, seededRandom(seed), numbers);
        if (picked === undefined) throw new Error('One of the candidates was expected, none came.');
        expect(candidates).toContain(picked);
        // Reference: of equal weights, fresh latencies and no ties, the dearest is never taken.
        if (given.every((g) => g.weight === given[0]?.weight && g.latency !== undefined)) {
          const costs = given.map((g) => (g.inFlight + 1) * Math.max(1, g.latency ?? 0));
          const dearest = Math.max(...costs);
          const others = costs.filter((c) => c * numbers.tieRatio < dearest);
          const cost = costs[candidates.indexOf(picked)] ?? 0;
          if (others.length === costs.length - 1) expect(cost).toBeLessThan(dearest);
        }
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});

describe('latency', () => {
  test('percentiles are those of the last 256 answers', () => {
    const latency = new Latency(10_000);
    expect(latency.quantile(0.5)).toBeUndefined();
    for (let i = 0; i < 300; i++) latency.record(10_000, NOW);
    for (let i = 1; i <= 256; i++) latency.record(i, NOW);
    expect(latency.quantile(0.5)).toBe(128);
    expect(latency.quantile(0.99)).toBe(254);
    expect(latency.quantile(1)).toBe(256);
  });

  test('a call without an answer makes an endpoint look slower, never faster', () => {
    const latency = new Latency(10_000);
    latency.record(100, NOW);
    latency.recordAtLeast(1, NOW + 1_000);
    expect(latency.average).toBeCloseTo(100, 9);
    latency.recordAtLeast(3_000, NOW + 2_000);
    expect(latency.average).toBeGreaterThan(100);
    expect(latency.quantile(1)).toBe(100);
  });

  test('an old average gives way to a new answer, a fresh one only a little', () => {
    const old = new Latency(10_000);
    old.record(1_000, NOW);
    old.record(10, NOW + 60_000);
    expect(old.average).toBeLessThan(20);
    const fresh = new Latency(10_000);
    fresh.record(1_000, NOW);
    fresh.record(10, NOW + 1);
    expect(fresh.average).toBeGreaterThan(900);
  });
});
