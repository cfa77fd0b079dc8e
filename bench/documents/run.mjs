/** Measures every document, one gateway each, and writes the page. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { largestDocuments } from './documents.mjs';
import { measureDocument } from './measure.mjs';

const want = process.argv[2];
const loadBefore = loadavg()[0];
const results = [];
for (const document of largestDocuments().filter(({ name }) => want === undefined || name.includes(want))) {
  const result = await measureDocument(document);
  results.push(result);
  const { stalls, ...figures } = result;
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (want === undefined) {
    writeFileSync(join(root, 'docs/benchmarks-documents.md'), page());
    continue;
  }
  for (const { phase, since, ms, cpuMs } of stalls) {
    process.stdout.write(`  ${phase} at ${since} ms: ${Math.round(ms)} ms, ${Math.round(cpuMs)} ms of work\n`);
  }
}

function page() {
  const machine = `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}`;
  const whole = (value) => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  const rows = results.map((one) => {
    const operations = one.operations >= 2000 ? '2 000 or more' : whole(one.operations);
    return `| ${one.name} | ${one.megabytes.toFixed(1)} | ${operations} | ${whole(one.registerMs)} | ${whole(one.publishMs)} | ${whole(one.longestWorkMs)} | ${whole(one.longestTurnMs)} | ${whole(one.longestWaitMs)} | ${whole(one.peakMb)} | ${one.failed} of ${whole(one.queries)} |`;
  });
  const over = results.filter(({ longestWorkMs }) => longestWorkMs > 100);
  const overWall = results.filter(({ longestTurnMs }) => longestTurnMs > 100);
  const list = (some) => (some.length === 0 ? 'none' : some.map(({ name }) => name).join(', '));
  return `# Large documents

Measured by \`npm run bench:documents\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.
Wanted: registered and published in under 10 s and 1 GB, and no stall of other traffic over 100 ms.

Each document is registered by URL and published in a gateway that is a process of its own, while one query of another
source comes every 5 ms. Client, upstream and document server are one other process on the same machine, and so is
whatever else ran: the load average was ${loadBefore.toFixed(1)} when this began and ${loadavg()[0].toFixed(1)} when it ended, on ${cpus().length} cores.

*Longest turn* is the longest time in which the gateway's event loop did nothing else; *work* is the part of such a turn
in which its main thread really had a processor. Where the two differ, something else on the machine had it.
*Longest wait* is what a client saw, sending and reading on the shared machine included.

| document | MB | operations | register ms | publish ms | longest work ms | longest turn ms | longest wait ms | peak MB | failed queries |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

Over 100 ms of work in one turn: ${list(over)}. Over 100 ms by the clock: ${list(overWall)}.

Reading, bundling and upgrading a document happen in a worker thread, and so does comparing two large schemas;
describing, validating, printing, composing, and writing and reading the stored definition happen in turns of about 10 ms.
What is left in one piece grows with the number of operations: the root type of a source has one field for each.
`;
}
