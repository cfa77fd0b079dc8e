/**
 * Compares what a GraphQL source costs here and in Hive Gateway, and writes docs/benchmarks-graphql.md.
 *
 *     npm run bench:graphql                # about two minutes; the first time it installs the peer (500 MB)
 *     npm run bench:graphql -- --dry-run   # prints, and writes nothing
 */
import { join } from 'node:path';
import { installBeside, root, runPinned, runScript, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp();
  installBeside('bench/graphql', '@graphql-hive/gateway', 'Hive Gateway (500 MB)');
  return runPinned([join(root, 'bench/graphql/run.mjs'), ...process.argv.slice(2)]);
});
