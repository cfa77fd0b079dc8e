/** The processes of the benchmark, each on a port of its own, and what CPU they have used. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pinnedNode, root } from '../../scripts/setup.mjs';
import { must, newDataDir, removeDataDir, startGateway } from '../figures/gateway-process.mjs';

const here = join(root, 'bench/models');
const execPath = pinnedNode();
/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** User and system time of a process so far, in milliseconds. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

const ended = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });

export async function startUpstream() {
  const child = fork(join(here, 'upstream.mjs'), { execPath });
  const url = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`the upstream ended with code ${code}`)));
  });
  return { pid: child.pid, url, end: () => ended(child) };
}

/** As its makers say: `npx @portkey-ai/gateway`, in its own process, told by headers where to go. */
export async function startPortkey(upstream) {
  const port = await freePort();
  const program = join(here, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = fork(program, [`--port=${port}`, '--headless'], { execPath, silent: true });
  const url = `http://127.0.0.1:${port}/v1`;
  await answers(`http://127.0.0.1:${port}/`);
  return {
    name: 'Portkey',
    pid: child.pid,
    url,
    model: 'stand-in-1',
    headers: { authorization: 'Bearer key', 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream },
    end: () => ended(child),
  };
}

/** With a consumer's key, limits in three budgets, prices and accounts: as it would be run. */
export async function startWeir(upstream, name = 'Weir', env = {}) {
  const dir = newDataDir();
  const gateway = await startGateway(dir, { env });
  const end = async () => {
    await gateway.end();
    removeDataDir(dir);
  };
  try {
    const key = await arrange(gateway.endpoint, upstream);
    return {
      name,
      pid: gateway.child.pid,
      url: gateway.endpoint.replace('/graphql', '/v1'),
      model: 'bench/stand-in-1',
      headers: { authorization: `Bearer ${key.secret}` },
      /** USD that Weir has counted for the key: its accounts were on. */
      async counted() {
        const { budgets } = await must(gateway.endpoint, '{ budgets { kind id limits { window spent } } }');
        const own = budgets.find(({ kind, id }) => kind === 'KEY' && id === key.key.id);
        return own.limits.find(({ window }) => window === 'USD_PER_MONTH').spent;
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The provider, the budgets and the key. */
async function arrange(endpoint, upstream) {
  const models = [{ name: 'stand-in-1', prices: { input: 0.25, output: 2 } }];
  const input = { name: 'bench', kind: 'OPENAI_COMPATIBLE', baseUrl: upstream, credential: { apiKey: 'key' }, models };
  await must(endpoint, 'mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', { input });
  const { createKey } = await must(
    endpoint,
    'mutation { createKey(input: { name: "bench", role: CONSUMER }) { secret key { id } } }',
  );
  const limits = { requestsPerMinute: 1e9, tokensPerMinute: 2e9, usdPerDay: 1e6, usdPerMonth: 1e6 };
  for (const subject of [
    { kind: 'KEY', id: createKey.key.id },
    { kind: 'PROVIDER', id: 'bench' },
    { kind: 'MODEL', id: 'bench/stand-in-1' },
  ]) {
    await must(endpoint, 'mutation ($input: BudgetInput!) { setBudget(input: $input) { id } }', {
      input: { ...subject, ...limits },
    });
  }
  return createKey;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await (await fetch(url)).text();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}
