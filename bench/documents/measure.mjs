/** Registers and publishes one document in a gateway that serves other traffic meanwhile, and times all of it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/setup.mjs';
import {
  makeDocument,
  must,
  newDataDir,
  PUBLISH,
  REGISTER,
  removeDataDir,
  startGateway,
} from '../figures/gateway-process.mjs';
import { startStream } from './stream.mjs';

/** Milliseconds of traffic before and after, so that what is noticed late is still noticed. */
const SETTLE_MS = 1000;

const LIVE = 'query ($name: ID!) { source(name: $name) { operations(first: 2000) { name } } }';

/** The upstream of the other traffic, and the place that documents are fetched from. */
async function startServer(file) {
  const document = readFileSync(file);
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(request.url === '/openapi.json' ? document : '{"id":"1","name":"thing","size":1}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function measureDocument({ name, file, bytes }, { nodeArgs = [], program } = {}) {
  const server = await startServer(file);
  const dir = newDataDir();
  const stallsFile = join(tmpdir(), `weir-stalls-${process.pid}.jsonl`);
  rmSync(stallsFile, { force: true });
  const gateway = await startGateway(dir, {
    program,
    nodeArgs: ['--import', join(root, 'bench/documents/sample-loop.mjs'), ...nodeArgs],
    env: { WEIR_STALLS_FILE: stallsFile },
  });
  try {
    const steady = { document: makeDocument(20), endpoints: [{ url: server.url }] };
    await must(gateway.endpoint, REGISTER, { input: { name: 'steady', visibility: 'PUBLIC', rest: steady } });
    await must(gateway.endpoint, PUBLISH, { name: 'steady' });
    const stream = startStream(gateway.endpoint, '{ steady { getThing3(id: "1") { name size } } }');
    await sleep(SETTLE_MS);

    const rest = { url: `${server.url}/openapi.json`, endpoints: [{ url: server.url }] };
    const registering = await timed(() =>
      must(gateway.endpoint, REGISTER, { input: { name: 'large', visibility: 'PUBLIC', rest } }),
    );
    const publishing = await timed(() => must(gateway.endpoint, PUBLISH, { name: 'large' }));
    await sleep(SETTLE_MS);
    const answers = await stream.end();
    const { source } = await must(gateway.endpoint, LIVE, { name: 'large' });
    const status = readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8');
    const from = registering.began;
    const to = publishing.ended + SETTLE_MS;
    const stalls = readStalls(stallsFile).filter(({ at }) => at >= from && at <= to);
    return {
      name,
      megabytes: bytes / 1e6,
      operations: source.operations.length,
      registerMs: registering.ended - registering.began,
      publishMs: publishing.ended - publishing.began,
      longestTurnMs: longest(stalls, ({ ms }) => ms),
      longestWorkMs: longest(stalls, ({ cpuMs }) => cpuMs),
      turnsOver50Ms: stalls.filter(({ cpuMs }) => cpuMs > 50).length,
      longestWaitMs: longest(answers.list, ({ began, ms }) => (began >= from - 500 && began <= to ? ms : 0)),
      queries: answers.list.length,
      failed: answers.failed,
      peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      stalls: stalls.map((stall) => ({
        ...stall,
        phase: stall.at < registering.ended ? 'register' : stall.at < publishing.ended ? 'publish' : 'after',
        since: Math.round(stall.at - registering.began),
      })),
    };
  } finally {
    await gateway.end();
    removeDataDir(dir);
    rmSync(stallsFile, { force: true });
    server.close();
  }
}

async function timed(work) {
  const now = () => performance.timeOrigin + performance.now();
  const began = now();
  await work();
  return { began, ended: now() };
}

function readStalls(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const longest = (list, of) => list.reduce((most, one) => Math.max(most, of(one)), 0);
