/** Every document of the round trip through one gateway; writes the page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from '../../scripts/setup.mjs';
import { newDataDir, removeDataDir, startGateway } from '../figures/gateway-process.mjs';
import { documents } from './documents.mjs';
import { page } from './page.mjs';
import { roundTrip } from './round-trip.mjs';

/** Selections of every field are large: here it is the answers that are looked at, not the limits. */
const LIMITS = {
  WEIR_DOCUMENT_TOKEN_LIMIT: '100000',
  WEIR_DOCUMENT_DEPTH_LIMIT: '100',
  WEIR_DOCUMENT_ALIAS_LIMIT: '100000',
  WEIR_DOCUMENT_COST_LIMIT: '100000000',
};

const want = process.argv[2];
const dir = newDataDir();
const gateway = await startGateway(dir, { env: LIMITS });
const results = [];
try {
  for (const [index, document] of documents.entries()) {
    if (want !== undefined && !document.name.includes(want)) continue;
    const result = await roundTrip(gateway.endpoint, `doc${index}`, document);
    results.push(result);
    say(`${result.name}: ${result.calls.length} calls of ${result.operations} operations`);
    if (want === undefined) continue;
    for (const one of result.calls.filter(({ outcome }) => outcome !== 'as described')) {
      process.stdout.write(`${one.operation}: ${one.outcome}; ${one.why ?? 'UNEXPLAINED'}; ${one.detail}\n`);
    }
  }
} finally {
  await gateway.end();
  removeDataDir(dir);
}
if (want === undefined) writeFileSync(join(root, 'docs/roundtrip.md'), page(results));
const unexplained = results.flatMap(({ name, calls }) =>
  calls.filter(({ outcome, why }) => outcome !== 'as described' && why === undefined).map((one) => ({ name, ...one })),
);
for (const { name, operation, outcome, detail } of unexplained) say(`${name} ${operation}: ${outcome}; ${detail}`);
process.exit(unexplained.length === 0 ? 0 : 1);
