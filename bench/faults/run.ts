/**
 * Runs the faults and prints for each what was injected, promised and seen; a full run writes docs/faults.md.
 * Ends with 1 when a promise was broken. See main.mjs for the way in.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { LoadResult } from './load/promise.ts';
import { LOADS, runLoads } from './load/run-loads.ts';
import { loadPerCore } from './machine.ts';
import { printLoad, printScenario, type Report, renderReport } from './report.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { type Result, runTable } from './table.ts';
import { openTheatre } from './theatre.ts';

const HELP = `npm run faults -- [options]
  --quick         a few promises, shorter, and one scenario of each group: about a minute
  --only <names>  these scenarios, groups of scenarios or promises, separated by commas
  --list          their names`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function runScenarios(wanted: typeof SCENARIOS): Promise<[Result[], Report['memory']]> {
  if (wanted.length === 0) return [[], { start: 0, end: 0, peak: 0 }];
  const theatre = await openTheatre();
  try {
    const start = theatre.gateway.memory().now;
    const results = await runTable(theatre, wanted, printScenario);
    const { now: end, peak } = theatre.gateway.memory();
    return [results, { start, end, peak }];
  } finally {
    await theatre.close();
  }
}

async function main(): Promise<number> {
  const names = values.only?.split(',').map((name) => name.trim());
  const isWanted = (...of: string[]): boolean => names === undefined || of.some((name) => names.includes(name));
  const isFirstOfGroup = (scenario: (typeof SCENARIOS)[number]): boolean =>
    SCENARIOS.find(({ group }) => group === scenario.group) === scenario;
  const scenarios = SCENARIOS.filter(
    (one) => isWanted(one.name, one.group) && (!values.quick || names !== undefined || isFirstOfGroup(one)),
  );
  const promises = LOADS.filter(({ name, quick }) => isWanted(name) && (!values.quick || quick || names !== undefined));
  if (scenarios.length + promises.length === 0) {
    console.error(`There is no scenario, group or promise ${values.only}; --list names them.`);
    return 1;
  }
  const loadBefore = loadPerCore();
  const started = performance.now();
  const loads: LoadResult[] = await runLoads(promises, values.quick ? 0.1 : 1, printLoad);
  const [table, memory] = await runScenarios(scenarios);
  const seconds = (performance.now() - started) / 1000;
  const all = [...table, ...loads];
  const kept = all.filter(({ broken }) => broken.length === 0).length;
  console.log(`${kept} of ${all.length} as promised, in ${Math.round(seconds)} s`);
  if (names === undefined && !values.quick) {
    writeFileSync(
      new URL('../../docs/faults.md', import.meta.url),
      renderReport({ table, loads, memory, loadBefore, seconds }),
    );
  }
  return kept === all.length ? 0 : 1;
}

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (values.help) console.log(HELP);
else if (values.list) {
  for (const { name } of LOADS) console.log(`${name} (under load)`);
  for (const { name, group } of SCENARIOS) console.log(`${name} (${group})`);
} else process.exitCode = await main();
