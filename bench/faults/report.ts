import { cpus, totalmem } from 'node:os';
import type { LoadResult } from './load/promise.ts';
import type { Result } from './table.ts';

export interface Report {
  readonly table: readonly Result[];
  readonly loads: readonly LoadResult[];
  /** Of the gateway that went through the table, in MB. */
  readonly memory: { readonly start: number; readonly end: number; readonly peak: number };
  /** Runnable processes a core, in the minute before the run. */
  readonly loadBefore: number;
  readonly seconds: number;
}

export function printScenario({ scenario, promised, seen, ms, broken }: Result): void {
  console.log(`${broken.length === 0 ? 'ok    ' : 'BROKEN'} ${scenario.name}: ${scenario.injected}`);
  console.log(`         promised: ${promised}`);
  console.log(`         seen:     ${seen} (${Math.round(ms)} ms)`);
  for (const line of broken) console.log(`         broken:   ${line}`);
}

export function printLoad({ name, injected, promised, seen, broken }: LoadResult): void {
  console.log(`${broken.length === 0 ? 'ok    ' : 'BROKEN'} ${name}: ${injected}`);
  console.log(`         promised: ${promised}`);
  for (const line of seen) console.log(`         ${broken.includes(line) ? 'broken:  ' : 'seen:    '} ${line}`);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
const mark = (broken: readonly string[]): string =>
  broken.length === 0 ? 'yes' : `**no**: ${cell(broken.join('; '))}`;

/** docs/faults.md, from one run. */
export function renderReport({ table, loads, memory, loadBefore, seconds }: Report): string {
  const kept = (results: readonly { readonly broken: readonly string[] }[]): number =>
    results.filter(({ broken }) => broken.length === 0).length;
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const loadRows = loads.map(
    ({ name, injected, promised, seen, broken }) =>
      `| ${name} | ${cell(injected)} | ${cell(promised)} | ${cell(seen.join('<br>'))} | ${mark(broken)} |`,
  );
  const rows = table.map(
    ({ scenario, promised, seen, ms, broken }) =>
      `| ${scenario.group} | ${scenario.name} | ${cell(scenario.injected)} | ${cell(promised.replaceAll('; ', '<br>'))} | ${cell(seen.replaceAll('; ', '<br>'))} | ${Math.round(ms)} | ${mark(broken)} |`,
  );
  return `# Faults

Written by \`npm run faults\` on ${new Date().toISOString().slice(0, 10)}, from a run of ${Math.round(seconds)} s on ${cpus().length} cores (${cpus()[0]?.model}), ${gigabytes} GB, Node ${process.versions.node}.
In the minute before it began, ${loadBefore.toFixed(1)} processes a core of other work wanted to run. Where that is allowed, gateway, generator and upstreams of the loads go before such work; times are as good as that, and B is measured under the same conditions.
Everything is on loopback and real: sockets, TLS, names, the built gateway as a process of its own, its upstreams and clients as others.

**${kept(table)} of ${table.length} scenarios and ${kept(loads)} of ${loads.length} promises under load were kept.**

What each rung, policy and number means is in [resilience.md](resilience.md); how to add a scenario is in \`bench/faults/README.md\`.
\`npm run faults -- --quick\` takes about a minute and writes nothing; \`--only <scenario, group or promise>\` runs a part.

## Under load

200 requests a second on an open loop: they are sent when they are due, whether answers come or not, and times count from then.
B is the same load on the same gateway just before, while all upstreams are well.
Every query also asks a sibling source for a field. Policies are the defaults unless the line says otherwise.

| promise | injected | promised | seen | kept |
|---|---|---|---|---|
${loadRows.join('\n')}

## Scenarios

In each scenario the same faulty primary belongs to up to four sources, asked together in one query:
\`cold\` has nothing else, \`backed\` has a backup endpoint, \`warm\` has an answer from before the fault, \`declared\` has a declared fallback.
Deadlines are 2 s and attempt timeouts 500 ms, to keep the run short, unless a scenario needs others.

Beside what the table promises, each scenario promises that

- the gateway lives (one process went through all of them: ${Math.round(memory.start)} MB at the start, ${Math.round(memory.end)} MB at the end, ${Math.round(memory.peak)} MB at its highest),
- the field of the sibling source is there in every answer,
- the answer comes within the deadline and 100 ms,
- no host, address, port or word of an upstream's body is in any answer,
- six seconds later no socket to the upstream is open,
- once the upstream is well again, \`cold\` is answered \`FRESH\` within 30 s (where there is something to heal).

"Breaker open" means that further calls opened it as promised, and that the next answer came without an attempt, with \`retryAfterMs\`.

| class | scenario | injected | promised | seen | first answer, ms | kept |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
