/** A gateway as a process of its own, as an operator would run it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATEWAY_NODE_ARGS, pinnedNode, root } from '../../scripts/setup.mjs';

export const ADMIN_KEY = 'figures-admin-key-0123456789-abcdefghijkl';

export const newDataDir = () => mkdtempSync(join(tmpdir(), 'weir-figures-'));
export const removeDataDir = (dir) => rmSync(dir, { recursive: true, force: true });

/** Starts `weir start` on a free port; resolves when it serves. `nodeArgs` are put before the program. */
export async function startGateway(dataDir, { nodeArgs = [], env = {}, program = join(root, 'dist/main.js') } = {}) {
  const started = performance.now();
  const args = [...GATEWAY_NODE_ARGS, ...nodeArgs, program, 'start', '--json', '--port', '0', '--data-dir', dataDir];
  const child = spawn(pinnedNode(), args, {
    env: { ...process.env, WEIR_ADMIN_KEY: ADMIN_KEY, WEIR_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const facts = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((one) => one.startsWith('{') && one.includes('"graphql"'));
      if (line !== undefined && text.includes('\n')) resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}`)));
  });
  const ready = await fetch(facts.graphql.replace('/graphql', '/ready'));
  if (ready.status !== 200) throw new Error(`not ready: ${ready.status}`);
  return {
    child,
    endpoint: facts.graphql,
    readyMs: performance.now() - started,
    /** Resident memory now, in MB. */
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    end: (signal = 'SIGTERM') =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', resolve);
        child.kill(signal);
      }),
  };
}

/** One operation with the admin's key; rejects when the connection breaks. */
export async function send(endpoint, query, variables = {}) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weir-key': ADMIN_KEY },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The same, throwing when the answer has errors. */
export async function must(endpoint, query, variables) {
  const answer = await send(endpoint, query, variables);
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** An OpenAPI document with `operations` GET operations, `version` written into a description. */
export function makeDocument(operations, version = 1) {
  const paths = {};
  for (let i = 0; i < operations; i++) {
    paths[`/things${i}/{id}`] = {
      get: {
        operationId: `getThing${i}`,
        summary: `Version ${version}.`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { id: { type: 'string' }, name: { type: 'string' }, size: { type: 'integer' } },
                },
              },
            },
          },
        },
      },
    };
  }
  return JSON.stringify({ openapi: '3.0.3', info: { title: 'things', version: String(version) }, paths });
}

export const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
export const REVISE = 'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { latestRevision } }';
export const PUBLISH = 'mutation ($name: ID!) { publishSource(name: $name, acceptBreaking: true) { name } }';
