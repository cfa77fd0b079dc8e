/** One priority level: how many endpoints it has, and how many of them are healthy. */
export interface LevelHealth {
  readonly total: number;
  readonly healthy: number;
}

/**
 * The share of the traffic that each level gets, best level first, by Envoy's formula: a level carries
 * `overprovisioning` times its healthy share, up to everything, and the rest spills to the next.
 * When all levels together cannot carry everything, their shares are scaled up. All 0 when nothing is healthy.
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority
 */
export function levelShares(levels: readonly LevelHealth[], overprovisioning: number): readonly number[] {
  const together = capacity(levels, overprovisioning);
  let left = 1;
  return levels.map((level) => {
    const taken = together === 0 ? 0 : Math.min(left, levelCapacity(level, overprovisioning) / together);
    left -= taken;
    return taken;
  });
}

/** The part of the traffic that all levels together can carry, 0 to 1. */
export function capacity(levels: readonly LevelHealth[], overprovisioning: number): number {
  let sum = 0;
  for (const level of levels) sum += levelCapacity(level, overprovisioning);
  return Math.min(1, sum);
}

function levelCapacity({ total, healthy }: LevelHealth, overprovisioning: number): number {
  return total === 0 ? 0 : Math.min(1, (overprovisioning * healthy) / total);
}

/** Which level a call goes to, for `draw` in [0, 1); undefined when nothing is healthy. */
export function drawLevel(shares: readonly number[], draw: number): number | undefined {
  let upTo = 0;
  let last: number | undefined;
  for (const [level, share] of shares.entries()) {
    if (share <= 0) continue;
    upTo += share;
    last = level;
    if (draw < upTo) return level;
  }
  // Rounding may leave the sum a hair below the draw.
  return last;
}
