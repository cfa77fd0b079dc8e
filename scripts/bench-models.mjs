/** Installs what the benchmark of the model routes needs beside Weir, and runs it: `npm run bench:models`. */
import { join } from 'node:path';
import { installBeside, root, runPinned, runScript, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp();
  installBeside('bench/models', '@portkey-ai/gateway', 'the gateway to compare with');
  return runPinned([join(root, 'bench/models/run.mjs')]);
});
