#!/usr/bin/env node
import { join } from 'node:path';
import { GATEWAY_NODE_ARGS, root, runPinned, runScript, setUp } from '../scripts/setup.mjs';

await runScript(async () => {
  await setUp();
  return runPinned([...GATEWAY_NODE_ARGS, join(root, 'dist', 'main.js'), ...process.argv.slice(2)]);
});
