/** Weir beside Portkey's gateway, in one run against one upstream; writes docs/benchmarks-models.md from it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { root, say } from '../../scripts/setup.mjs';
import { measure } from './measure.mjs';
import { page, UNPACED } from './page.mjs';
import { startPortkey, startUpstream, startWeir } from './processes.mjs';

const load = loadavg()[0];
const running = [];
const started = async (promise) => {
  const process = await promise;
  running.push(process);
  return process;
};
try {
  const upstream = await started(startUpstream());
  const weir = await started(startWeir(upstream.url));
  const portkey = await started(startPortkey(upstream.url));
  const direct = { name: 'direct', url: upstream.url, model: 'stand-in-1', headers: {} };
  const unpaced = await started(startWeir(upstream.url, UNPACED, { WEIR_STREAM_PACE_MS: '0' }));
  const targets = [direct, weir, portkey, { ...unpaced, only: 'streamed' }];
  const results = await measure(targets, say);
  const countedUsd = await weir.counted();
  if (!(countedUsd > 0)) throw new Error('Weir counted nothing: its accounts were not on');
  const manifest = join(root, 'bench/models/node_modules/@portkey-ai/gateway/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(join(root, 'docs/benchmarks-models.md'), page(results, { version, load, countedUsd }));
} finally {
  for (const process of running.reverse()) await process.end();
}
