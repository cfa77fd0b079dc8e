/** Hive Gateway in production mode with the settings it has when none are given, over a supergraph of both services. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { pinnedNode, root } from '../../scripts/setup.mjs';
import { SERVICES, sdlOf } from './subgraphs.mjs';

const PACKAGES = join(root, 'bench/graphql/node_modules');
const READY_WITHIN_MS = 30_000;

export const versionOf = (name) => JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')).version;

function composeSupergraph(urls) {
  const services = SERVICES.map((name) => ({ name, url: urls[name], typeDefs: parse(sdlOf(name)) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`the supergraph does not compose: ${errors.join('; ')}`);
  return supergraphSdl;
}

/** It takes no port 0. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startHive(dir, urls) {
  const file = join(dir, 'supergraph.graphql');
  writeFileSync(file, composeSupergraph(urls));
  const port = await freePort();
  const program = join(PACKAGES, '@graphql-hive/gateway/dist/bin.js');
  const child = spawn(pinnedNode(), [program, 'supergraph', file, '--host', '127.0.0.1', '--port', String(port)], {
    cwd: dir,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-2_000);
    });
  }
  const base = `http://127.0.0.1:${port}`;
  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const ready = await fetch(`${base}/readiness`).catch(() => undefined);
    if (ready?.ok) return { child, url: `${base}/graphql` };
    if (child.exitCode !== null || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`Hive Gateway is not ready: ${said}`);
    }
    await sleep(200);
  }
}
