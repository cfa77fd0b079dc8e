/** `npm run faults`: sets up, then runs the faults on the pinned Node. Options: --quick, --only <name>, --help. */
import { join } from 'node:path';
import { root, runPinned, runScript, setUp } from '../../scripts/setup.mjs';

await runScript(async () => {
  await setUp();
  return runPinned([
    '--disable-warning=ExperimentalWarning',
    join(root, 'bench/faults/run.ts'),
    ...process.argv.slice(2),
  ]);
});
