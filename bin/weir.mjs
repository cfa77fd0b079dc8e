#!/usr/bin/env node
import { join } from 'node:path';
import { root, runPinned, runScript, setUp } from '../scripts/setup.mjs';

await runScript(async () => {
  await setUp();
  return runPinned(['--enable-source-maps', join(root, 'dist', 'main.js'), ...process.argv.slice(2)]);
});
