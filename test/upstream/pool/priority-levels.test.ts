import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawLevel, levelShares } from '../../../src/upstream/pool/priority-levels.ts';

const percent = (levels: [total: number, healthy: number][]): number[] =>
  levelShares(
    levels.map(([total, healthy]) => ({ total, healthy })),
    1.4,
  ).map((share) => Math.round(share * 100));

// The tables of Envoy's documentation on priority levels, which gives healthy shares in percent.
test.each([
  [
    [
      [100, 100],
      [100, 100],
    ],
    [100, 0],
  ],
  [
    [
      [100, 72],
      [100, 72],
    ],
    [100, 0],
  ],
  [
    [
      [100, 71],
      [100, 71],
    ],
    [99, 1],
  ],
  [
    [
      [100, 50],
      [100, 50],
    ],
    [70, 30],
  ],
  [
    [
      [100, 25],
      [100, 100],
    ],
    [35, 65],
  ],
  [
    [
      [100, 25],
      [100, 25],
    ],
    [50, 50],
  ],
  [
    [
      [100, 0],
      [100, 100],
    ],
    [0, 100],
  ],
  [
    [
      [100, 25],
      [100, 25],
      [100, 25],
    ],
    [35, 35, 30],
  ],
  [
    [
      [100, 5],
      [100, 0],
      [100, 15],
    ],
    [25, 0, 75],
  ],
  [
    [
      [100, 0],
      [100, 0],
    ],
    [0, 0],
  ],
] as [[number, number][], number[]][])('%j gets %j', (levels, shares) => {
  expect(percent(levels)).toEqual(shares);
});

test('shares are all of the traffic or none, and no level without a healthy endpoint gets any', () => {
  const level = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9))
    .map(([total, n]) => ({ total, healthy: Math.min(total, n) }));
  fc.assert(
    fc.property(
      fc.array(level, { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 0.999_999_999, noNaN: true }),
      (levels, draw) => {
        const shares = levelShares(levels, 1.4);
        const sum = shares.reduce((a, b) => a + b, 0);
        const healthy = levels.some((l) => l.healthy > 0);
        expect(sum).toBeCloseTo(healthy ? 1 : 0, 9);
        for (const [i, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          if (levels[i]?.healthy === 0) expect(share).toBe(0);
        }
        const drawn = drawLevel(shares, draw);
        expect(drawn === undefined).toBe(!healthy);
        if (drawn !== undefined) expect(levels[drawn]?.healthy).toBeGreaterThan(0);
      },
    ),
    { seed: 5 },
  );
});
