/**
 * CPU of a call through the ladder and the endpoint pool, beside the same call with the HTTP client alone, and of a hit
 * in the cache. Runs on the sources, whose types Node strips. Prints JSON.
 */
import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createMemoryCallCache } from '../../src/cache/index.ts';
import { systemClock as clock, systemRandom as random } from '../../src/runtime/index.ts';
import { createLadder } from '../../src/sources/ladder/index.ts';
import { createEgressGuard, createEndpointPool, createHttpClient } from '../../src/upstream/index.ts';

const BURST = 16;
const PAUSE_MS = 2;
const CALLS_PER_ROUND = 1_600;
const ROUNDS = Number(process.argv[2] ?? 60);
const HITS_PER_ROUND = 50_000;
const KEYS = 1_000;

const upstream = fork(fileURLToPath(new URL('./upstream.mjs', import.meta.url)), {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
const { url } = await new Promise((resolve) => upstream.once('message', resolve));

const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
const cache = createMemoryCallCache({ clock });
const endpoints = [{ number: 0, url, priority: 0, weight: 1 }];
const pool = createEndpointPool({ source: 'shop', endpoints, clock, random });
const settings = (policy) => ({ policy, operationPolicies: { hit: { cache: { ttlSeconds: 3_600 } } }, paused: false });
const ladder = createLadder({ source: 'shop', revision: 1, pool, cache, clock, random, settings: settings({}) });

/** Of the requests that calls are made for: each worker is one client after another. */
const signals = Array.from({ length: BURST }, () => new AbortController().signal);
const ACCEPT = { accept: 'application/json' };
const path = `${url}/books/`;

/** What both sides do for one answer: the request, and its JSON. */
async function exchange(id, timeoutMs, abort) {
  const response = await http.request({ method: 'GET', url: path + id, headers: ACCEPT, signal: abort, timeoutMs });
  return { response, value: Object.freeze(JSON.parse(response.body.toString())) };
}

const operation = (name) => ({ name, kind: 'query', field: name, idempotent: true, cacheable: true });
const [miss, hit] = [operation('miss'), operation('hit')];

function call(kind, id, worker) {
  return {
    operation: kind,
    argumentsKey: `{"id":${id}}`,
    varyKey: '',
    forwardsCredentials: false,
    context: {
      requestId: 'r',
      callerId: 'anonymous',
      headers: {},
      deadline: clock.now() + 10_000,
      signal: signals[worker],
      maxStaleMs: undefined,
      takeUpstreamCall: () => true,
    },
    attempt: async (context) => {
      const { response, value } = await exchange(id, context.timeoutMs, context.signal);
      return { value, status: response.status, headers: response.headers, size: response.body.length };
    },
    decodeFallback: (value) => value,
    runFallback: () => Promise.reject(new Error('no fallback here')),
  };
}

const bare = async (id) => {
  // A caller of the bare client must be able to give up too.
  const controller = new AbortController();
  await exchange(id, 3_000, controller.signal);
};
const throughLadder = async (id, worker) => {
  const outcome = await ladder.run(call(miss, id, worker));
  if (outcome.kind !== 'FRESH') throw new Error(`expected FRESH, came ${JSON.stringify(outcome)}`);
};

/**
 * CPU microseconds of this process for each of `count` calls, made in bursts with a pause between. In a closed loop the
 * side that is slower lets the upstream fall asleep more often, and pays for waking it: a cost of the scheduler's that
 * would be taken for the ladder's.
 */
async function cost(one, count) {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += BURST) {
    await Promise.all(Array.from({ length: BURST }, (_, i) => one((done + i) % KEYS, i)));
    await pause(PAUSE_MS);
  }
  const { user, system } = process.cpuUsage(before);
  return { all: (user + system) / count, user: user / count };
}

/** CPU microseconds of one hit; with the building of the call, which is no part of it, taken off. */
async function costOfHit() {
  await ladder.run(call(hit, 1, 0));
  const calls = Array.from({ length: 64 }, () => call(hit, 1, 0));
  const before = process.cpuUsage();
  for (let i = 0; i < HITS_PER_ROUND; i++) {
    const outcome = await ladder.run(calls[i & 63]);
    if (outcome.kind !== 'CACHED') throw new Error(`expected CACHED, came ${outcome.kind}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / HITS_PER_ROUND;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rounds = { bare: [], ladder: [], hit: [] };
for (let i = 0; i < 6; i++) {
  await cost(bare, CALLS_PER_ROUND);
  await cost(throughLadder, CALLS_PER_ROUND);
  await costOfHit();
}
for (let i = 0; i < ROUNDS; i++) {
  // In turns, so that whatever else the machine does falls on both.
  const first = i % 2 === 0;
  if (first) rounds.bare.push(await cost(bare, CALLS_PER_ROUND));
  rounds.ladder.push(await cost(throughLadder, CALLS_PER_ROUND));
  if (!first) rounds.bare.push(await cost(bare, CALLS_PER_ROUND));
  if (i % 4 === 0) rounds.hit.push(await costOfHit());
}
const each = (rows, what) => rows.map((row) => row[what]);
const over = (what) => median(rounds.ladder.map((row, i) => row[what] - rounds.bare[i][what]));
const figures = {
  rounds: ROUNDS,
  callsPerRound: CALLS_PER_ROUND,
  burst: BURST,
  pauseMs: PAUSE_MS,
  bareUs: median(each(rounds.bare, 'all')),
  ladderUs: median(each(rounds.ladder, 'all')),
  overUs: over('all'),
  overUserUs: over('user'),
  hitUs: median(rounds.hit),
};
console.log(JSON.stringify(figures));
await ladder.close();
await pool.close();
await http.close();
await cache.close();
upstream.kill();
