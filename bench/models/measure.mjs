/** Measures every target in turns, so that what else the machine does falls on all alike. */
import { quantile, run } from './load.mjs';
import { cpuMs } from './processes.mjs';

const LOADS = {
  plain: { count: 400, atOnce: 4, rounds: 8, warmUp: [{ count: 2000, atOnce: 4 }], stream: false },
  streamed: {
    count: 60,
    atOnce: 6,
    rounds: 8,
    warmUp: [
      { count: 1500, atOnce: 30 },
      { count: 600, atOnce: 6 },
    ],
    stream: true,
  },
};

/** For each load and target: CPU of a request in milliseconds, and quantiles of the times in milliseconds. */
export async function measure(all, say) {
  const results = {};
  for (const [name, { rounds, warmUp, ...load }] of Object.entries(LOADS)) {
    const targets = all.filter(({ only = name }) => only === name);
    for (const target of targets) for (const warm of warmUp) await run(target, { ...load, ...warm });
    const sums = new Map(targets.map((target) => [target, { cpuMs: 0, requests: 0, whole: [], first: [] }]));
    for (let round = 0; round < rounds; round++) {
      // Another one begins in each round.
      const order = targets.map((_, index) => targets[(index + round) % targets.length]);
      for (const target of order) {
        const before = target.pid === undefined ? 0 : cpuMs(target.pid);
        const { whole, first } = await run(target, load);
        // What comes after an answer, such as a line of the log, belongs to it.
        await new Promise((resolve) => setTimeout(resolve, 50));
        const sum = sums.get(target);
        sum.cpuMs += target.pid === undefined ? 0 : cpuMs(target.pid) - before;
        sum.requests += load.count;
        sum.whole.push(...whole);
        sum.first.push(...first);
      }
    }
    results[name] = targets.map((target) => {
      const { requests, whole, first, ...sum } = sums.get(target);
      const times = (of) => ({ p50: quantile(of, 0.5), p99: quantile(of, 0.99) });
      const result = {
        name: target.name,
        requests,
        cpuMs: sum.cpuMs / requests,
        whole: times(whole),
        first: times(first),
      };
      say(`${name} ${result.name}: ${result.cpuMs.toFixed(3)} ms CPU, p99 ${result.whole.p99.toFixed(1)} ms`);
      return result;
    });
  }
  return results;
}
