/** Measures what the ladder costs (`npm run bench:ladder`) and writes docs/benchmarks.md from this run. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { pinnedNode, root } from '../scripts/setup.mjs';

const MOST_OVER_US = 10;
const MOST_HIT_US = 5;

const loadBefore = loadavg()[0];
const figures = JSON.parse(execFileSync(pinnedNode(), [join(root, 'bench/ladder/measure.mjs')], { encoding: 'utf8' }));
const us = (number) => `${number.toFixed(1)} µs`;
const { bareUs, ladderUs, overUs, overUserUs, hitUs, rounds, callsPerRound, burst } = figures;
const version = execFileSync(pinnedNode(), ['--version'], { encoding: 'utf8' }).trim();
const met = (is) => (is ? 'met' : '**not met**');

writeFileSync(
  join(root, 'docs/benchmarks.md'),
  `# Benchmarks

## What the ladder costs

Measured by \`npm run bench:ladder\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0].model}), Node ${version}.
The machine was not idle: its load average was ${loadBefore.toFixed(1)} before the run, of which the run itself is no part.

CPU of the process (user and system) for one call, with a small JSON answer from an upstream in another process: with the
HTTP client alone, and through ladder, cache and endpoint pool. ${rounds} rounds of ${callsPerRound} calls each, in turns, in bursts of ${burst};
medians. Both sides make the same request and parse the same answer. Every answer through the ladder is kept for the day
the upstream is gone, under 1 000 different keys. The upstream never sleeps, so that neither side pays for waking it.

| what | goal | measured | |
|---|---|---|---|
| a call with the HTTP client alone | | ${us(bareUs)} | |
| the same through the ladder | | ${us(ladderUs)} | ${(ladderUs / bareUs).toFixed(2)} × |
| the difference, user and system | at most ${MOST_OVER_US} µs | ${us(overUs)} | ${met(overUs <= MOST_OVER_US)} |
| of that in user mode | | ${us(overUserUs)} | |
| a hit in the cache | at most ${MOST_HIT_US} µs | ${us(hitUs)} | ${met(hitUs <= MOST_HIT_US)} |
`,
);
console.log(JSON.stringify(figures));
process.exitCode = overUs <= MOST_OVER_US && hitUs <= MOST_HIT_US ? 0 : 1;
