/** Measures, prints the table and writes docs/benchmarks-graphql.md from this run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from '../../scripts/setup.mjs';
import { measure } from './measure.mjs';
import { page, summary } from './page.mjs';

const dir = mkdtempSync(join(tmpdir(), 'weir-graphql-'));
const loadBefore = loadavg()[0];
try {
  const results = summary(await measure({ weir: dir, hive: dir }, say));
  const text = page(results, loadBefore);
  process.stdout.write(`${text.slice(text.indexOf('| query'))}\n`);
  if (!process.argv.includes('--dry-run')) writeFileSync(join(root, 'docs/benchmarks-graphql.md'), text);
  process.exitCode = results.every(({ met }) => met) ? 0 : 1;
} catch (error) {
  say(error.message);
  process.exitCode = 2;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
