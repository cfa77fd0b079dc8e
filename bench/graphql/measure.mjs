/** Both gateways and no gateway, the same queries, in turns. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { cpuSeconds } from './cpu-time.mjs';
import { startHive } from './hive.mjs';
import { QUERIES } from './queries.mjs';
import { SERVICES } from './subgraphs.mjs';
import { startWeir } from './weir.mjs';

const ROUNDS = 3;
const LONGEST_MS = 240_000;

const start = (file, args = []) => fork(fileURLToPath(new URL(file, import.meta.url)), args);

async function answerOf(child) {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    return [{ error: `a process of the benchmark ended with code ${code}` }];
  });
  ended.catch(() => undefined);
  const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
  done.abort();
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Calls `during` with all processes running, each told by its name; ends them, and nothing else, whatever happens. */
async function withProcesses(dirs, during) {
  const children = [];
  const keep = (child) => {
    children.push(child);
    return child;
  };
  try {
    const urls = {};
    for (const name of SERVICES) urls[name] = (await answerOf(keep(start('./service.mjs', [name])))).url;
    const load = keep(start('./load.mjs'));
    const weir = await startWeir(dirs.weir, urls);
    keep(weir.child);
    const hive = await startHive(dirs.hive, urls);
    keep(hive.child);
    return await Promise.race([during({ load, ways: { direct: { urls }, weir, hive } }), tooLong()]);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function tooLong() {
  await sleep(LONGEST_MS, undefined, { ref: false });
  throw new Error(`more than ${LONGEST_MS / 1_000} s have passed: the machine is too busy for these rates`);
}

function ask(load, { url, urls }, order) {
  load.send({ url, urls, ...order });
  return answerOf(load);
}

async function checkAlike(load, ways, { name }) {
  const expected = (await ask(load, ways.direct, { name, requests: 1 })).data;
  if (name === 'entities') merge(expected);
  for (const way of ['weir', 'hive']) {
    const { data } = await ask(load, ways[way], { name, requests: 1 });
    // Copied: objects of other makers have other prototypes.
    const [came, wanted] = [data.products, expected.products].map((one) => JSON.parse(JSON.stringify(one)));
    if (!isDeepStrictEqual(came, wanted)) {
      throw new Error(`${way} answers ${name} otherwise than the services: ${JSON.stringify(came).slice(0, 300)}`);
    }
  }
}

/** What a client would make of both answers. */
function merge(data) {
  data.products = data.products.map((product, index) => ({ ...product, ...data.stockByIds[index] }));
}

async function measureWay(load, way, { name, perSecond, requests }) {
  const before = way.child && cpuSeconds(way.child.pid);
  const { latencies } = await ask(load, way, { name, perSecond, requests });
  const cpuMs = way.child && ((cpuSeconds(way.child.pid) - before) * 1_000) / requests;
  return { latencies, cpuMs };
}

/** Rounds of every query and way. `say` is told how it goes. */
export function measure(dirs, say) {
  return withProcesses(dirs, async ({ load, ways }) => {
    const rounds = QUERIES.map((query) => ({ query, direct: [], weir: [], hive: [] }));
    for (const query of QUERIES) {
      await checkAlike(load, ways, query);
      for (const way of Object.values(ways)) await ask(load, way, { name: query.name, ...query.warmUp });
      say(`${query.name}: both answer as the services do, and are warm`);
    }
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? ['direct', 'weir', 'hive'] : ['hive', 'weir', 'direct'];
      for (const results of rounds) {
        for (const way of order) results[way].push(await measureWay(load, ways[way], results.query));
      }
      say(`round ${round + 1} of ${ROUNDS}`);
    }
    return rounds.map(({ query, ...results }) => ({ query, ...results, rounds: ROUNDS }));
  });
}
