import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADMIN_KEY = 'faults-admin-key-0123456789-abcdefghijklmn';

export interface GraphQLError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  /** As it came, to look for what must not be in it. */
  readonly text: string;
  readonly ms: number;
  // biome-ignore lint/suspicious/noExplicitAny: scenarios read into answers of every shape
  readonly data: any;
  readonly errors: readonly GraphQLError[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly weir: any;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The gateway as an operator runs it: the built program, a process of its own, on a free port of loopback. */
export interface GatewayProcess {
  readonly endpoint: string;
  readonly pid: number;
  /** Undefined while it lives. */
  readonly ended: string | undefined;
  /** As an anonymous caller, with a trace. */
  ask(query: string, asking?: Asking): Promise<Answer>;
  /** With the admin's key; throws when the answer has errors. */
  admin(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  isAlive(): Promise<boolean>;
  /** Resident memory, in MB: now, and at its highest. */
  memory(): { readonly now: number; readonly peak: number };
  /** Connections to this port of loopback that are open, or being opened, on the gateway's side. */
  socketsTo(port: number): number;
  /** CPU time used so far, in milliseconds. */
  cpuMs(): number;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Modules loaded before the program. */
  readonly preload?: readonly string[];
}

export async function startGatewayProcess(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'weir-faults-'));
  const preload = (options.preload ?? []).map((url) => `--import=${url}`);
  const args = [...preload, join(ROOT, 'dist/main.js'), 'start', '--json', '--port', '0', '--data-dir', dataDir];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WEIR_ADMIN_KEY: ADMIN_KEY, WEIR_LOG_LEVEL: 'error', ...options.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);
  let ended: string | undefined;
  child.once('exit', (code, signal) => {
    process.off('exit', endWithUs);
    ended = `code ${code}, signal ${signal}`;
  });
  const endpoint = await graphqlUrl(child);
  const agent = new Agent({ connections: 200, pipelining: 1 });

  async function send(text: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer> {
    const started = performance.now();
    const response = await request(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body: text,
      dispatcher: agent,
      ...(signal === undefined ? {} : { signal }),
    });
    const body = await response.body.text();
    const ms = performance.now() - started;
    const parsed = JSON.parse(body) as { data?: unknown; errors?: GraphQLError[]; extensions?: { weir?: unknown } };
    return {
      status: response.statusCode,
      text: body,
      ms,
      data: parsed.data ?? null,
      errors: parsed.errors ?? [],
      weir: parsed.extensions?.weir,
    };
  }

  return {
    endpoint,
    pid: child.pid ?? 0,
    get ended() {
      return ended;
    },
    ask: (query, { headers = {}, signal } = {}) =>
      send(JSON.stringify({ query }), { 'weir-trace': '1', ...headers }, signal),
    async admin(query, variables = {}) {
      const answer = await send(JSON.stringify({ query, variables }), { 'weir-key': ADMIN_KEY });
      if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    },
    async isAlive() {
      if (ended !== undefined) return false;
      const { statusCode, body } = await request(endpoint.replace('/graphql', '/health'), { dispatcher: agent });
      await body.dump();
      return statusCode === 200;
    },
    memory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
      return { now: mb('VmRSS'), peak: mb('VmHWM') };
    },
    socketsTo: (port) => socketsTo(child.pid ?? 0, port),
    cpuMs: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10; // utime and stime, in ticks of 10 ms
    },
    async close() {
      await agent.close();
      if (ended === undefined) {
        const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        child.kill('SIGTERM');
        await exited;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** States of a TCP connection that its owner has not closed: established, being opened, closed by the other side. */
const HELD = new Set(['01', '02', '08']);

/** By the kernel's own list, as a server that does not read does not see its clients leave. */
function socketsTo(pid: number, port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
  return lines.filter((line) => {
    const [, , remote, state] = line.trim().split(/\s+/);
    return remote?.endsWith(`:${hex}`) === true && HELD.has(state ?? '');
  }).length;
}

function graphqlUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((one) => one.startsWith('{') && one.endsWith('}'));
      if (line !== undefined) resolve((JSON.parse(line) as { graphql: string }).graphql);
    });
    child.once('exit', (code) => reject(new Error(`the gateway ended with code ${code} before it served`)));
  });
}
