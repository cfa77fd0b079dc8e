/** Reads every document of the list and writes docs/corpus.md. Started by scripts/corpus.mjs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocument } from './read-document.mjs';
import { report } from './report.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [filter, one] = process.argv.slice(2);

if (filter === '--peak') {
  await readDocument(one);
  process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
} else {
  const list = readFileSync(join(here, 'openapi-dev.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .filter((line) => filter === undefined || line.includes(filter));
  const started = performance.now();
  const results = [];
  for (const path of list) {
    results.push(await readDocument(path));
    if (results.length % 100 === 0) process.stderr.write(`${results.length} of ${list.length}\n`);
  }
  const seconds = (performance.now() - started) / 1000;
  const slowest = [...results].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  // Memory of the whole process can only be told apart in a process of its own.
  for (const result of slowest) {
    const args = [...process.execArgv, fileURLToPath(import.meta.url), '--peak', result.path];
    result.peakBytes = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }
  const text = report(results, slowest, seconds);
  if (filter === undefined) writeFileSync(join(here, '../../docs/corpus.md'), text);
  else process.stdout.write(text);
}
