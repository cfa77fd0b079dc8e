/** Measures the figures of docs/figures.md and writes them there, from this run. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root, runScript, say, setUp } from '../../scripts/setup.mjs';
import { measureKills } from './kill-nine.mjs';
import { measurePublish, measurePublishingUnderLoad } from './publish.mjs';
import { measureReady } from './ready.mjs';

await runScript(async () => {
  await setUp();
  say('ready after start, idle memory');
  const ready = await measureReady();
  say(JSON.stringify(ready));
  say('publication to first query');
  const publish = await measurePublish();
  say(JSON.stringify(publish));
  say('publishing under load');
  const load = await measurePublishingUnderLoad();
  say(JSON.stringify(load));
  say('kill -9 in a loop of admin mutations');
  const kills = await measureKills();
  say(JSON.stringify(kills));

  const machine = `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}`;
  writeFileSync(
    join(root, 'docs/figures.md'),
    `# Figures

Measured by \`npm run figures\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.
The gateway is a process of its own, its clients and upstreams are other processes on the same machine.

| what | wanted | measured |
|---|---|---|
| ready after start, empty registry (median and worst of ${ready.runs}) | under 2000 ms | ${ready.medianMs} ms, ${ready.worstMs} ms |
| resident memory after 10 idle seconds | under 150 MB | ${ready.memoryMb} MB |
| \`publishSource\` acknowledged to first query answered, 20 operations (median and worst of ${publish.runs}) | under 250 ms | ${publish.fromAcknowledgementMedianMs} ms, ${publish.fromAcknowledgementWorstMs} ms |
| the same from sending the mutation | | ${publish.fromSendingMedianMs} ms, ${publish.fromSendingWorstMs} ms |
| ${load.publications} publications under the load of ${load.clients} clients: failed queries | 0 | ${load.failed} of ${load.queries} |
| ${kills.kills} \`kill -9\`, half of them in a loop of admin mutations: wrong sources after the restart | 0 | ${kills.wrong.length} of ${kills.sources} |
`,
  );
  for (const line of [...kills.wrong, ...load.examples]) say(line);
  return kills.wrong.length + load.failed === 0 ? 0 : 1;
});
