/**
 * Everything that must hold: set-up, types, lint and format, import arrows, generated code, tests.
 * Ends with one line: N passed, N failed, N skipped. A check that fails counts as one failed test.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinnedNode, root, runScript, say, setUp } from './setup.mjs';

const CHECKS = [
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json']],
  ['types of the pages', ['node_modules/typescript/bin/tsc', '-p', 'portal/tsconfig.json']],
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  [
    'import arrows',
    ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', '.dependency-cruiser.mjs'],
  ],
  ['generated admin schema', ['scripts/print-admin-schema.mjs', '--check']],
  ['generated configuration page', ['scripts/print-options.mjs', '--check']],
  ['generated documents', ['node_modules/.bin/graphql-codegen', '--config', 'codegen.yml', '--check']],
];

function run(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(pinnedNode(), args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

await runScript(async () => {
  await setUp();
  const only = process.argv.slice(2);
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  if (only.length === 0) {
    for (const [title, args] of CHECKS) {
      const ok = (await run(args)) === 0;
      say(`${title}: ${ok ? 'ok' : 'FAILED'}`);
      if (ok) passed++;
      else failed++;
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  const report = join(folder, 'jest.json');
  const args = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...only];
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  const code = await run(args, { NODE_OPTIONS: nodeOptions.trim() });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed += result.numPassedTests;
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    skipped += result.numPendingTests + result.numTodoTests;
    for (const file of result.testResults) {
      for (const test of file.assertionResults) {
        if (test.status === 'pending') say(`skipped: ${test.fullName}`);
      }
    }
  } catch {
    failed++;
  }
  if (code !== 0 && failed === 0) failed++;
  rmSync(folder, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 ? 0 : 1;
});
