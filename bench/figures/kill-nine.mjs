/**
 * kill -9 in the middle of a loop of admin mutations: what was acknowledged must be there after the restart,
 * and nothing may be half there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDocument, must, newDataDir, PUBLISH, REGISTER, removeDataDir, startGateway } from './gateway-process.mjs';

const DEPRECATE = 'mutation ($name: ID!) { deprecateSource(name: $name, reason: "measured") { name } }';
const RETIRE = 'mutation ($name: ID!) { retireSource(name: $name) { name } }';
const PAGE = `query ($after: String) { sources(first: 100, after: $after) {
  nodes { name state latestRevision revisions { number } } pageInfo { hasNextPage endCursor } } }`;

/** Everything registered, and the graph made of it. */
async function readState(endpoint) {
  const nodes = [];
  for (let after = null; ; ) {
    const { sources } = await must(endpoint, PAGE, { after });
    nodes.push(...sources.nodes);
    if (!sources.pageInfo.hasNextPage) break;
    after = sources.pageInfo.endCursor;
  }
  const { graph } = await must(endpoint, '{ graph { sdl } }');
  return { nodes, sdl: graph.sdl };
}

/** The states that are allowed after the kill: the last acknowledged one, or that of the mutation in flight. */
async function mutateUntilKilled(endpoint, round, known, onAcknowledged) {
  for (let i = 0; ; i++) {
    const name = `s${round}x${i}`;
    const steps = [
      [
        'DRAFT',
        () =>
          must(endpoint, REGISTER, {
            input: { name, rest: { document: makeDocument(2), endpoints: [{ url: 'http://127.0.0.1:9' }] } },
          }),
      ],
      ['PUBLISHED', () => must(endpoint, PUBLISH, { name })],
      ...(i % 3 === 0
        ? [
            ['DEPRECATED', () => must(endpoint, DEPRECATE, { name })],
            ['RETIRED', () => must(endpoint, RETIRE, { name })],
          ]
        : []),
    ];
    for (const [state, run] of steps) {
      const before = known.get(name)?.acknowledged;
      known.set(name, { acknowledged: before, maybe: state });
      try {
        await run();
      } catch (error) {
        // What fetch throws when the connection breaks: the process is gone.
        if (error.name === 'TypeError') return;
        throw error;
      }
      known.set(name, { acknowledged: state, maybe: state });
      onAcknowledged();
    }
  }
}

export async function measureKills(kills = 50) {
  const dir = newDataDir();
  const known = new Map();
  const wrong = [];
  let acknowledged = 0;
  for (let round = 0; round < kills; round++) {
    const gateway = await startGateway(dir);
    let loop;
    const first = new Promise((resolve) => {
      loop = mutateUntilKilled(gateway.endpoint, round, known, resolve);
    });
    // A different moment each time, from before the first commit to the middle of many; a busy machine commits late.
    if (round % 2 === 1) await first;
    await sleep(20 + ((round * 37) % 400));
    await gateway.end('SIGKILL');
    await loop;

    const again = await startGateway(dir);
    const { nodes, sdl } = await readState(again.endpoint);
    const present = new Map(nodes.map((node) => [node.name, node]));
    for (const [name, { acknowledged: sure, maybe }] of known) {
      const node = present.get(name);
      const state = node?.state;
      if (state !== sure && state !== maybe)
        wrong.push(`${name}: acknowledged ${sure}, in flight ${maybe}, found ${state}`);
      if (node === undefined) continue;
      const inGraph = sdl.includes(`type ${name[0].toUpperCase()}${name.slice(1)}Query`);
      if (inGraph !== (state === 'PUBLISHED' || state === 'DEPRECATED'))
        wrong.push(`${name}: ${state}, but ${inGraph ? '' : 'not '}in the graph`);
      if (node.revisions.length !== node.latestRevision) wrong.push(`${name}: half a revision`);
      known.set(name, { acknowledged: state, maybe: state });
    }
    for (const name of present.keys()) if (!known.has(name)) wrong.push(`${name}: nobody made it`);
    acknowledged = [...known.values()].filter((one) => one.acknowledged !== undefined).length;
    await again.end('SIGKILL');
  }
  removeDataDir(dir);
  return { kills: kills * 2, sources: acknowledged, wrong };
}
