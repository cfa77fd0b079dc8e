import type { Random } from '../../runtime/index.ts';
import type { PoolNumbers } from './numbers.ts';

/** What the balancer looks at. */
export interface Candidate {
  readonly inFlight: number;
  readonly latency: { readonly average: number | undefined; faded(now: number): number | undefined };
  weight(now: number): number;
}

/**
 * Two different candidates drawn by weight; the one with the lower (in flight + 1) x latency is taken,
 * and the one drawn first when the two are about equal. So equal endpoints share by weight, a slower one gets
 * what the faster cannot take, and calls in flight count against an endpoint in proportion to its weight.
 */
export function pickByTwoChoices<C extends Candidate>(
  candidates: readonly C[],
  now: number,
  random: Random,
  numbers: PoolNumbers['balancing'],
): C | undefined {
  if (candidates.length <= 1) return candidates[0];
  let total = 0;
  for (const candidate of candidates) total += candidate.weight(now);
  const first = draw(candidates, undefined, total, now, random);
  const second = draw(candidates, first, total - first.weight(now), now, random);
  const mean = total / candidates.length;
  const firstLatency = latencyAgainst(first, second, now, numbers);
  const secondLatency = latencyAgainst(second, first, now, numbers);
  const firstCost = (load(first, mean, now) + 1) * firstLatency;
  const secondCost = (load(second, mean, now) + 1) * secondLatency;
  return firstCost <= secondCost * numbers.tieRatio ? first : second;
}

function draw<C extends Candidate>(
  candidates: readonly C[],
  except: C | undefined,
  total: number,
  now: number,
  random: Random,
): C {
  // With no weight at all, all are alike.
  const alike = total <= 0;
  let left = random.next() * (alike ? candidates.length - (except === undefined ? 0 : 1) : total);
  let last: C | undefined;
  for (const candidate of candidates) {
    if (candidate === except) continue;
    last = candidate;
    left -= alike ? 1 : candidate.weight(now);
    if (left < 0) return candidate;
  }
  if (last === undefined) throw new RangeError('The balancer expects a candidate to draw from; none came.');
  return last;
}

/** Calls in flight, as an endpoint of mean weight would feel them. */
function load(candidate: Candidate, meanWeight: number, now: number): number {
  const weight = candidate.weight(now);
  return weight > 0 ? (candidate.inFlight * meanWeight) / weight : candidate.inFlight;
}

/**
 * The latency to expect. Nothing known: as the rival. Not called for long: forgotten little by little,
 * but only down to the rival's, so that it is tried again without being flooded.
 */
function latencyAgainst(one: Candidate, rival: Candidate, now: number, numbers: PoolNumbers['balancing']): number {
  const floor = numbers.latencyFloorMs;
  const rivals = rival.latency.faded(now);
  const known = one.latency.average;
  if (known === undefined) return Math.max(floor, rivals ?? floor);
  const faded = one.latency.faded(now) ?? known;
  return Math.max(floor, faded, Math.min(known, rivals ?? known));
}
